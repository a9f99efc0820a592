"""What the sources of an old build of llama.cpp say of its server, read as text; see shared/past.

Three shapes: `add_opt` of a table (`common/arg.cpp`, for a while in `common/common.cpp`), a chain
of `arg == "--name"` that all programs share, and before that one of the server alone.
"""

from __future__ import annotations

import os
import re

from servec.dsl.json_file import load_json
from servec.targets.llamacpp.source_words import choices, projectors, templates, whole_split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SYNTAX = "underscores whole"
SERVER = "examples/server/server.cpp"
TABLES = ("common/arg.cpp", "common/common.cpp")
LOG, LOG_FILE = "common/log.h", "--log-file"
NAMES = ("src/llama-arch.cpp", "src/llama.cpp", "llama.cpp")
EVERY = ("LLAMA_EXAMPLE_COMMON", "LLAMA_EXAMPLE_SERVER")
NEAR = 80
"""Characters in which a branch of a chain asks for its word, if it does."""
FAR = 300
"""Characters in which a branch that asks for two words asks for the second."""
KINDS = (("bool", "switch"), ("int", "int"), ("std::string", "str"))
_NAMES = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r'"(-[^"]+)"')
_TESTS = re.compile(r'((?:arg == "[^"]+"(?: \|\| )?)+)')
_TAKES = re.compile(r"\+\+ ?i\b|CHECK_ARG")
_ASKS = re.compile(r">= argc|CHECK_ARG")


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags and `sets` of one build; `folder` holds the sources in `llama.cpp`."""
    root = os.path.join(folder, "llama.cpp")

    def read(name: str) -> str:
        return _read(root, name)

    sets = {
        "architectures": _architectures(root),
        "templates": templates(read),
        "unprojected": _unprojected(projectors(read)),
        "unsplit": _unsplit(root, whole_split(read)),
    }
    return {"rows": list(_rows(root)), "sets": sets}


def _read(root: str, name: str) -> str:
    path = os.path.join(root, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def _rows(root: str) -> Iterator[dict[str, Any]]:
    for name in TABLES:
        whole = _read(root, name)
        blocks = re.split(r"\badd_opt\(", whole)[1:]
        if len(blocks) > 1:
            yield from (row for block in blocks for row in _table_row(block, whole))
            return
    own = _read(root, SERVER)
    shared = "params_parse(argc, argv, params)" in re.sub(r"gpt_|common_", "", own)
    shared = shared and "server_params_parse(argc" not in own
    yield from chained(_read(root, TABLES[1]) if shared else own)
    logs = re.findall(r'param == "(--log-[a-z]+)"', _read(root, LOG)) if shared else ()
    yield from ({"flags": [flag], "type": "str" if flag == LOG_FILE else "flag"} for flag in logs)


def _table_row(block: str, whole: str) -> Iterator[dict[str, Any]]:
    """One option of the table, where the server has it and has not removed it."""
    head, _, body = block.partition("[](")
    there = re.search(r"set_examples\(\{([^}]*)\}", block)
    gone = re.search(r"set_excludes\(\{([^}]*)\}", block)
    named = [found for found in map(_WORD.findall, _NAMES.findall(head)) if found]
    if not named or (there and not any(word in there[1] for word in EVERY)):
        return
    if (gone and EVERY[1] in gone[1]) or "has been removed" in block:
        return
    row = {"flags": [flag for each in named[:2] for flag in each], "type": _kind(body)}
    if _taken(body).count("std::string") == 2:
        row["arity"] = "2"
    listed = choices(body, whole) if row["type"] == "str" else []
    yield {**row, "choices": listed} if listed else row


def _kind(body: str) -> str:
    taken = _taken(body)
    return next((kind for word, kind in KINDS if word in taken), "flag")


def _taken(body: str) -> str:
    """What is handed to the option's handler behind the parameters that it sets."""
    return body.partition(")")[0].partition(",")[2]


def chained(text: str) -> Iterator[dict[str, Any]]:
    """Each test of a chain with what stands before the next: it takes a word, or it does not."""
    parts = _TESTS.split(text)
    for tests, body in zip(parts[1::2], parts[2::2], strict=True):
        flags = [flag for flag in re.findall(r'"(-[^"]+)"', tests) if len(flag) > 1]
        if flags:
            row = {"flags": flags, "type": "str" if _TAKES.search(body[:NEAR]) else "flag"}
            two = len(_ASKS.findall(body[:FAR])) == 2
            yield {**row, "arity": "2"} if two else row


def _architectures(root: str) -> list[str]:
    """GGUF architectures of the build, and the hub's model classes that become one of them."""
    table = next((found for found in map(_names, (_read(root, n) for n in NAMES)) if found), {})
    return _with_classes(set(table.values()))


def _unsplit(root: str, left: list[str]) -> list[str]:
    """What a tensor split leaves out, of the architectures and of the hub's classes."""
    table = _names(_read(root, NAMES[0])) if left else {}
    return _with_classes({table[name] for name in left if name in table})


def _unprojected(known: list[str]) -> list[str]:
    """The hub's classes whose projector the build does not read, where it lists what it reads."""
    classes = load_json(os.path.dirname(__file__), "classes.json")["projectors"]
    return [name for name, kind in classes.items() if kind not in known] if known else []


def _with_classes(architectures: set[str]) -> list[str]:
    classes = load_json(os.path.dirname(__file__), "classes.json")
    pairs = [pair for of in ("gguf", "wrapped", "earlier") for pair in classes[of].items()]
    return sorted({kind for kind, arch in pairs if arch in architectures} | architectures)


def _names(text: str) -> dict[str, str]:
    body = re.search(r"LLM_ARCH_NAMES = \{(.*?)\n\};", text, re.DOTALL)
    return dict(re.findall(r'\{ *(LLM_ARCH_\w+), *"([^"()]+)"', body[1])) if body else {}
