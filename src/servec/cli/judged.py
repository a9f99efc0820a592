"""The specs that lines become, in one file, and what is found against them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.sources import DiskSources
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome

HEAD = "servec 1\n\n"
FILE = "imported.srv"
"""What the text of the specs is called."""
NO_FIELD = "no such field"
LACKS = ("has no option", "no longer has")


def joined(outcomes: Sequence[Outcome]) -> str:
    """One file for all the specs; names are told apart by a number."""
    return "\n".join(_parts(outcomes))


def apart(groups: Sequence[Sequence[Outcome]]) -> list[str]:
    """The file of each group alone, at its place in the one of all: comments fill what is above."""
    parts = _parts([item for group in groups for item in group])
    made: list[str] = []
    at = 0
    for group in groups:
        above = "".join(f"{part}\n" for part in parts[:at])
        filled = HEAD + re.sub(r"[^\n]", "#", above[len(HEAD) :]) if at else ""
        made.append(filled + "\n".join(parts[at : at + len(group)]))
        at += len(group)
    return made


def _parts(outcomes: Sequence[Outcome]) -> list[str]:
    parts: list[str] = []
    for label, item in zip(_labels(outcomes), outcomes, strict=True):
        head, _, rest = item.imported.text.partition(f'"{item.imported.name}"')
        head = head.removeprefix(HEAD) if parts else head
        parts.append(f'{head}"{label}"{rest}')
    return parts


def _labels(outcomes: Sequence[Outcome]) -> list[str]:
    """The names of the deployments, told apart."""
    used: dict[str, int] = {}
    made: list[str] = []
    for name in (item.imported.name for item in outcomes):
        count = used[name] = used.get(name, 0) + 1
        made.append(f"{name}-{count}" if count > 1 else name)
    return made


def _said_in(item: Diagnostic, titles: str) -> bool:
    """Whether the option that a finding is on is refused among the titles with its value."""
    word = item.title.partition("`")[2].partition("`")[0].lstrip("-")
    told = [f" does not take `{word}{end}" for end in ("`", " = ")]
    if any(figure.text == NO_FIELD for figure in item.figures):
        told.append(f"`{word}` of ")  # the field is named there
    lacking = [f" {lacks} `{dash}{word}`" for lacks in LACKS for dash in ("", "--")]
    return any(title in titles for title in (*told, *lacking))


def judged(
    text: str, path: str, lines: Sequence[Outcome] = (), release: str = ""
) -> tuple[tuple[Diagnostic, ...], DiskSources, tuple[DeploymentResult, ...]]:
    """The findings on the spec, the sources that they point into, and what the deployments became.
    Models on disk are read.

    `lines`: the commands that the text was read from, where they are judged; of one alone its own
    words are, too. `release`: as `check` of the library takes it. SRV206 is left out: what stands
    in an `on` block here, the field would say otherwise.
    """
    from servec import api
    from servec.cli.sources import DiskSources

    sources = DiskSources()
    sources.put(path, text.encode())
    checked = api.check(sources, (path,), release=release)
    found = [item for item in checked.diagnostics if item.code != "SRV206"]
    if lines:
        from servec.cli.starts import started

        labels = dict(zip(_labels(lines), lines, strict=True))
        found = [started(item, labels.get(item.deployment, lines[0]).imported) for item in found]
    if len(lines) == 1:
        from servec.cli.imported import target_of
        from servec.cli.line_rules import line_findings

        more = line_findings(lines[0], target_of(lines[0].imported.runtime), sources, path)
        more = tuple(started(item, lines[0].imported) for item in more)
        told = "\n".join(item.title for item in found)
        found += [item for item in more if item.title not in told and not _said_in(item, told)]
    ordered = tuple(sorted(found, key=lambda item: item.order))
    return ordered, sources, checked.result.deployments


def stated_version(each: DeploymentResult, runtime: str) -> str:
    """The version of a line as it was stated, a range too; "" for none."""
    block = each.spec.on.get(runtime)
    return str(block.version.value) if block is not None and block.version is not None else ""
