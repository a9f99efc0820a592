"""Statement not allowed here.

Checks: `servec` stands first and once; `import`, `let`, `deployment`, `profile` and `fleet` stand
    at top level; relations and `unset` stand in blocks; `assert` stands directly in a deployment,
    profile, role or fleet.
Because: a name must be found where a reader looks for it, at the top of its file, and a relation
    outside any block belongs to no deployment.
Wrong: let gpus = 4
    tensor = $gpus
Right: let gpus = 4
    profile "wide" { parallel { tensor = $gpus } }
Source: language reference, "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span
from servec.dsl.record import replace
from servec.dsl.tree import Assert, Block, Import, Let, Unset
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.tree import File, Statement
    from servec.dsl.unexpected import Unexpected

WORDS = {Import: "import", Let: "let", Unset: "unset", Assert: "assert"}


def _finding(title: str, span: Span, text: str) -> Diagnostic:
    return Diagnostic("SRV010", "error", title, Label(span, text))


def pragma_again(here: Unexpected) -> Diagnostic:
    """`servec` anywhere but at the start."""
    return _finding("the language is stated once, first in the file", here.span(), "said again")


def statement_not_here(file: File, node: Statement) -> Diagnostic:
    """A statement inside a block that stands elsewhere."""
    if type(node) is Block:
        word, where = node.name, "belongs at top level"
    else:
        word = WORDS.get(type(node), "a relation")
        where = "belongs at top level"
        if word == "assert":
            where = "belongs directly in a deployment, profile, role or fleet"
    span = Span(file.path, node.start, node.start + len(word))
    return _finding(f"{code(word)} {where}", span, "not allowed in this block")


def not_at_top(file: File, node: Statement) -> Diagnostic:
    """A statement at top level that stands in blocks."""
    if type(node) is Block:
        name = code(node.name)
        span = Span(file.path, node.start, node.start + len(node.name))
        return _finding(f"the block {name} belongs in a deployment", span, "not at top level")
    if type(node) in WORDS:
        word = WORDS[type(node)]
        span = Span(file.path, node.start, node.start + len(word))
        return _finding(f"`{word}` belongs in a block", span, "not at top level")
    span = Span(file.path, node.start, node.end)
    found = _finding("a relation belongs in a block", span, "belongs to no deployment here")
    return replace(found, fixes=(Fix('put it in a block: `deployment "name" { ... }`'),))
