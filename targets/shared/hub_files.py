"""Names of files that are made from a hub checkpoint before a launch, and the step that fetches it.

All lie below `models/` in the project's root, so that deployments share what they have in common.
"""

from __future__ import annotations

from servec.compiler.target import Step
from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

FOLDER = "models"


def slug(checkpoint: str) -> str:
    """A repository or path as one plain name."""
    made = "".join(c if c.isalnum() or c in "-_." else "-" for c in checkpoint)
    return made.strip("-.") or "model"


def is_local(checkpoint: str) -> bool:
    """Whether a checkpoint is a path on this machine."""
    return checkpoint.startswith(("/", "./", "../")) or "\\" in checkpoint


def fetched(checkpoint: str, revision: str, file: str = "") -> tuple[str, tuple[Step, ...]]:
    """Where a checkpoint (or one file of it) lies, and the step that brings it there.

    A local path stays where it is.
    """
    if is_local(checkpoint):
        return (f"{checkpoint.rstrip('/')}/{file}" if file else checkpoint), ()
    folder = f"{FOLDER}/{slug(checkpoint)}" + (f"@{slug(revision)}" if revision else "")
    words = ["hf", "download", checkpoint]
    if file:
        words.append(file)
    if revision:
        words += ["--revision", revision]
    words += ["--local-dir", folder]
    step = Step(f"fetch-{slug(checkpoint)}", "download", tuple(words), makes=(folder,))
    return (f"{folder}/{file}" if file else folder), (step,)


def pinned(case: Case) -> tuple[str, tuple[Step, ...]]:
    """The checkpoint of a plan as a server that takes no revision is given it: a folder, and the
    step that fetches it, where one is stated; else the repository."""
    checkpoint = planned(case).checkpoint
    revision = case.spec.word("checkpoint.revision") or ""
    return fetched(checkpoint, revision) if revision not in ("", "main") else (checkpoint, ())
