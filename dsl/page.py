"""The explain page of a rule, read from the docstring of its module.

The docstring has one shape for every rule:

    Tensor split cuts quantization blocks.

    Checks: one sentence.
    Because: why the runtime fails, may go on
        over indented or plain lines.
    Wrong: parallel { tensor = 8; expert = 1 }
    Right: parallel { tensor = 8; expert = 8 }
    Source: file in the runtime's repository and its version

`Wrong` and `Right` may instead begin on the next line, indented; see `servec.dsl.example`.
"""

from __future__ import annotations

from servec.dsl.record import record

HEADINGS = ("Checks", "Because", "Wrong", "Right", "Source")


@record
class Page:
    """The parts of an explain page; `summary` is the first line without its full stop."""

    summary: str
    checks: str
    because: str
    wrong: str
    right: str
    source: str


def parse_page(doc: str) -> Page:
    """The parts of a rule's docstring; `ValueError` names a heading that is missing."""
    import inspect

    lines = inspect.cleandoc(doc).split("\n")
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines[1:]:
        head, colon, rest = line.partition(":")
        if colon and head in HEADINGS:
            current = parts.setdefault(head, [])
            current.append(rest.strip())
        else:
            current.append(line)
    missing = [head for head in HEADINGS if not any(parts.get(head, ()))]
    if missing or not lines[0]:
        raise ValueError(f"explain page lacks {', '.join(missing) or 'a first line'}: {lines[0]}")
    return Page(
        summary=lines[0].rstrip("."),
        checks=_prose(parts["Checks"]),
        because=_prose(parts["Because"]),
        wrong=_snippet(parts["Wrong"]),
        right=_snippet(parts["Right"]),
        source=_prose(parts["Source"]),
    )


def _prose(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _snippet(lines: list[str]) -> str:
    import textwrap

    head, *rest = lines
    body = textwrap.dedent("\n".join(rest)).strip("\n")
    return "\n".join(part for part in (head, body) if part).rstrip()
