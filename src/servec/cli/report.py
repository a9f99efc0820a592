"""Prints findings in the format that was asked for, and says which exit code they give."""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.cli.console import Console
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.sources import Sources


def report(
    console: Console, diagnostics: Sequence[Diagnostic], sources: Sources, names: Sequence[str]
) -> None:
    """Text to stderr, annotations and SARIF to stdout; JSON is the command's own document."""
    if console.format == "text":
        _text(console, diagnostics, sources, names)
    elif console.format == "github":
        from servec.cli.render.github import render_github

        console.out(render_github(diagnostics, sources.read))
    elif console.format == "sarif":
        from servec.cli.render.sarif import render_sarif

        console.json(render_sarif(diagnostics, sources.read, _relative(sources, names)))


def _text(
    console: Console, diagnostics: Sequence[Diagnostic], sources: Sources, names: Sequence[str]
) -> None:
    if console.quiet:
        diagnostics = [item for item in diagnostics if item.severity == "error"]
    if diagnostics:
        from servec.cli.render.text import render_text

        console.must(render_text(diagnostics, sources.read, names, console.err_color))


def _relative(sources: Sources, names: Sequence[str]) -> Callable[[str], str]:
    start = names[0] if names else "."

    def relative(path: str) -> str:
        return sources.below(path, start) or path.rpartition("/")[2]

    return relative


def exit_code(diagnostics: Sequence[Diagnostic], strict: bool = False) -> int:
    """1 where there is an error, or with `strict` a warning; else 0."""
    stop = ("error", "warning") if strict else ("error",)
    return FAILED if any(item.severity in stop for item in diagnostics) else FINE
