"""No mistake hides another: the pairs of `tests/errors/` put together give the codes of each.

Two specs are put together in one file, as deployments beside each other, and in one deployment,
where what one of them says beside model and hardware is added to the other. There, what hangs on a
field that the first leaves unknown is not asked for (`HANGS`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from servec import api
from servec.cli.sources import DiskSources
from tests.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "tests" / "errors"
WHOLE_FILE = (
    "SRV001",
    "SRV001-malformed",
    "SRV001-yaml",
    "SRV003",
    "SRV009-bytes",
    "SRV010-pragma",
)
"""Mistakes in a whole file, which is then not read or has other bytes."""
NAMES = [path.stem for path in sorted(FOLDER.glob("SRV*.srv")) if path.stem not in WHOLE_FILE]
BASE = ("model", "hardware", "target", "nodes", "candidates")
PREDICTED = ("SRV118", "SRV120", "SRV308", "SRV313", "SRV317", "SRV502", "SRV506", "SRV507")
WEIGHTS = ("SRV304", "SRV305", "SRV307", "SRV310", "SRV311", "SRV314", "SRV402", "SRV403", "SRV406")
ANY = ("SRV",)
HANGS = {
    "precision": (*PREDICTED, *WEIGHTS),
    "precison": (*PREDICTED, *WEIGHTS),
    "weights": (*PREDICTED, *WEIGHTS),
    "parallel": (*PREDICTED, "SRV4"),
    "tensor_parallel_size": (*PREDICTED, "SRV4", "SRV310"),
    "limits": (*PREDICTED, "SRV307", "SRV108", "SRV208"),
    "model": ANY,
    "extends": ANY,
    "runtime": ANY,
    "unset": ANY,
    "assert": (*PREDICTED,),
    "on": ("SRV3", "SRV4", *PREDICTED),
    "lora": (*PREDICTED, "SRV202"),
    "role": ANY,
}
"""Words that begin a statement, with the codes (or their beginnings) that what it says may mend."""


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.srv").read_text(encoding="utf-8", errors="replace")


def target_of(name: str) -> str:
    found = re.match(r"# args: --target (\w+)", text_of(name))
    return found[1] if found else ""


def found_in(text: str, target: str) -> set[str]:
    sources = DiskSources()
    sources.put("tests/errors/together.srv", text.encode())
    checked = api.check(sources, ["tests/errors/together.srv"], target=target)
    return {item.code for item in checked.diagnostics}


@cache
def alone(name: str) -> frozenset[str]:
    return frozenset(found_in(text_of(name), target_of(name)) & {name[:6]})


def body_of(name: str) -> tuple[str, list[str], str]:
    """What stands before the body of the first deployment, its statements, and what follows."""
    found = re.match(r"(.*?deployment [^\n{]*\{\n)(.*?)(\n\}.*)", text_of(name), re.DOTALL)
    if found is None:
        return text_of(name), [], ""
    return found[1], list(statements(found[2])), found[3]


def statements(body: str) -> Iterator[str]:
    """The lines of a body, those of one block together."""
    lines: list[str] = []
    depth = 0
    for line in body.split("\n"):
        lines.append(line)
        depth += sum(map(line.count, "{[")) - sum(map(line.count, "}]"))
        if depth <= 0:
            yield "\n".join(lines)
            lines, depth = [], 0
    if lines:
        yield "\n".join(lines)


def head(statement: str) -> str:
    found = re.match(r"\s*(\w+)", statement)
    return found[1] if found else ""


def above(name: str) -> list[str]:
    return re.findall(r"^(?:let|import) .*$", text_of(name), re.MULTILINE)


def added(name: str) -> list[str]:
    """What a spec with a mistake of its own says beside model and hardware."""
    return [line for line in body_of(name)[1] if head(line) and head(line) not in BASE]


def independent(one: str, other: str) -> bool:
    """Whether the statements of `one` can be added to the deployment of `other`."""
    heads = {head(line) for line in added(one)}
    there = {head(line) for line in body_of(other)[1]}
    names = {line.split()[1] for line in above(one)}
    code = other[:6]
    hangs = [begin for word in heads for begin in HANGS.get(word, PREDICTED)]
    return (
        bool(heads)
        and not heads & there
        and not any(name in text_of(other) for name in names)
        and not code.startswith(tuple(hangs))
    )


APART = ("SRV002", "SRV006-block", "SRV006-extra", "SRV010-top", "SRV103-below")
"""Mistakes in the order or the braces of a file, which do not stand anywhere else."""
PLAIN = [name for name in NAMES if name not in APART and body_of(name)[1]]
FRONT = [
    name for name in PLAIN if name < "SRV118" and added(name) and "\nprofile" not in text_of(name)
]


def partners(step: int) -> Iterator[tuple[str, str]]:
    """Every spec of the front end with one that it can be added to, another one for each step."""
    for place, one in enumerate(FRONT):
        fit = [name for name in PLAIN if name[:6] != one[:6] and independent(one, name)]
        if fit:
            yield one, fit[(place * 7 + step * 31) % len(fit)]


def merged(one: str, text: str) -> str:
    """`text` with the statements of `one` at the end of its first deployment."""
    before, rest = re.match(r"(.*?deployment [^\n{]*\{\n.*?)(\n\}.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    lines = "\n".join(("servec 1", *above(one)))
    return "\n".join((before, *added(one))).replace("servec 1", lines, 1) + rest


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(("one", "other"), [pair for step in range(4) for pair in partners(step)])
def test_two_mistakes_of_one_deployment(one: str, other: str) -> None:
    got = found_in(merged(one, text_of(other)), target_of(other))
    assert got >= alone(one) | alone(other)


@pytest.mark.parametrize(("one", "other"), list(partners(5)))
def test_three_mistakes_of_one_deployment(one: str, other: str) -> None:
    text = merged(one, text_of(other))
    heads = {head(line) for name in (one, other) for line in body_of(name)[1]}
    third = next(
        name
        for name in FRONT[FRONT.index(one) :] + FRONT
        if independent(name, other) and not heads & {head(line) for line in added(name)}
    )
    got = found_in(merged(third, text), target_of(other))
    assert got >= alone(one) | alone(other) | alone(third)


def test_an_option_that_no_version_has_is_told_where_the_version_is_not_known() -> None:
    head = "servec 1\ndeployment d {\nextends = [gone]\nmodel = qwen3-8b\nhardware = h100 x 1\n"
    assert found_in(head + "on vllm { no-such-thing = 1 }\n}\n", "") == {"SRV106", "SRV201"}
    stated = head.replace("extends = [gone]\n", "") + 'on vllm { version = "zz"; rope-x = 1 }\n}\n'
    assert found_in(stated, "") == {"SRV207"}


def test_hardware_that_no_role_says_is_one_mistake() -> None:
    roles = "role prefill { parallel { tensor = 8 } }\nrole decode { parallel { tensor = 8 } }\n}\n"
    head = "servec 1\ndeployment d {\nmodel = llama-3.3-70b\n"
    assert found_in(head + roles, "") == {"SRV117"}
    assert found_in(head + roles.replace("{ p", "{ hardware = h100 x 8; p", 1), "") == {"SRV117"}


def renamed(text: str, end: str) -> str:
    """A spec without its pragma, every name of it with another end."""
    text = re.sub(r"^servec 1\n|^# args.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r'(deployment|fleet|profile) "(.*?)"', rf'\1 "\2{end}"', text)
    text = re.sub(r"^(\s*)place (\w+)", rf"\1place {chr(92)}2{end}", text, flags=re.MULTILINE)
    for word, name in re.findall(r"^(let|import .* as) (\w+)", text, re.MULTILINE):
        text = re.sub(rf"{word} {name}\b", f"{word} {name}{end}", text)
        text = re.sub(rf"(\$|\[){name}\b", rf"\1{name}{end}", text)
    return re.sub(r"extends = \[(\w)\]", rf"extends = [\1{end}]", text)


@pytest.mark.parametrize("place", range(len(PLAIN)))
def test_deployments_beside_each_other(place: int) -> None:
    one, other = PLAIN[place], PLAIN[(place * 13 + 5) % len(PLAIN)]
    targets = {target_of(one), target_of(other)} - {""}
    if len(targets) > 1 or (targets and (target_of(one) != target_of(other))):
        other = one
    text = f"servec 1\n{renamed(text_of(one), '_1')}\n{renamed(text_of(other), '_2')}"
    assert found_in(text, target_of(one)) >= alone(one) | alone(other)
