"""What a line of an old release sets in its environment, and the release does not read."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Bound, Spec
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release

KIND = "env"
"""The set of the variables that a release names in its source."""


def variable_findings(past: Past, spec: Spec, told: str) -> Iterator[Diagnostic]:
    """A warning for each variable with the runtime's prefix that the release does not read.

    No runtime ends for one; those that a successor is known of are refused beside this. `told`:
    the titles of what is found already.
    """
    from servec.targets.shared.table import load_table

    release = past.release
    prefixes = load_table(release.runtime, release.table).prefixes
    block = spec.on.get(release.runtime)
    for name, bound in (*spec.env.items(), *(block.env.items() if block else ())):
        if name.startswith(prefixes) and f"`{name}`" not in told and not _read(release, name):
            yield _unread(release, name, bound, spec)


def _read(release: Release, name: str) -> bool:
    """Whether the release reads a variable, or it is not known that it does not."""
    from servec.targets.shared.table import load_table

    table = load_table(release.runtime, release.table)
    if table.plugged(name):
        return True
    pairs = table.values("env_prefixes")
    renamed = (pair.partition("=") for pair in pairs)
    twins = [new + name[len(old) :] for old, _, new in renamed if name.startswith(old)]
    return any(release.member(KIND, known) is not False for known in (name, *twins))


def _unread(release: Release, name: str, bound: Bound, spec: Spec) -> Diagnostic:
    from servec.dsl.diagnostic import Diagnostic, Figure, Label

    where = f"{release.runtime} {release.version}"
    text = release.span_of(KIND, name)
    first = release.first_with(KIND, name)
    if text and release.was(text):
        known = text.replace("..", " to ").removeprefix(" to ")
        code, title, why = "SRV203", f"no longer reads `{name}`", f"it was read in {known}"
    elif first:
        code, title, why = "SRV202", f"does not read `{name}` yet", f"it is seen in {first}"
    else:
        code, title, why = "SRV201", f"reads no variable `{name}`", "no release read had it"
    place = Label(bound.span, "would be ignored without a word")
    figures = (Figure("why", None, why),)
    return Diagnostic(code, "warning", f"{where} {title}"[:100], place, (), figures, (), spec.name)
