"""The front end: a spec's path to its resolved deployments and fleets, and all that is wrong."""

from __future__ import annotations

from servec.dsl.document import Document
from servec.dsl.imports import read_all
from servec.dsl.limits import MAX_NAME
from servec.dsl.program import Program
from servec.dsl.record import replace
from servec.dsl.tree import Block, Broken, Import, Let

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Fleet
    from servec.dsl.scope import Scope
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec


def load(sources: Sources, path: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read `path` and what it imports; the findings of SRV0xx and SRV1xx in order of place.

    The document holds the deployments and fleets of this file, also those in which errors were
    found (`broken`). It is None where the structure of the file is in doubt, as with a `}` missing:
    what belongs to which block is then not known, and only syntax errors are reported.
    """
    program = Program(sources, path)
    data = sources.read(path)
    if data is None:
        from servec.dsl.checks.srv116_import import spec_absent

        return None, (spec_absent(path),)
    root = read_all(program, data)
    if not root.file.whole:
        return None, program.diagnostics()
    doubles = _check_top(program, root)
    document = Document(path, _deployments(program, root), _fleets(program, root))
    if doubles:
        from servec.dsl.top import read_doubles

        specs, fleets = read_doubles(program, root, doubles)
        document = Document(path, document.deployments + specs, document.fleets + fleets)
    if root.let_nodes.keys() - root.used:
        from servec.dsl.checks.srv115_unused_let import unused_lets

        unused_lets(program, root)
    return document, program.diagnostics()


def _deployments(program: Program, root: Scope) -> tuple[Spec, ...]:
    if root.profiles:
        from servec.dsl.parents import check_extends

        for block in root.profiles.values():
            if program.full:
                break
            check_extends(program, program.body(root, block, "deployment"))
    found = []
    for block in root.deployments.values():
        if program.full:
            break
        spec = program.spec(root, block)
        found.append(spec if _is_named(block) else replace(spec, broken=True))
    return tuple(found)


def _fleets(program: Program, root: Scope) -> tuple[Fleet, ...]:
    if not root.fleets:
        return ()
    from servec.dsl.fleet import resolve_fleet

    return tuple(resolve_fleet(program, root, block) for block in root.fleets.values())


def _check_top(program: Program, root: Scope) -> list[Block]:
    """Report statements that do not stand at top level, names that are not good, doubles.

    Returned are the blocks whose name another one has. A misspelt block is named as it was meant.
    """
    doubles: list[Block] = []
    for first, again in root.doubles:
        from servec.dsl.checks.srv104_twice import name_twice

        program.report(name_twice(root.file, first, again))
        if type(again) is Block:
            doubles.append(again)
    for node in root.file.statements:
        if type(node) is Let:
            good = "." not in node.name.text
        elif type(node) is Import:
            good = "." not in node.alias.text
        else:
            good = type(node) is Broken or (type(node) is Block and _is_named(node))
        if not good:
            from servec.dsl.top import misplaced, named_now

            meant = misplaced(program, root, node)
            if meant is not None and not named_now(root, meant):
                doubles.append(meant)
    return doubles


def _is_named(block: Block) -> bool:
    """Whether a block has a place at top level and a good name; a deployment's names a folder."""
    if block.label is None or block.name not in ("deployment", "profile", "fleet"):
        return False
    name = block.label.text
    if block.name != "deployment":
        return bool(name)
    plain = name.replace("_", "a").replace("-", "a").replace(".", "a")
    return len(name) <= MAX_NAME and plain.isascii() and plain.isalnum() and name[0].isalnum()
