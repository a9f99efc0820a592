"""The canonical style: examples of each rule, then its promises over random specs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from servec.dsl.format import format_source, format_text
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from tests.dsl.strategies import spec
from tests.golden import ROOT

SAMPLES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("specs/**/*.srv"))


@pytest.mark.parametrize("path", SAMPLES)
def test_the_samples_are_canonical(path: str) -> None:
    text = (ROOT / path).read_text()
    assert format_text(text) == text


LONG = ", ".join(str(number) for number in range(40))
WIDE = "\n".join(f"    {number}," for number in range(40))

CASES = [
    ("spaces", "a   <=   3", "a <= 3"),
    ("no spaces", "a<=3", "a <= 3"),
    ("tabs", "\ta\t=\t3\t", "a = 3"),
    ("statements", "a = 1; b = 2;; c = 3", "a = 1\nb = 2\nc = 3"),
    ("one blank line", "a = 1\n\n\n\nb = 2", "a = 1\n\nb = 2"),
    ("blank lines with spaces", "a = 1\n  \n\t\nb = 2", "a = 1\n\nb = 2"),
    ("time", "a <= 500 ms", "a <= 500ms"),
    ("month", "a <= 6 mo", "a <= 6mo"),
    ("share", "a <= 85 %", "a <= 85%"),
    ("bytes", "a <= 5.5GiB", "a <= 5.5 GiB"),
    ("tokens", "a = 16Ki    tokens", "a = 16Ki tokens"),
    ("rate", "a >= 900tok/s", "a >= 900 tok/s"),
    ("money", "a <= 3USD/h", "a <= 3 USD/h"),
    ("power", "a <= 60kW", "a <= 60 kW"),
    ("multiplier kept", "a = 4k tokens", "a = 4k tokens"),
    ("multiplier before a time", "a <= 4k ms", "a <= 4k ms"),
    ("unknown unit as written", "a = 4 k; b = 7b", "a = 4 k\nb = 7b"),
    ("count", "a = h100   x   8", "a = h100 x 8"),
    ("string as written", r'a = "x\n\"y\"  z"', r'a = "x\n\"y\"  z"'),
    ("reference", "a=$b.c", "a = $b.c"),
    ("inline block", "a{b=1;c=2}", "a { b = 1; c = 2 }"),
    ("inline block over lines", "a { b = 1\n c = 2 }", "a { b = 1; c = 2 }"),
    ("broken block", "a {\nb=1;c=2 }", "a {\n  b = 1\n  c = 2\n}"),
    ("block in a block", "a { b { c = 1 } }", "a {\n  b { c = 1 }\n}"),
    ("empty block", "a {}", "a { }"),
    ("empty broken block", "a {\n\n}", "a {\n}"),
    ("labelled", 'on   vllm{ a=1 }; b   "c d" { e=1 }', 'on vllm { a = 1 }\nb "c d" { e = 1 }'),
    ("blank lines at the ends", "a {\n\n\nb = 1\n\n\n}", "a {\n  b = 1\n}"),
    ("inline list", "a = [ 1,2 , 3, ]", "a = [1, 2, 3]"),
    ("broken list", "a = [\n1, 2 ]", "a = [\n  1,\n  2,\n]"),
    ("list over lines", "a = [1,\n2 ]", "a = [1, 2]"),
    ("empty lists", "a = [ ]; b = [\n]", "a = []\nb = []"),
    ("list in a block", "a { b = [\n1] }", "a {\n  b = [\n    1,\n  ]\n}"),
    ("list in a list", "a = [[1],[\n2]]", "a = [\n  [1],\n  [\n    2,\n  ],\n]"),
    ("wide block", f"a {{ b = [{LONG}] }}", f"a {{\n  b = [\n{WIDE}\n  ]\n}}"),
    ("comment", "a = 1    # c   ", "a = 1 # c"),
    ("comment kept", "a = 1 #c", "a = 1 #c"),
    ("own line", "   # c\na = 1", "# c\na = 1"),
    ("behind the brace", "a {   # c\n b = 1 }", "a { # c\n  b = 1\n}"),
    ("comment breaks a block", "a { b = 1 # c\n}", "a {\n  b = 1 # c\n}"),
    ("comment behind a block", "a { b = 1 }# c", "a { b = 1 } # c"),
    ("comment behind a semicolon", "a = 1; # c\nb = 2", "a = 1 # c\nb = 2"),
    ("comments alone in a block", "a {\n# c\n\n\n# d\n}", "a {\n  # c\n\n  # d\n}"),
    ("comment before the end", "a {\nb = 1\n\n# c\n}", "a {\n  b = 1\n\n  # c\n}"),
    (
        "comments in a list",
        "a = [ # c\n1, # d\n\n# e\n2\n# f\n]",
        "a = [ # c\n  1, # d\n\n  # e\n  2,\n  # f\n]",
    ),
    ("comment in an empty list", "a = [ # c\n]", "a = [ # c\n]"),
    (
        "unset and assert",
        'unset   a.b; assert a<=3 else   "c"',
        'unset a.b\nassert a <= 3 else "c"',
    ),
    ("list in an assert", 'assert a = [\n1] else "c"', 'assert a = [\n  1,\n] else "c"'),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_layout(text: str, expected: str) -> None:
    inner = "".join(f"  {line}\n" if line else "\n" for line in expected.split("\n"))
    assert format_text(f"servec 1\nx {{\n{text}\n}}\n") == f"servec 1\nx {{\n{inner}}}\n"


TOP = [
    ("pragma", "\n\n  servec   1  ", "servec 1\n"),
    ("head", "# a\n\n\n# b\nservec 1 # c\n", "# a\n\n# b\nservec 1 # c\n"),
    ("crlf", "servec 1\r\n\r\nlet a = 1 # c\r\n", "servec 1\n\nlet a = 1 # c\n"),
    ("byte order mark", "\ufeffservec 1\n", "servec 1\n"),
    ("end", "servec 1\nlet a = 1", "servec 1\nlet a = 1\n"),
    ("end with blank lines", "servec 1\n\n\n# c\n\n\n", "servec 1\n\n# c\n"),
    (
        "imports by path",
        'servec 1\n\nimport "b.srv" as b\nimport "a.srv" as a\n\nx { }\n',
        'servec 1\n\nimport "a.srv" as a\nimport "b.srv" as b\n\nx { }\n',
    ),
    (
        "imports in the order of their aliases",
        'servec 1\n\nimport "b.srv" as a\nimport "a.srv" as b\n',
        'servec 1\n\nimport "b.srv" as a\nimport "a.srv" as b\n',
    ),
    (
        "imports, lets, the rest",
        'servec 1\nx { }\nlet b = 1\ny { }\nimport "a.srv" as a\nlet a = 2\n',
        'servec 1\n\nimport "a.srv" as a\n\nlet b = 1\nlet a = 2\n\nx { }\ny { }\n',
    ),
    (
        "comments go with their statement",
        "servec 1\n\nx { }\n\n# of a\nlet a = 1 # a\n\n# of b\n\nlet b = 2\n# of y\ny { }\n# end\n",
        "servec 1\n\n# of a\nlet a = 1 # a\n\n# of b\n\nlet b = 2\n\nx { }\n# of y\ny { }\n# end\n",
    ),
    (
        "a head stays at the head",
        "servec 1 # p\n\n# about\n\nx { }\nlet a = 1\n",
        "servec 1 # p\n\n# about\n\nlet a = 1\n\nx { }\n",
    ),
    (
        "lets keep their order",
        "servec 1\nlet b = 1\nlet a = 2\n",
        "servec 1\nlet b = 1\nlet a = 2\n",
    ),
    ("statements keep their order", "servec 1\ny { }\nx { }\n", "servec 1\ny { }\nx { }\n"),
    (
        "a long let",
        f"servec 1\nlet a = [{LONG}]\n",
        "servec 1\nlet a = [\n" + "".join(f"  {n},\n" for n in range(40)) + "]\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in TOP], ids=[c[0] for c in TOP])
def test_top_level(text: str, expected: str) -> None:
    assert format_text(text) == expected
    assert format_text(expected) == expected


@pytest.mark.parametrize("width", [100, 101])
def test_a_block_stays_on_its_line_up_to_a_hundred_columns(width: int) -> None:
    body = "é" * (width - len('  a { b = "" }'))
    text = f'servec 1\nx {{\n  a {{ b = "{body}" }}\n}}\n'
    assert (format_text(text) == text) == (width == 100)


def test_a_broken_file_is_left_as_it_is() -> None:
    text = "servec 1\nx  {  a < 3 }\ny = = 3\n"
    assert format_text(text) == text
    formatted, found = format_source("a.srv", text.encode())
    assert formatted is None
    assert [item.code for item in found] == ["SRV004", "SRV009"]


def test_what_a_spec_means_badly_is_formatted_all_the_same() -> None:
    assert format_text("servec 1\ndeployment x{foo=3}\n") == "servec 1\ndeployment x { foo = 3 }\n"


@settings(max_examples=60, deadline=None)
@given(spec())
def test_formatting_twice_changes_nothing_and_nothing_is_lost(
    drawn: tuple[str, list[list[str]]],
) -> None:
    text, _ = drawn
    once, found = format_source("a.srv", text.encode())
    assert found == () and once is not None
    assert format_text(once) == once
    assert sorted(_comments(once)) == sorted(_comments(text))
    assert all(line == line.rstrip() for line in once.split("\n"))
    assert "\n\n\n" not in once and "{\n\n" not in once and once.endswith("\n")


def _comments(text: str) -> list[str]:
    from servec.dsl.parse import parse
    from servec.dsl.tree import shown

    file = parse("a.srv", text.encode())
    return [shown(file.text[start:end]).rstrip() for start, end in file.comments]


@settings(max_examples=60, deadline=None)
@given(spec())
def test_formatting_never_changes_what_a_spec_says(drawn: tuple[str, list[list[str]]]) -> None:
    text, _ = drawn
    before, _ = load(MemorySources({"a.srv": text}), "a.srv")
    after, _ = load(MemorySources({"a.srv": format_text(text)}), "a.srv")
    assert before is not None and after is not None
    assert [each.digest for each in before.deployments] == [
        each.digest for each in after.deployments
    ]


@settings(max_examples=60, deadline=None)
@given(spec())
def test_no_field_of_a_spec_is_dropped(drawn: tuple[str, list[list[str]]]) -> None:
    text, paths = drawn
    document, found = load(MemorySources({"a.srv": text}), "a.srv")
    assert {item.code for item in found} <= {"SRV103", "SRV115"}  # a let may stand below its use
    assert document is not None
    for said, each in zip(paths, document.deployments, strict=True):
        assert set(said) | {"model", "hardware"} == set(each.settings)
