"""What a file may cost: every bound has its diagnostic, and work grows with the length."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from servec.dsl import limits
from servec.dsl.format import format_source
from servec.dsl.load import load
from servec.dsl.parse import parse
from servec.dsl.sources import MemorySources
from tests.dsl.helpers import deployed, good, loaded, only

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def steps(text: str, path: str = "a.srv") -> int:
    """How many functions run while a text is loaded and formatted."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    data = text.encode()
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        load(MemorySources({path: data}), path)
        format_source(path, data)
    finally:
        sys.setprofile(before)
    return count


def many(count: int, line: str) -> str:
    return "\n  ".join(line.format(i=i) for i in range(count))


GROWING: dict[str, Callable[[int], str]] = {
    "deployments": lambda n: (
        "servec 1\n" + many(n, 'deployment "d{i}" {{ model = m; hardware = h100 x 8; nodes = 2 }}')
    ),
    "profiles": lambda n: deployed(
        f"extends = [{', '.join(f'p{i}' for i in range(n))}]",
        many(n, 'profile "p{i}" {{ nodes = {i} }}'),
    ),
    "lets": lambda n: deployed(
        f"nodes = $a{n}",
        "let a0 = 1\n" + "".join(f"let a{i} = $a{i - 1}\n" for i in range(1, n + 1)),
    ),
    "options": lambda n: deployed(
        "on vllm {\n" + many(n, "o{i} {{ a = 1; b {{ c = 2 }} }}") + "\n}"
    ),
    "adapters": lambda n: deployed(
        "lora {\n" + many(n, 'adapter "a{i}" {{ path = "p"; rank = 8 }}') + "\n}"
    ),
    "env": lambda n: deployed("env {\n" + many(n, 'A{i} = "x"') + "\n}"),
    "list": lambda n: deployed(f"graphs {{ sizes = [{', '.join(['8'] * n)}] }}"),
    "comments": lambda n: "# c\n" * n + deployed("nodes = 1 # c\n" + "# c\n" * n),
    "asserts": lambda n: deployed(many(n, 'assert predicted.memory <= 90% else "w{i}"')),
    "unsets": lambda n: deployed(
        "extends = [p]\n env {\n" + many(n, "unset A{i}") + "\n}",
        'profile "p" { env {\n' + many(n, 'A{i} = "x"') + "\n} }",
    ),
    "unset options": lambda n: deployed(
        "extends = [p]\n on vllm {\n" + many(n, "unset a{i}") + "\n}",
        'profile "p" { on vllm {\n' + many(n, "a{i} {{ b = 1 }}") + "\n} }",
    ),
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_with_the_length(name: str) -> None:
    make = GROWING[name]
    steps(make(2))  # modules are imported
    small, large = steps(make(100)), steps(make(400))
    assert small > 100
    assert large < 4.5 * small


def test_a_thousand_specs_cost_a_thousand_times_one() -> None:
    text = deployed("precision { weights = fp8 }")
    steps(text)
    one = steps(text)
    assert sum(steps(text) for _ in range(10)) <= 10.5 * one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("servec 1\n" + "# x\n" * (limits.MAX_BYTES // 4), "bytes"),
        ("servec 1\n" + "a=1;" * (limits.MAX_STATEMENTS + 1), "statements"),
        ("servec 1\nlet a = [" + "1," * limits.MAX_TOKENS + "]\n", "words, numbers and signs"),
        ("servec 1\n" + "a { " * 33 + "} " * 33, "deep"),
        ("servec 1\nlet a = " + "[" * 33 + "]" * 33, "deep"),
    ],
)
def test_files_past_a_bound_are_refused_whole(text: str, said: str) -> None:
    document, found = loaded(text)
    assert document is None
    assert [item.code for item in found] == ["SRV009"]
    assert said in found[0].title


def test_brackets_may_nest_as_deep_as_the_bound() -> None:
    text = "servec 1\n" + "a { " * limits.MAX_DEPTH + "} " * limits.MAX_DEPTH
    assert parse("a.srv", text.encode()).diagnostics == ()


def test_a_name_of_too_many_parts() -> None:
    item = only(deployed("on vllm { " + "a." * limits.MAX_DEPTH + "b = 1 }"))
    assert item.code == "SRV009" and "parts" in item.title


def test_ten_megabytes_are_refused_by_their_size() -> None:
    data = b"servec 1\n" + b'"\x00{[' * 2_500_000
    assert steps("") < 10_000
    file = parse("a.srv", data)
    assert [item.code for item in file.diagnostics] == ["SRV009"]


def test_findings_end_at_their_bound() -> None:
    document, found = loaded(deployed(many(2000, "unknown{i} = 1")))
    assert document is not None
    assert len(found) == limits.MAX_FINDINGS


def test_syntax_errors_end_at_their_bound() -> None:
    document, found = loaded("servec 1\n" + "a = = 1\n" * 2000)
    assert document is None
    assert len(found) == limits.MAX_SYNTAX_ERRORS


def test_profiles_that_double_at_each_step_are_merged() -> None:
    above = 'profile "p0" { nodes = 3; limits { batch <= 8 } }\n' + many(
        60, 'profile "q{i}" {{ replicas >= 2 }}'
    )
    above += "".join(
        f'\nprofile "p{i}" {{ extends = [p{i - 1}, p{i - 1}]; limits {{ batch <= {i} }} }}'
        for i in range(1, 60)
    )
    spec = good(deployed("extends = [p59]", above))
    assert spec.whole("nodes") == 3
    assert spec.upper("limits.batch").value == 59  # type: ignore[union-attr]


def test_more_profiles_than_are_merged() -> None:
    count = limits.MAX_BODIES + 1
    above = many(count, 'profile "p{i}" {{ nodes = 1 }}')
    names = ", ".join(f"p{i}" for i in range(count))
    assert only(deployed(f"extends = [{names}]", above)).code == "SRV106"


def test_an_import_bomb_ends_at_its_bound() -> None:
    files = {
        f"f{i}.srv": "servec 1\n"
        + "".join(f'import "f{j}.srv" as a{j}\n' for j in range(i + 1, 400))
        for i in range(400)
    }
    _, found = loaded(deployed("nodes = 1", 'import "f0.srv" as f0'), files)
    assert {item.code for item in found} == {"SRV116"}
    assert all(str(limits.MAX_FILES) in item.title for item in found)


def test_imports_past_the_bytes_that_are_read() -> None:
    big = "servec 1\n#" + "x" * (limits.MAX_BYTES - 20)
    files = {f"f{i}.srv": big for i in range(8)}
    above = "\n".join(f'import "f{i}.srv" as a{i}' for i in range(8))
    _, found = loaded(deployed("nodes = 1", above), files)
    assert {item.code for item in found} == {"SRV116"}
