"""Reads a launch so that it compiles back to itself: what does not, stays native."""

from __future__ import annotations

from servec.dsl.record import record, replace
from servec.targets.shared.importing.compare import compare
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.read import read_command
from servec.targets.shared.importing.said import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.compiler.result import DeploymentResult
    from servec.compiler.target import Launch, Process, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compare import Difference
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.read import Imported, Wish
    from servec.targets.shared.importing.sheet import Reader

ROUNDS = 4


@record
class Outcome:
    """An imported spec with what the compiler makes of it.

    `process` is None where it cannot be compiled; `diagnostics` then hold the errors.
    """

    imported: Imported
    diagnostics: tuple[Diagnostic, ...]
    process: Process | None
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that change what is launched."""
        return tuple(item for item in self.differences if not item.why)


def import_command(
    wish: Wish,
    words: Sequence[str],
    env: Mapping[str, str],
    readers: Mapping[str, Reader],
    target: Target,
    path: str = "imported.srv",
    others: Sequence[Command] = (),
) -> Outcome:
    """Read a command, compile the spec, and keep native what comes back otherwise.

    `others` are those of the further nodes; where they do not come back, `process` is None.
    """
    best: Outcome | None = None
    for _ in range(ROUNDS):
        imported = read_command(wish, words, env, readers)
        found = outcome(imported, target, path, others)
        if best is None or _badness(found) < _badness(best):
            best = found
        text, made = imported.text, found.differences
        more = changed(imported, made, found.diagnostics, text) - wish.kept
        undone = restored(imported, made) - wish.undone
        unread: frozenset[str] = frozenset()
        if not wish.strict:
            unread = unread_variables(imported, found.diagnostics, text)
        if not more and not undone and not unread:
            break
        wish = replace(
            wish,
            kept=wish.kept | more,
            undone=wish.undone | undone,
            ignored=wish.ignored | unread,
        )
    assert best is not None
    return best


def outcome(
    imported: Imported, target: Target, path: str, others: Sequence[Command] = ()
) -> Outcome:
    """What the compiler makes of an imported spec."""
    launch, diagnostics = compiled(imported.text, target, path)
    if launch is None:
        return Outcome(imported, diagnostics, None, ())
    files = {each.path: each.text for each in launch.configs}
    found: list[Difference] = []
    first = 0 if others or imported.sheet.nodes == 1 else imported.sheet.whole("node-rank", 0)
    for rank, process in enumerate(launch.processes[first : first + 1 + len(others)], first):
        given = _of_rank(imported, others[rank - 1]) if rank > first else imported
        words = command(process.argv).words
        name = process.name if others else ""
        made = compare(given, words, process.env, files, rank)
        found += [replace(item, process=name) for item in made]
    if len(launch.processes) <= first + len(others):
        return Outcome(imported, diagnostics, None, ())
    return Outcome(imported, diagnostics, launch.processes[first], tuple(found))


def _of_rank(imported: Imported, other: Command) -> Imported:
    """The same import as a further node's command has it."""
    env = {name: value for name, value in other.env.items() if name not in imported.withheld}
    return replace(imported, said=said(imported.sheet.table, other.words), env=env)


def compiled(text: str, target: Target, path: str) -> tuple[Launch | None, tuple[Diagnostic, ...]]:
    """The launch of a spec's one deployment, None where it is refused, and all findings."""
    result, diagnostics = _result(text, target, path)
    chosen = result.chosen if result else None
    wrong = any(item.severity == "error" for item in diagnostics)
    if chosen is None or (wrong and not chosen.cases):
        return None, diagnostics
    return chosen.launch(), diagnostics


def _result(
    text: str, target: Target, path: str
) -> tuple[DeploymentResult | None, tuple[Diagnostic, ...]]:
    from servec.compiler.pipeline import compile_documents
    from servec.compiler.result import Request
    from servec.dsl.load import load
    from servec.dsl.sources import MemorySources

    sources = MemorySources({path: text})
    document, found = load(sources, path)
    if document is None:
        return None, found
    result = compile_documents((document,), (target,), Request((target.name,), sources=sources))
    every = tuple(sorted({*found, *result.diagnostics}, key=lambda item: item.order))
    return (result.deployments[0] if result.deployments else None), every


def _badness(found: Outcome) -> tuple[bool, int, int]:
    errors = sum(item.severity == "error" for item in found.diagnostics)
    return found.process is None, errors, len(found.unexplained)


def changed(
    imported: Imported,
    differences: Sequence[Difference],
    diagnostics: Sequence[Diagnostic],
    text: str,
) -> frozenset[str]:
    """Options whose fields come back otherwise, or that the compiler refuses as fields."""
    sheet = imported.sheet
    named = {item.name for item in differences if item.kind != "added" and not item.why}
    made = {name for name in named if name in sheet.said}
    made |= {name for item in diagnostics for name in _refused(imported, item, text)}
    grown = set(made)
    for names in sheet.origin.values():
        if made.intersection(names):
            grown.update(names)
    return frozenset(grown)


def restored(imported: Imported, differences: Sequence[Difference]) -> frozenset[str]:
    """Options with a default that are written though the line leaves them alone."""
    table = imported.sheet.table
    names = [item.name for item in differences if item.kind == "added" and not item.why]
    options = ((name, table.option(name)) for name in names)
    return frozenset(
        name
        for name, option in options
        if option and (option.default is not None or option.boolean)
    ) - frozenset(imported.said.options)


def unread_variables(
    imported: Imported, diagnostics: Sequence[Diagnostic], text: str
) -> frozenset[str]:
    """Variables that this version of the runtime does not read (SRV201, SRV203)."""
    data = text.encode()
    names = {
        data[item.primary.span.start : item.primary.span.end].decode().partition(" ")[0]
        for item in diagnostics
        if item.severity == "error" and item.code in ("SRV201", "SRV203")
    }
    return frozenset(names & imported.sheet.variables.keys())


def _refused(imported: Imported, item: Diagnostic, text: str) -> tuple[str, ...]:
    """The options behind the line that an error points at; what the runtime refuses of a line that
    is judged is to be told, not said by other means."""
    codes = ("SRV1",) if imported.sheet.judged else ("SRV1", "SRV3")
    if item.severity != "error" or not item.code.startswith(codes):
        return ()
    lines = text.encode()[item.primary.span.start : item.primary.span.end].decode()
    name = lines.partition("=")[0].strip()
    sheet = imported.sheet
    return tuple(
        option
        for path, options in sheet.origin.items()
        if path == name or path.rpartition(".")[2] == name
        for option in options
    )
