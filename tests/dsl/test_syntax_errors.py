"""Syntax errors: each mistake one code at the guilty text, several in one run, fixes that help."""

from __future__ import annotations

import pytest

from servec.dsl.format import format_text
from servec.dsl.parse import parse
from tests.dsl.helpers import at, fixed, loaded

HEAD = "servec 1\n"


def found(text: str) -> list[tuple[str, str]]:
    """Code and guilty text of each syntax error."""
    file = parse("a.srv", text.encode())
    return [(item.code, at(text, item.primary.span)) for item in file.diagnostics]


# text behind the pragma, code, guilty text, the text after the first fix (None: no fix)
CASES = [
    ('let a = "abc', "SRV002", '"abc', 'let a = "abc"'),
    ('let a = "abc  # c', "SRV002", '"abc  # c', 'let a = "abc  # c"'),
    (r'let a = "a\qb"', "SRV002", r"\q", r'let a = "a\\qb"'),
    ("let a = 'b'", "SRV002", "'b'", 'let a = "b"'),
    ("a { b < 3 }", "SRV004", "<", "a { b <= 3 }"),
    ("a { b > 3 }", "SRV004", ">", "a { b >= 3 }"),
    ("a { b == 3 }", "SRV004", "==", "a { b = 3 }"),
    ("a { b != 3 }", "SRV004", "!=", None),
    ("a { b => 3 }", "SRV004", "=>", "a { b >= 3 }"),
    ("a { b =< 3 }", "SRV004", "=<", "a { b <= 3 }"),
    ("a { b := 3 }", "SRV004", ":=", "a { b = 3 }"),
    ("let a < 3", "SRV004", "<", "let a = 3"),
    ('assert a < 3 else "b"', "SRV004", "<", 'assert a <= 3 else "b"'),
    ('a { b = "h100" x 8 }', "SRV009", '"h100" x 8', "a { b = h100 x 8 }"),
    ("a { b = 8 c = 4 }", "SRV005", "c", "a { b = 8; c = 4 }"),
    ("a { b = x c = 4 }", "SRV005", "c", "a { b = x; c = 4 }"),
    ('a { b = "x" c = 4 }', "SRV005", "c", 'a { b = "x"; c = 4 }'),
    ("a { b = 8ms c <= 4 }", "SRV005", "c", "a { b = 8ms; c <= 4 }"),
    ("a { b = 8 c { } }", "SRV005", "c", "a { b = 8; c { } }"),
    ("a { b = x c d { } }", "SRV005", "c", "a { b = x; c d { } }"),
    ("a { b { } c { } }", "SRV005", "c", "a { b { }; c { } }"),
    ("a { b = [x] unset y }", "SRV005", "unset", "a { b = [x]; unset y }"),
    ("a { b = [x, y }", "SRV006", "}", "a { b = [x, y] }"),
    ("a { b = [x, }", "SRV006", "}", "a { b = [x] }"),
    ("a {\n  b = [x, y\n  c = 3\n}", "SRV006", "c", "a {\n  b = [x, y]\n  c = 3\n}"),
    ("a {\n  b = 1\n", "SRV006", "", "a {\n  b = 1\n}"),
    ("a { b = 1 } }", "SRV006", "}", "a { b = 1 } "),
    ("a {\n  b { c = 1 } }\n  d = 2\n}", "SRV006", "}", "a {\n  b { c = 1 } \n  d = 2\n}"),
    ("a { b = 1 ] }", "SRV006", "]", "a { b = 1  }"),
    ("let a = [1, 2", "SRV006", "", "let a = [1, 2]"),
    ("a { b = 16 * 1024 tokens }", "SRV007", "16 * 1024", "a { b = 16Ki tokens }"),
    ("a { b = 2 + 3 }", "SRV007", "2 + 3", "a { b = 5 }"),
    ("a { b = 8 - 3 }", "SRV007", "8 - 3", "a { b = 5 }"),
    ("a { b = 8-3 }", "SRV007", "8-3", "a { b = 5 }"),
    ("a { b = 8 / 2 }", "SRV007", "8 / 2", "a { b = 4 }"),
    ("a { b = 8 / 3 }", "SRV007", "8 / 3", None),
    ("a { b = 8 / 0 }", "SRV007", "8 / 0", None),
    ("a { b = $c + 1 }", "SRV007", "$c + 1", None),
    ("a { b = (8 * 2) }", "SRV007", "(8 * 2)", None),
    ("a { b = 0.33.0 }", "SRV008", "0.33.0", 'a { b = "0.33.0" }'),
    ("a { b = 70b-chat }", "SRV008", "70b-chat", 'a { b = "70b-chat" }'),
    ("a { b = 2025-01-31 }", "SRV008", "2025-01-31", 'a { b = "2025-01-31" }'),
    ("a { b = 0.5.3+cu12 }", "SRV008", "0.5.3+cu12", 'a { b = "0.5.3+cu12" }'),
    ("a { b = 10/s }", "SRV008", "10/s", "a { b = 10 req/s }"),
    ("a { b = 1e5 }", "SRV008", "1e5", 'a { b = "1e5" }'),
    ("a { b = 1_000 }", "SRV008", "1_000", "a { b = 1000 }"),
    ("a { b = 1,000 }", "SRV008", "1,000", "a { b = 1000 }"),
    ("a { b = 1,000,000 }", "SRV008", "1,000,000", "a { b = 1000000 }"),
    ("a 70b { }", "SRV008", "70b", 'a "70b" { }'),
    ("a { b: 3 }", "SRV009", ":", "a { b = 3 }"),
    ("a\n{ b = 3 }", "SRV009", "{", "a { b = 3 }"),
    ('a "b"\n\n{ b = 3 }', "SRV009", "{", 'a "b" { b = 3 }'),
    ("a = { b = 3 }", "SRV009", "=", "a { b = 3 }"),
    ("a: { b = 3 }", "SRV009", ":", "a { b = 3 }"),
    ("a:", "SRV009", "a:", None),
    ("a { b 64 }", "SRV009", "64", "a { b = 64 }"),
    ("a { b = 3 } // c", "SRV009", "//", "a { b = 3 } # c"),
    ("a { model = { name = x, b = 3 } }", "SRV009", "model = {", None),
    ("a { target = vllm { b = 3 } }", "SRV009", "target = vllm {", "a { on vllm { b = 3 } }"),
    ("a { b = vllm@0.9 }", "SRV009", "vllm@0.9", 'a { b = vllm; on vllm { version = "0.9" } }'),
    ("a { b = h100 x 8 x 2 }", "SRV009", "x 2", "a { b = h100 x 8; nodes = 2 }"),
    ("a { hardware = h100:8 }", "SRV009", "h100:8", "a { hardware = h100 x 8 }"),
    ("a { b <= $20/h }", "SRV009", "$20/h", "a { b <= 20 USD/h }"),
    ("a { b = 0,1 }", "SRV009", "0,1", 'a { b = "0,1" }'),
    ("a { b = 1, 2, 4 }", "SRV009", "1, 2, 4", "a { b = [1, 2, 4] }"),
    ("on vllm@0.9 { }", "SRV009", "vllm@0.9", 'on vllm { version = "0.9" }'),
    ("on vllm 0.9 { b = 3 }", "SRV009", "vllm 0.9", 'on vllm { version = "0.9"; b = 3 }'),
    ("a { b c }", "SRV009", "}", "a { b = c }"),
    ("a b", "SRV009", "", "a = b"),
    ("a { b = 4K tokens }", "SRV009", "4K", "a { b = 4k tokens }"),
    ("a { b = 4 Ki tokens }", "SRV009", "4 Ki", "a { b = 4Ki tokens }"),
    ("a { b = 8 x h100 }", "SRV009", "8 x h100", "a { b = h100 x 8 }"),
    ("a { b = h100 x8 }", "SRV009", "h100 x8", "a { b = h100 x 8 }"),
    ("a { b = h100 * 8 }", "SRV009", "h100 * 8", "a { b = h100 x 8 }"),
    ("a { b = 8xh100 }", "SRV008", "8xh100", "a { b = h100 x 8 }"),
    ("a { b = Qwen/Qwen3-8B }", "SRV009", "Qwen/Qwen3-8B", 'a { b = "Qwen/Qwen3-8B" }'),
    ("a { b = meta-llama/L3 }", "SRV009", "meta-llama/L3", 'a { b = "meta-llama/L3" }'),
    ("a { b = /models/x }", "SRV009", "/models/x", 'a { b = "/models/x" }'),
    ("let a = “x”", "SRV009", "“x”", 'let a = "x"'),
    ("let a = café", "SRV009", "é", 'let a = "café"'),
    ("let a =", "SRV009", "", None),
    ("let a", "SRV009", "", None),
    ("let a 3", "SRV009", "3", "let a = 3"),
    ("let = 3", "SRV009", "let", None),
    ("import x as y", "SRV009", "x", None),
    ('import "x"', "SRV009", "", None),
    ("unset 3", "SRV009", "3", None),
    ("assert a <= 3", "SRV009", "", None),
    ("assert a <= 3 else no", "SRV009", "no", None),
    ("a = h100 x", "SRV009", "", None),
    ("a = @", "SRV009", "@", None),
    ("a = [1 2]", "SRV009", "2", None),
    ("a = [,]", "SRV009", ",", None),
    ("{ }", "SRV009", "{", None),
    ("= 3", "SRV009", "=", None),
    ("servec 1", "SRV010", "servec", None),
]


@pytest.mark.parametrize(("text", "code", "guilty", "after"), CASES, ids=[c[0] for c in CASES])
def test_each_mistake_has_its_code_place_and_fix(
    text: str, code: str, guilty: str, after: str | None
) -> None:
    spec = HEAD + text + "\n"
    file = parse("a.srv", spec.encode())
    assert found(spec) == [(code, guilty)]
    fixes = [fix for item in file.diagnostics for fix in item.fixes if fix.edits]
    if after is None:
        assert fixes == []
    else:
        mended = fixed(spec, fixes[0])
        assert mended.rstrip() == (HEAD + after).rstrip()
        assert found(mended) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("SRV001", "")]),
        ("\n# only a comment\n", [("SRV001", "")]),
        ('deployment "x" { }\n', [("SRV001", "deployment")]),
        ("servec\n", [("SRV001", "servec")]),
        ("servec one\n", [("SRV001", "servec one")]),
        ("servec 1.0\n", [("SRV001", "servec 1.0")]),
        ("servec 0\n", [("SRV001", "servec 0")]),
        ("servec -1\n", [("SRV001", "servec -1")]),
        ('servec "1"\n', [("SRV001", 'servec "1"')]),
        ("servec 1 let a = 1\n", [("SRV001", "servec 1 let a = 1")]),
        ("server 1\nlet a = 1\n", [("SRV001", "server 1")]),
        ("servec 2\na ++ b\n", [("SRV003", "servec 2")]),
        ("servec 10\n", [("SRV003", "servec 10")]),
        ('{"model": "x"}\n', [("SRV001", "{")]),
        ("model: x\nhardware: y\n", [("SRV001", "model")]),
    ],
)
def test_pragmas_that_are_not_good(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_reading_goes_on_behind_a_bad_pragma() -> None:
    assert found("servec one\na < 3\n") == [("SRV001", "servec one"), ("SRV004", "<")]
    assert found('deployment "x" { a < 3 }\n') == [("SRV001", "deployment"), ("SRV004", "<")]


def test_many_errors_of_one_file_are_found_in_one_run() -> None:
    text = """servec 1
let a = 0.33.0
let b = 'x'
deployment "d" {
  model: qwen
  limits { batch < 3 memory <= 90% }
  hardware = h100 x
  precision
  {
    kv = fp8 ]
  }
  features { modalities = [text }
  slo { tpot.p95 <= 1 / 25 }
}
"""
    assert [code for code, _ in found(text)] == [
        *("SRV008", "SRV002", "SRV009", "SRV004", "SRV005", "SRV009", "SRV009", "SRV006"),
        *("SRV006", "SRV007"),
    ]


def test_an_option_with_its_dashes_is_read_without_them() -> None:
    file = parse("a.srv", b"servec 1\non vllm { --a-b = 8; -c = 4 }\n")
    assert [item.title for item in file.diagnostics] == [
        "`--a-b` is an option of a command line",
        "`-c` is an option of a command line",
    ]
    assert [name.name for name in file.statements[0].body] == ["a-b", "c"]  # type: ignore[union-attr]


def test_statements_of_one_line_are_one_finding_with_all_the_separators() -> None:
    file = parse("a.srv", b"servec 1\na { b = x c = 4 d = y }\ne { b = x c = 4 }\n")
    assert [item.title for item in file.diagnostics] == [
        "2 statements of one line begin without `;` before them",
        "a second statement begins at `c` without `;` before it",
    ]
    assert [len(item.fixes[0].edits) for item in file.diagnostics] == [2, 1]
    assert all(item.fixes[0].safe for item in file.diagnostics)


def test_the_statements_between_errors_are_read() -> None:
    file = parse("a.srv", b"servec 1\nlet a = 1\nlet b = = 2\nlet c = 3\nx { d = ; e = 5 }\n")
    names = [type(node).__name__ for node in file.statements]
    assert names == ["Let", "Broken", "Let", "Block"]
    block = file.statements[-1]
    assert [type(node).__name__ for node in block.body] == ["Broken", "Relation"]  # type: ignore[union-attr]


def test_a_broken_header_keeps_its_body_apart() -> None:
    text = "servec 1\nx y z {\n  a = 1\n  b < 2\n}\nlet c = 3\n"
    file = parse("a.srv", text.encode())
    assert [type(node).__name__ for node in file.statements] == ["Broken", "Let"]
    assert [item.code for item in file.diagnostics] == ["SRV009", "SRV004"]


def test_the_missing_brace_is_sought_by_indentation() -> None:
    text = "servec 1\na {\n  b {\n    c = 1\n  d {\n    e = 1\n  }\n}\n"
    (item,) = parse("a.srv", text.encode()).diagnostics
    (opening,) = item.secondary
    assert opening.span.start == text.index("{", text.index("b {"))
    assert fixed(text, item.fixes[0]).count("  }\n  d {") == 1


def test_bytes_that_must_not_be_there() -> None:
    data = b'servec 1\nlet a = "\xff"\nlet b = "\x00"\nlet c = 1 # \x1b[31m\nlet d = "\xc2\x85"\n'
    file = parse("a.srv", data)
    places = [(item.code, data[item.primary.span.start]) for item in file.diagnostics]
    assert places == [("SRV009", 0xFF), ("SRV009", 0), ("SRV009", 0x1B), ("SRV009", 0xC2)]


def test_utf_16_is_said_plainly() -> None:
    (item,) = parse("a.srv", "servec 1\n".encode("utf-16")).diagnostics
    assert item.code == "SRV009" and "UTF-16" in item.title


def test_half_a_surrogate_pair_is_no_text() -> None:
    text = 'servec 1\nlet a = "\ud800"\n'
    assert {item.code for item in loaded(text)[1]} == {"SRV009"}
    assert format_text(text) == text


def test_a_lone_carriage_return_ends_no_line() -> None:
    file = parse("a.srv", b"servec 1\nlet a = 1\rlet b = 2\n")
    assert [item.code for item in file.diagnostics] == ["SRV009"]
