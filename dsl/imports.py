"""Reads a spec and the files it imports, each once, and gives them their scopes."""

from __future__ import annotations

from servec.dsl.limits import MAX_FILES, MAX_IMPORTED_BYTES
from servec.dsl.parse import parse
from servec.dsl.scope import Scope
from servec.dsl.sources import normal, parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.program import Program
    from servec.dsl.tree import File, Import


def read_all(program: Program, data: bytes) -> Scope:
    """The scope of the spec whose bytes are `data`, with those of all it imports.

    Imported files are settled before their importer, so references only look back.
    """
    reading = _Reading(program)
    root = reading.add(program.path, data)
    while reading.stack:
        reading.step()
    return root


class _Reading:
    """A depth-first walk over the imports with its own stack, so that depth costs no recursion."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stack: list[tuple[Scope, list[Import]]] = []
        self.size = 0

    def add(self, path: str, data: bytes) -> Scope:
        """Parse a file and put its imports on the walk."""
        self.size += len(data)
        file = parse(path, data)
        for found in file.diagnostics:
            self.program.report(found)
        scope = Scope(file)
        self.program.scopes[normal(path)] = scope
        self.stack.append((scope, list(reversed(scope.import_nodes.values()))))
        return scope

    def step(self) -> None:
        """Follow one import, or settle the file that has none left."""
        scope, left = self.stack[-1]
        if not left:
            self.stack.pop()
            scope.settle(self.program.report)
            return
        node = left.pop()
        scope.imports[node.alias.text] = None
        target = self._target(scope.file, node)
        if target is None:
            return
        known = self.program.scopes.get(target)
        if known is None:
            self._read(scope, node, target)
        elif any(open_scope is known for open_scope, _ in self.stack):
            self._cycle(known, node)
        else:
            scope.imports[node.alias.text] = known

    def _target(self, file: File, node: Import) -> str | None:
        """The path an import names, or None (and SRV116) where it leads out of the project."""
        wanted = node.path.text
        folder = parent(file.path)
        path = normal(f"{folder}/{wanted}" if folder else wanted)
        good = wanted and "\\" not in wanted and "://" not in wanted and not wanted.startswith("/")
        if good and self.program.sources.holds(path, file.path):
            return path
        from servec.dsl.checks.srv116_import import import_outside

        self.program.report(import_outside(file, node))
        return None

    def _read(self, scope: Scope, node: Import, target: str) -> None:
        from_here = self.program
        if len(from_here.scopes) >= MAX_FILES or self.size > MAX_IMPORTED_BYTES:
            from servec.dsl.checks.srv116_import import too_much_imported

            from_here.report(too_much_imported(scope.file, node))
            return
        data = from_here.sources.read(target)
        if data is None:
            from servec.dsl.checks.srv116_import import import_absent

            from_here.report(import_absent(from_here, scope.file, node, target))
            return
        scope.imports[node.alias.text] = self.add(target, data)

    def _cycle(self, known: Scope, node: Import) -> None:
        from servec.dsl.checks.srv105_cycle import import_cycle

        files = [scope.file for scope, _ in self.stack]
        first = next(i for i, (scope, _) in enumerate(self.stack) if scope is known)
        self.program.report(import_cycle(files[first:], node))
