"""servec as a library: check, compile and format over files in memory.

`sources` is a mapping from path to text (or bytes), or any `servec.dsl.sources.Sources`. Paths use
forward slashes; imports and local models are looked up in the same mapping. Nothing is printed,
written, or remembered between calls. What the user did wrong is a `Diagnostic` in the result;
`ValueError` is raised for a path that is not among the sources, `BadTarget` (a `ValueError`) for a
target that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping

from servec.dsl.record import record
from servec.dsl.sources import MemorySources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from servec.compiler.result import DeploymentResult, Request, Result
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Document
    from servec.dsl.sources import Sources
    from servec.emissions import Emission

    Files = Mapping[str, str | bytes]


MANY = 16
"""Specs from which on it shows that the collector of cycles looks after every few objects."""


class BadTarget(ValueError):
    """A word of `target` that names no target."""


@record
class Checked:
    """What `check` found. `result` holds every deployment with its candidates, `sources` what
    the findings point into; `documents` are the specs that could be read, in order."""

    diagnostics: tuple[Diagnostic, ...]
    result: Result
    documents: tuple[Document, ...]
    sources: Sources

    @property
    def failed(self) -> bool:
        """Whether there is an error, so that nothing may be emitted."""
        return any(item.severity == "error" for item in self.diagnostics)


@record
class Compiled:
    """What `compile` made: `emissions` are empty where there is an error."""

    diagnostics: tuple[Diagnostic, ...]
    result: Result
    emissions: tuple[Emission, ...]
    sources: Sources

    @property
    def failed(self) -> bool:
        """Whether there is an error, so that nothing was emitted."""
        return any(item.severity == "error" for item in self.diagnostics)


def check(
    sources: Files | Sources,
    specs: Sequence[str] = (),
    *,
    target: str = "",
    deployment: str = "",
    wide: bool = False,
    brief: bool = False,
    release: str = "",
) -> Checked:
    """Read, resolve, plan and judge specs; emits nothing.

    `specs`: the paths to check, by default every `.srv` file of a mapping. `target`: as
    `--target` (`auto`, `all`, or names joined by commas), "" leaves it to each spec. `deployment`:
    this one alone. `wide` keeps several plans of a target as candidates. `brief`: only findings are
    wanted, so that a runtime around another's engine is no candidate where that engine serves.
    `release` (`vllm@0.11.0`): memory is summed as that release took it, whatever the spec states.
    """
    return _check(sources, specs, target, deployment, wide, brief, release)


def compile(
    sources: Files | Sources,
    specs: Sequence[str] = (),
    *,
    target: str = "",
    deployment: str = "",
    forms: Sequence[str] = (),
    strict: bool = False,
) -> Compiled:
    """Check specs and make the files that start them; writes nothing.

    `specs` and `target` as in `check`. `deployment`: this one alone. `forms`: artifact forms
    (`shell`, `k8s`, …), by default those of the spec, else all that apply. `strict`: emit nothing
    where there is a warning either. Two deployments of one name are SRV104: one folder holds one.
    """
    found = _check(sources, specs, target, deployment, False)
    clashes = _clashes(found.result.deployments)
    diagnostics = _sorted((*found.diagnostics, *clashes))
    stop = ("error", "warning") if strict else ("error",)
    emissions: tuple[Emission, ...] = ()
    if not any(item.severity in stop for item in diagnostics):
        from servec.emissions import emissions_of

        emissions = emissions_of(found.result, found.sources, forms)
        lacking = [item for emission in emissions for item in emission.findings]
        diagnostics = _sorted((*diagnostics, *lacking))
        emissions = () if strict and lacking else emissions
    return Compiled(diagnostics, found.result, emissions, found.sources)


def format(text: str) -> str:
    """`text` in the canonical style of the language; comments stay, the meaning does not change."""
    from servec.dsl.format import format_text

    return format_text(text)


def target_words(text: str, targets: Iterable[Target]) -> tuple[str, ...]:
    """The words of `--target`, in order and once each; `BadTarget` names one that is unknown."""
    known = ("auto", "all", *(target.name for target in targets))
    words = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    for word in words:
        if word not in known:
            raise BadTarget(f"there is no target {word!r}; there are {', '.join(known)}")
    if text.strip() and not words:
        raise BadTarget(f"{text!r} names no target; there are {', '.join(known)}")
    if len(words) > 1 and ("auto" in words or "all" in words):
        raise BadTarget("auto and all stand alone, names may be joined by commas")
    return words


def _check(
    sources: Files | Sources,
    specs: Sequence[str],
    target: str,
    deployment: str,
    wide: bool,
    brief: bool = False,
    release: str = "",
) -> Checked:
    from servec.compiler.predict.project import use_project_table
    from servec.compiler.result import Request
    from servec.dsl.load import load
    from servec.targets import TARGETS

    runtimes = _aged(TARGETS, release) if release else TARGETS
    door, paths = _opened(sources, specs)
    if paths:
        use_project_table(door, paths[0])
    words = target_words(target, runtimes)
    documents = []
    diagnostics: list[Diagnostic] = []
    for path in paths:
        document, found = load(door, path)
        diagnostics += found
        if document is not None:
            documents.append(document)
    request = Request(words, deployment, wide, door, brief)
    result = _result(tuple(documents), runtimes, request)
    found = _sorted((*diagnostics, *result.diagnostics))
    if any(not edit.insert for item in found for fix in item.fixes for edit in fix.edits):
        from servec.dsl.removal import tidied

        found = tidied(found, door)
    return Checked(found, result, tuple(documents), door)


def _aged(targets: tuple[Target, ...], release: str) -> tuple[Target, ...]:
    from servec.targets.shared.past.aged import aged

    return aged(targets, release)


def _result(
    documents: tuple[Document, ...], runtimes: tuple[Target, ...], request: Request
) -> Result:
    """What the specs compile to; of many the collector of cycles is asked less often."""
    from servec.compiler.pipeline import compile_documents

    if len(documents) < MANY:
        return compile_documents(documents, runtimes, request)
    from servec.collector import Rarely

    with Rarely():
        return compile_documents(documents, runtimes, request)


def _opened(sources: Files | Sources, specs: Sequence[str]) -> tuple[Sources, tuple[str, ...]]:
    door: Sources
    if isinstance(sources, Mapping):
        door = MemorySources(sources)
        paths = tuple(specs) or tuple(path for path in sources if path.endswith(".srv"))
    else:
        door, paths = sources, tuple(specs)
    for path in paths:
        if door.read(path) is None:
            raise ValueError(f"there is no readable file {path!r} among the sources")
    return door, tuple(dict.fromkeys(paths))


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In order of place and code, each once: a file that is imported twice is judged twice."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda item: item.order))


def _clashes(deployments: Sequence[DeploymentResult]) -> list[Diagnostic]:
    """SRV104 for deployments of different files that share a name."""
    first: dict[str, DeploymentResult] = {}
    found: list[Diagnostic] = []
    for each in deployments:
        other = first.setdefault(each.spec.name, each)
        if other.spec.file != each.spec.file:
            from servec.clash import clash

            found.append(clash(other.spec, each.spec))
    return found
