"""llama.cpp's own argument parser, called inside an xllamacpp wheel; runs in its environment.

The wheel exports its C++ symbols and holds a `common_params` in line behind the Python object
header of `CommonParams`, so the table that `common_params_parser_init` builds can be read and
`common_params_parse` be called. Layouts are asserted: a build that moves them stops here.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.metadata
import json
import os
import re
import sys

from servec.targets.llamacpp.memory_layout import read_options
from servec.targets.llamacpp.oracle_classes import architectures
from servec.targets.llamacpp.oracle_forms import shape, trial
from servec.targets.llamacpp.oracle_plan import on_stand_in, planned, plans
from servec.targets.llamacpp.oracle_words import stood_in, without_hub
from servec.targets.shared.oracle.judge import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PARSE = "_Z19common_params_parseiPPcR13common_params13llama_examplePFviS0_E"
_OBJECT_HEADER = 16  # sizeof(PyObject)
_ARITY = {"void": "0", "bool": "0", "string": "", "int": "", "str_str": "2"}
# Spellings that are tried on an option with choices beside those its own text lists.
_ALSO = (
    "auto",
    "on",
    "off",
    "none",
    "all",
    "true",
    "false",
    "enabled",
    "disabled",
    "0",
    "1",
    "-1",
    "",
)
SWITCH_WORDS = ("0", "1", "disabled", "enabled", "false", "off", "on", "true")
"""What a variable of a switch may hold (llama.cpp common/arg.cpp is_truthy, is_falsey)."""
FETCHES_LATER = 9873
# Older planners end where a command says how to split over devices and the machine has none.
PLANS_ANYWHERE = 10229
_LOADED: dict[str, Any] = {}


def load() -> None:
    """Import the wheel and find the number under which this build lists the server."""
    for name in [name for name in os.environ if name.startswith("LLAMA_")]:
        del os.environ[name]
    module = importlib.import_module("xllamacpp")
    path = sys.modules["xllamacpp.xllamacpp"].__file__
    _LOADED["module"] = module
    _LOADED["library"] = ctypes.CDLL(path)
    _LOADED["server"] = _server_number()


def version() -> str:
    """The build, as `b11549`; the wheel's version ends in it."""
    return "b" + importlib.metadata.version("xllamacpp").split(".")[2]


def _params() -> Any:
    params = _LOADED["module"].CommonParams()
    params.port = 8080  # the binding sets 0; 8080 is the program's own default
    return params


def _server_number() -> int:
    """The example number that only the server's options carry (`--slot-save-path`)."""
    for number in (*range(10, 20), *range(10)):
        found = _in_child(lambda number=number: _examples_of("--slot-save-path", number))
        if found:
            return int(found[0]) if len(found) == 1 else number
    raise AssertionError("no option of the server found")


def _examples_of(flag: str, number: int) -> list[int]:
    params = _params()
    rows = read_options(_LOADED["library"], id(params) + _OBJECT_HEADER, number)
    return next((row["examples"] for row in rows if flag in row["flags"]), [])


def _rows() -> list[dict[str, Any]]:
    params = _params()
    return read_options(_LOADED["library"], id(params) + _OBJECT_HEADER, _LOADED["server"])


def _in_child(work: Any) -> Any:
    """The JSON-able result of `work` in a fork: the parser exits and keeps state."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            os.write(write, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def parsed(words: list[str]) -> Any:
    """The `CommonParams` that the program's words give; None where the parser refuses them."""
    parse = getattr(_LOADED["library"], _PARSE)
    parse.restype = ctypes.c_bool
    parse.argtypes = [
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
    ]
    argv = [b"llama-server", *(os.fsencode(word) for word in words)]
    array = (ctypes.c_char_p * (len(argv) + 1))(*argv, None)
    params = _params()
    done = parse(len(argv), array, id(params) + _OBJECT_HEADER, _LOADED["server"], None)
    return params if done else None


def _accepts(words: list[str]) -> bool:
    return bool(_in_child(lambda: parsed(words) is not None))


def describe() -> dict[str, Any]:
    """The options of the server; choices, forms and bounds are tried on the parser itself."""
    options: dict[str, Any] = {}
    removed: dict[str, list[str]] = {}
    for row in _in_child(_rows):
        if row["removed"]:
            names = [*row["flags"], *filter(None, [row["env"]])]
            removed.update({name: row["use"] for name in names})
            continue
        name, described = _described(row)
        options[name] = described
    return {
        "runtime": "llamacpp",
        "version": version(),
        "syntax": ["greedy", "leading", "underscores"],
        "prefixes": ["LLAMA_ARG_"],
        "positional": [],
        "options": options,
        "removed": removed,
        "sets": {
            "env": sorted(_variables(options)),
            "switch_words": list(SWITCH_WORDS),
            **_in_child(lambda: architectures(_LOADED["library"])),
        },
        "fields": {},
    }


def _described(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    flags, off = row["flags"], row["neg"]
    long = [flag for flag in flags if flag.startswith("--")] or flags
    name = long[0].lstrip("-").replace("_", "-")
    kind = {"void": "flag", "bool": "switch" if off else "flag", "int": "int"}.get(row["kind"], "")
    out: dict[str, Any] = {"flags": flags if flags != ["--" + name] else [], "off": off}
    out |= {"type": kind, "env": row["env"] or "", "deprecated": row["deprecated"]}
    if row["env"] and off:
        out["env_off"] = row["env"].replace("LLAMA_ARG_", "LLAMA_ARG_NO_", 1)
    if _ARITY[row["kind"]] == "2":
        out["arity"] = "2"
    if row["deprecated"]:
        out["use"] = [use.lstrip("-") for use in row["use"] if use not in flags]
    if row["kind"] == "string":
        out |= _choices(flags[-1], row["candidates"])
    if row["kind"] in ("string", "str_str", "int") and "choices" not in out:
        out |= shape(
            trial(_in_child, parsed, flags[-1], row["kind"] == "str_str"), row["kind"], flags
        )
    found = {key: value for key, value in out.items() if value or key in ("low", "high")}
    if row["default"] is not None and kind != "flag":
        found["default"] = row["default"]
    return name, found


def _choices(flag: str, candidates: list[str]) -> dict[str, Any]:
    """The candidates that the parser takes, where it refuses an invented one."""
    if not candidates or _accepts([flag, "zz-not-a-choice"]):
        return {}
    taken = [word for word in candidates if _accepts([flag, word])]
    if not taken:
        return {}
    also = [word for word in _ALSO if word not in taken and _accepts([flag, word])]
    listed = len(taken) > 1 and _accepts([flag, ",".join(taken[-2:])])
    return {"choices": taken, "also": also, "commas": listed}


def _variables(options: dict[str, Any]) -> set[str]:
    found = {row.get(key, "") for row in options.values() for key in ("env", "env_off")}
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """Parse the words behind the program; with `resolve` let the planner make a context of them.

    Files that are opened while parsing are stood in for. Builds up to b9713 fetch from the hub
    while they parse: there the hub's options are looked up in the table, and a path is parsed.
    """
    words = stood_in(list(job["argv"])[1:])
    if int(version()[1:]) < FETCHES_LATER:
        words = without_hub(words, _flags)
    if parsed(words) is None:
        raise Refused("refused by the argument parser")
    file = job.get("model_config")
    able = int(version()[1:]) >= PLANS_ANYWHERE and plans(_LOADED["library"])
    if not job.get("resolve") or not file or not able:
        return
    stage[0] = "resolve"
    said = _in_child(lambda: _plan(on_stand_in(words, file), file))
    if said is None or said:
        raise Refused(said or "the planner ended while it made a context")


def _plan(words: list[str], file: str) -> str:
    params = parsed(words)
    if params is None:
        return "the options are refused with another model"
    return planned(_LOADED["library"], params, id(params) + _OBJECT_HEADER, file)


def _flags() -> set[str]:
    return {flag for row in _in_child(_rows) for flag in row["flags"] if not row["removed"]}
