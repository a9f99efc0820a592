"""Required field missing.

Checks: a deployment has `model` and `hardware`, and `size` with `model = auto`; a workload has
    `rate` or `concurrency`; a pool, place and adapter have what they cannot do without; the roles
    `prefill` and `decode` stand together.
Because: these are what the compiler does not choose.
Wrong: workload { kind = chat }
Right: workload { kind = chat; concurrency = 16 }
Source: language reference, "Blocks and fields"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.wording import code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.spec import Bound

WHAT = {
    "model": "`model` names what is served, as in `model = qwen3-32b`",
    "hardware": "`hardware` names the devices of one node, as in `hardware = h100 x 8`",
}


def _finding(title: str, span: Span, text: str, fix: Fix) -> Diagnostic:
    return Diagnostic("SRV117", "error", title, Label(span, text), fixes=(fix,))


def deployment_lacks(body: Body, path: str) -> Diagnostic:
    """`model` or `hardware` is nowhere said, neither here nor in a profile."""
    block, file = body.block, body.scope.file
    assert block.label is not None
    span = Span(file.path, block.label.start, block.label.end)
    fix = Fix(WHAT[path])
    if path == "hardware":
        at = block.open + 1
        edit = Edit(Span(file.path, at, at), "\n  hardware = any")
        fix = Fix("let the compiler search the priced kinds", (edit,))
    title = f"the deployment {code(block.label.text)} says no {code(path)}"
    return _finding(title, span, "not here, and in no profile it extends", fix)


def block_lacks(body: Body, missing: list[str]) -> Diagnostic:
    """A pool, place or adapter without what it needs."""
    block = body.block
    assert block.label is not None
    span = Span(body.scope.file.path, block.label.start, block.label.end)
    names = codes(missing, "and")
    title = f"the {block.name} {code(block.label.text)} says no {codes(missing)}"
    return _finding(title, span, f"needs {names}", Fix(f"say {names}"))


def role_alone(body: Body) -> Diagnostic:
    """One of the two roles without the other."""
    label = body.block.label
    assert label is not None
    other = "decode" if label.text == "prefill" else "prefill"
    span = Span(body.scope.file.path, body.block.start, label.end)
    title = f"the role {code(label.text)} stands without {code(other)}"
    return _finding(title, span, "roles come in pairs", Fix(f"add `role {other} {{ }}`"))


def auto_lacks_size(model: Bound) -> Diagnostic:
    """`model = auto` without the size class."""
    end = model.span.end
    edit = Edit(Span(model.span.file, end, end), "; size = medium")
    fix = Fix("say how large it may be, here at most 15 billion parameters", (edit,))
    return _finding("`model = auto` needs `size`", model.span, "says no size", fix)


def workload_lacks_load(said: Bound) -> Diagnostic:
    """A workload without arrivals; `said` is a line of it."""
    end = said.span.end
    edit = Edit(Span(said.span.file, end, end), "; concurrency = 1")
    fix = Fix("say how many requests are in flight", (edit,))
    title = "the workload says neither `rate` nor `concurrency`"
    return _finding(title, said.span, "one of the two states the load", fix)
