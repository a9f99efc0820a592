"""Findings on odd lines, in other files, in colour, and more of them than are printed."""

from __future__ import annotations

from servec.cli.render.text import render_text
from servec.dsl.diagnostic import Diagnostic, Label, Span
from tests.cli.printed import figures, span


def test_tabs_wide_letters_and_combining_marks_keep_the_carets_under_the_text() -> None:
    data = '\tname = "数据e\u0301" # x\n'.encode()
    value = span("a.srv", data, "# x")
    found = Diagnostic("SRV009", "error", "odd", Label(value, "here"))
    shown = render_text([found], {"a.srv": data}.get, ["a.srv"]).splitlines()
    assert shown[1] == " --> a.srv:1:16"
    assert shown[3] == '1 |     name = "数据e\u0301" # x'
    assert shown[4] == "  |                    ^^^ here"


def test_a_source_line_cannot_drive_the_terminal() -> None:
    data = b'x = "\x1b[31mred\x07\xc2\x9b"\n'
    found = Diagnostic("SRV009", "error", "bad \x1b[0m", Label(Span("a.srv", 0, 1), "here"))
    shown = render_text([found], {"a.srv": data}.get, ["a.srv"])
    assert "\x1b" not in shown and "\x07" not in shown and "\x9b" not in shown


def test_labels_in_another_file_have_their_own_place() -> None:
    files = {"a.srv": b"x = 1\n", "b.srv": b"\n\n\n\n\n\n\n\n\ny = 2\n"}
    found = Diagnostic(
        "SRV108",
        "error",
        "cross",
        Label(Span("a.srv", 0, 5), "this"),
        (Label(Span("b.srv", 9, 14), "that"),),
    )
    assert (
        render_text([found], files.get, ["a.srv"])
        == """\
error[SRV108]: cross
  --> a.srv:1:1
   |
 1 | x = 1
   | ^^^^^ this
  --> b.srv:10:1
   |
10 | y = 2
   | ----- that

1 error in a.srv; servec explain SRV108 says more
"""
    )


def test_at_most_twenty_are_printed_and_the_rest_counted() -> None:
    many = [
        Diagnostic("SRV009", "error", f"no {n}", Label(Span("a.srv", 0, 1), "")) for n in range(23)
    ]
    shown = render_text(many, {"a.srv": b"x\n"}.get, ["a.srv"])
    assert shown.count("error[SRV009]") == 20
    assert "\n... and 3 more\n" in shown
    assert shown.endswith("\n23 errors in a.srv; servec explain SRV009 says more\n")


def test_colour_adds_only_escape_codes() -> None:
    import re

    data = b"x = 1\n"
    found = Diagnostic(
        "SRV102", "warning", "odd", Label(Span("a.srv", 0, 1), "here"), figures=figures("1 = 1")
    )
    plain = render_text([found], {"a.srv": data}.get, ["a.srv"])
    colored = render_text([found], {"a.srv": data}.get, ["a.srv"], color=True)
    assert colored != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_a_place_past_the_end_and_a_very_long_line() -> None:
    data = b"x" * 100_000 + b" = 1"
    found = Diagnostic("SRV006", "error", "open", Label(Span("a.srv", len(data), len(data)), "end"))
    shown = render_text([found], {"a.srv": data}.get, ["a.srv"])
    assert len(shown) < 2000
    caret = next(line for line in shown.splitlines() if "^" in line)
    source = next(line for line in shown.splitlines() if line.startswith("1 | "))
    assert caret.index("^") == len(source)
