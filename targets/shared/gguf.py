"""GGUF checkpoints: one file of a repository, named as each runtime version reads it."""

from __future__ import annotations

from servec.compiler.target import Step
from servec.targets.shared.effective import planned
from servec.targets.shared.portable import load_portable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

FOLDER = "weights"


def model_words(case: Case) -> str:
    """What the command calls the model: the repository or path, with the GGUF file if there is one.

    How a file in a repository is named is in the portable table, `checkpoint.file` (`via`): `type`
    (`repo:Q4_K_M`), `path` (`repo/file.gguf`) or `local` (fetched before the launch).
    """
    repo, file = planned(case).checkpoint, _file(case)
    if not file:
        return repo
    if _is_path(repo):
        return f"{repo.rstrip('/')}/{file}"
    how = _via(case)
    if how == "type":
        return f"{repo}:{planned(case).weights_word.upper()}"
    return f"{FOLDER}/{file}" if how == "local" else f"{repo}/{file}"


def gguf_steps(case: Case) -> tuple[Step, ...]:
    """The download of the file, where the runtime reads local files alone."""
    repo, file = planned(case).checkpoint, _file(case)
    if not file or _is_path(repo) or _via(case) != "local":
        return ()
    revision = case.spec.word("checkpoint.revision")
    pinned = ("--revision", revision) if revision else ()
    argv = ("hf", "download", repo, file, *pinned, "--local-dir", FOLDER)
    return (Step("weights", "download", argv, makes=(f"{FOLDER}/{file}",)),)


def _file(case: Case) -> str:
    file = case.spec.word("checkpoint.file") or (case.model.file if case.model else "")
    return file if file.lower().endswith(".gguf") else ""


def _is_path(repo: str) -> bool:
    return repo.startswith(("/", "./", "../"))


def _via(case: Case) -> str:
    row = load_portable(case.target.name, case.capabilities.version).rows["checkpoint.file"]
    via: str = row.get("via", "path")
    return via
