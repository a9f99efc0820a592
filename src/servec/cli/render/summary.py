"""The last line of a report: how many findings of which kind, where, and what says more."""

from __future__ import annotations

from servec.cli.render.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.dsl.diagnostic import Diagnostic

SEVERITIES = ("error", "warning", "note")


def count(number: int, word: str, many: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {word if number == 1 else many or f'{word}s'}"


def summary(diagnostics: Sequence[Diagnostic], names: Sequence[str]) -> str:
    """`2 errors, 1 warning in specs/a.srv; servec explain SRV403 says more`."""
    parts = []
    worst = ""
    for severity in SEVERITIES:
        found = [item for item in diagnostics if item.severity == severity]
        if found:
            parts.append(count(len(found), severity))
            worst = worst or found[0].code
    files = dict.fromkeys(names) or dict.fromkeys(d.primary.span.file for d in diagnostics)
    where = shown(next(iter(files))) if len(files) == 1 else count(len(files), "file")
    return f"{', '.join(parts)} in {where}; servec explain {worst} says more"
