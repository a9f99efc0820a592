"""One spec and all it imports: the scopes by path, and what was found so far."""

from __future__ import annotations

from servec.dsl.limits import MAX_FINDINGS
from servec.dsl.sources import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.schema.language import Place
    from servec.dsl.scope import Scope
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec
    from servec.dsl.tree import Block


class Program:
    """The files of one `load`. Findings are kept once each: a profile's line is one mistake.

    `checked` are the bodies whose `extends` were followed.
    """

    def __init__(self, sources: Sources, path: str) -> None:
        """Nothing read yet; `path` is the spec."""
        self.sources = sources
        self.path = path
        self.scopes: dict[str, Scope] = {}
        self._specs: dict[tuple[str, int], Spec] = {}
        self.checked: set[int] = set()
        self.full = False  # so much was found that checking stops
        self._found: dict[tuple[object, ...], Diagnostic] = {}

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a finding, as long as there are few."""
        if self.full:
            return
        key = (diagnostic.code, diagnostic.primary.span, diagnostic.title)
        self._found.setdefault(key, diagnostic)
        self.full = len(self._found) >= MAX_FINDINGS

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings, by file, offset and code, each with the deployment it lies in."""
        if not self._found:
            return ()
        found = (self._placed(diagnostic) for diagnostic in self._found.values())
        return tuple(sorted(found, key=lambda diagnostic: diagnostic.order))

    def _placed(self, diagnostic: Diagnostic) -> Diagnostic:
        from servec.dsl.record import replace

        span = diagnostic.primary.span
        scope = self.scopes.get(normal(span.file))
        for name, block in scope.deployments.items() if scope else ():
            if block.start <= span.start < block.end:
                return replace(diagnostic, deployment=name)
        return diagnostic

    def body(self, scope: Scope, block: Block, place: Place) -> Body:
        """The typed body of a block, read once."""
        found = scope.bodies.get(block.start)
        if found is None:
            from servec.dsl.read_body import read_body

            found = scope.bodies[block.start] = read_body(scope, block, place, self)
            if any(block.start <= d.primary.span.start < block.end for d in scope.file.diagnostics):
                found.broken = True
            if scope.file.strays:
                from servec.dsl.doubt import ANYTHING
                from servec.dsl.strays import spilt

                if block.start in spilt(scope.file):
                    found.broken = True
                    found.doubts.add(ANYTHING)
        return found

    def spec(self, scope: Scope, block: Block) -> Spec:
        """The resolved deployment of a block, resolved once."""
        key = (scope.file.path, block.start)
        found = self._specs.get(key)
        if found is None:
            from servec.dsl.resolve import resolve

            found = self._specs[key] = resolve(self, scope, block)
        return found
