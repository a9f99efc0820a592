"""`--locked`: revisions are pinned to a commit, and what was emitted is up to date."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.api import Checked
    from servec.compiler.result import DeploymentResult

COMMIT = re.compile(r"[0-9a-f]{40}")


def unlocked_text(found: Checked, out: str) -> tuple[str, ...]:
    """One line for each thing that is not locked: revisions first, then files below `out`."""
    return (*unpinned(found.result.deployments), *_outdated(found, out))


def unpinned(deployments: tuple[DeploymentResult, ...]) -> Iterator[str]:
    """Deployments whose checkpoint may change under them."""
    for each in deployments:
        spec = each.spec
        model = spec.word("model") or ""
        revision = spec.word("checkpoint.revision") or ""
        if model.startswith(("./", "../", "/")) or COMMIT.fullmatch(revision):
            continue
        what = f"`{revision}`, which is no commit" if revision else "nothing"
        yield (
            f"{spec.file}: deployment {spec.name!r} pins {what}; --locked demands"
            " checkpoint.revision with the 40 digits of a commit"
        )


def _outdated(found: Checked, out: str) -> Iterator[str]:
    from servec.cli.write import FileSet, differences
    from servec.emissions import emissions_of

    made = emissions_of(found.result, found.sources)
    for change in differences(out, [FileSet(e.folder, e.artifacts) for e in made]):
        yield f"{change.path}: {STATE[change.change]}; `servec compile` writes it"


STATE = {
    "missing": "is missing",
    "differs": "differs from what would be emitted",
    "mode": "has another mode than what would be emitted",
    "stale": "is no longer emitted",
}
