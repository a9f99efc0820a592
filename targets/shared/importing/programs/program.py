"""The program words of a launch command: which runtime it starts, and with which variables."""

from __future__ import annotations

import re

from servec.dsl.record import record
from servec.targets.shared.importing.programs.dynamo import PREFIX, own_words
from servec.targets.shared.importing.programs.listed import first, fronts, makers, others, starts
from servec.targets.shared.importing.programs.own import own, without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.python.written import Written

VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
HOLDS = ".llamafile"  # an executable with its model inside
GIVEN = ("-m", "--model", "-hf", "-hfr", "--hf-repo", "-mu", "--model-url")
PREFIXES = ("exec", "nohup", "env", "sudo", "command", "time")
WRAPPERS = [
    "mlx.launch",
    "numactl",
    "taskset",
    "nice",
    "ionice",
    "timeout",
    "uv",
    "uvx",
    "poetry",
    "conda",
    "srun",
    "mpirun",
    "trtllm-llmapi-launch",
    "nsys",
    "stdbuf",
]
"""Programs that start the one named after their own words."""
RUNNERS = ("torchrun", "accelerate", "deepspeed", "ray", "mpiexec", "coverage", "ipython", "modal")
"""Programs that run one in Python, which a word of theirs names."""
INTERPRETER = ("-u", "-O", "-OO", "-B", "-E", "-I", "-s", "-S", "-q")
"""What the interpreter itself takes before a program is named."""


@record
class Command:
    """A launch: `runtime` ("" where no program was recognised), its options, its variables.

    `version`: what its image states, "" for nothing. `before`: the wrapper that starts it, with its
    own words. `files`: texts that the script or manifest around it puts at paths, by path. `aside`:
    flags of the program around the runtime, which no launch of servec has. `program`: the words
    that name it. `given`: the words behind it as they stand.
    `entry`: the image whose entry point starts a server before these words, or the one word that
    holds them all where a program's name has to be; "" for none. `written`: the call of a program
    in Python that it stands for. `batch`: servers of one number are started at once on one machine,
    0 where that is not known.
    """

    runtime: str
    words: tuple[str, ...]
    env: Mapping[str, str]
    version: str = ""
    before: tuple[str, ...] = ()
    files: Mapping[str, str] = {}
    aside: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    entry: str = ""
    written: Written | None = None
    batch: int = 0


def command(words: Sequence[str], env: Mapping[str, str] | None = None) -> Command:
    """Take variables, wrappers and the program off the front of a command line.

    Variables that stand before the program win over `env`, as in a shell.
    """
    rest = list(words)
    found = dict(env or {})
    while rest:
        given = VARIABLE.fullmatch(rest[0])
        if given:
            found[given[1]] = given[2]
        elif rest[0] not in PREFIXES:
            break
        rest.pop(0)
    runtime, count = _program(rest)
    wrapped = bool(rest) and _name(rest[0]) in WRAPPERS
    options, aside = tuple(rest[count:]), tuple[str, ...]()
    whole = options
    if count and rest[count - 1].startswith(PREFIX):
        options, aside = own_words(runtime, options)
    elif form := _engine(rest[:count]):
        options, aside = without(options, form)
        options = (*_inside(rest[count - 1], options), *options)
    before = tuple(rest[:count] if wrapped else ())
    return Command(runtime, options, found, "", before, {}, aside, tuple(rest[:count]), whole)


def head_of(words: Sequence[str]) -> tuple[str, list[str]]:
    """The name of the program that a line starts, without its path, and the words behind it."""
    rest = list(words)
    while rest and (VARIABLE.fullmatch(rest[0]) or rest[0] in PREFIXES):
        rest.pop(0)
    if rest and re.fullmatch(r"python[0-9.]*", _name(rest[0])):
        rest.pop(0)
        while rest and rest[0] in INTERPRETER:
            rest.pop(0)
    return (_name(rest[0]), rest[1:]) if rest else ("", [])


@record
class Program:
    """A program in Python that a line runs: its `file`, or its `text` behind `-c`; the `words` of
    its own line, and the variables that stand before it."""

    file: str
    text: str
    words: tuple[str, ...]
    env: Mapping[str, str]


def python_program(words: Sequence[str]) -> Program | None:
    """The program that a line has an interpreter run, None for any other line: one of a runtime's
    own is known by its name."""
    rest, env = list(words), dict[str, str]()
    while rest and (VARIABLE.fullmatch(rest[0]) or rest[0] in PREFIXES):
        given = VARIABLE.fullmatch(rest.pop(0))
        env.update({given[1]: given[2]} if given else {})
    runner = bool(rest) and _name(rest[0]) in (*WRAPPERS, *RUNNERS)
    at = next((n for n, word in enumerate(rest) if word.endswith(".py")), 0) if runner else 1
    if not rest or not (at if runner else re.fullmatch(r"python[0-9.]*", _name(rest[0]))):
        return None
    while not runner and rest[at:] and rest[at] in INTERPRETER:
        at += 1
    first, behind = (rest[at], tuple(rest[at + 1 :])) if rest[at:] else ("", ())
    if first == "-c" and behind:
        return Program("", behind[0], behind[1:], env)
    known = {*makers(), *(other.words[0] for other in others())}
    own = not first.endswith(".py") or _name(first) in known or bool(_module(first))
    return None if own else Program(first, "", behind, env)


def _module(file: str) -> str:
    """The module of a runtime whose file this is: `vllm/entrypoints/openai/api_server.py`."""
    path = "/" + file.replace("\\", "/")
    forms = (form for all_ in starts().values() for form in all_ if form[0] == "-m")
    return next((f[1] for f in forms if path.endswith(f"/{f[1].replace('.', '/')}.py")), "")


def _engine(words: Sequence[str]) -> tuple[str, ...]:
    """The form of a program with options beside the server's; none of the server itself."""
    named = tuple(map(_name, words))
    return next((form for form in own() if named[-len(form) :] == form), ())


def _inside(program: str, options: Sequence[str]) -> tuple[str, ...]:
    """The words that say which model an executable holds, where its line says none: the file in
    it has the same name."""
    named = any(word.partition("=")[0] in GIVEN for word in options)
    name = program.removesuffix(".exe")
    held = name.endswith(HOLDS) and not named
    return ("-m", name.removesuffix(HOLDS) + ".gguf") if held else ()


def _name(word: str) -> str:
    name = word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
    return HOLDS[1:] if name.endswith(HOLDS) else name


def _heads(words: Sequence[str], name: str) -> tuple[list[str], int]:
    """The first words behind the interpreter, and how many stand before them; a file of a runtime's
    own is its module, which takes a word more."""
    start = 1 if re.fullmatch(r"python[0-9.]*", name) else 0
    while start and words[start : start + 1] and words[start] in INTERPRETER:
        start += 1
    heads = list(words[start : start + 3])
    if start and heads and _module(heads[0]):
        return ["-m", _module(heads[0]), *heads[1:]], start - 1
    return ([name, *heads[1:]] if heads and not start else heads), start


def _program(words: Sequence[str]) -> tuple[str, int]:
    """The runtime and how many words name it; none are taken where it is not known."""
    if not words:
        return "", 0
    name = _name(words[0])
    if name in WRAPPERS:
        ends = ((at, *_program(words[at:])) for at in range(1, len(words)))
        return next(((runtime, at + count) for at, runtime, count in ends if runtime), ("", 0))
    heads, start = _heads(words, name)
    if any(tuple(heads[: len(front)]) == front for front in fronts().values()):
        return "", 0
    for runtime, forms in starts().items():
        for form in forms:
            if tuple(heads[: len(form)]) == form:
                return runtime, start + len(form)
    if name in first() and name != words[0] and words[1:] and words[1].startswith("-"):
        return first()[name], 1
    return "", 0
