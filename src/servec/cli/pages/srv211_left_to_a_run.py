"""An argument of a program is known only when the program runs.

Checks: the arguments of a call in Python that starts a runtime (`LLM(…)`, `Engine(…)`), whose
    values follow from nothing in the file: they are read, a function gives them, or a test decides.
Because: the program is read and never run. Such an argument is left out, and an error that hangs
    on what room the launch takes or how it is split is a warning then.
Wrong: LLM(model="Qwen/Qwen3-8B", tensor_parallel_size=int(sys.argv[1]))
Right: LLM(model="Qwen/Qwen3-8B", tensor_parallel_size=2)
Source: the file itself
"""

from __future__ import annotations

from servec.compiler.rules.labels import at
from servec.dsl.diagnostic import Diagnostic, Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.dsl.spec import Spec

SHOWN = 6
"""Arguments that are told one by one."""


def left_out(spec: Spec, left: Sequence[tuple[str, str]]) -> Diagnostic:
    """The note on the arguments of one call, with what each is in the program."""
    first, text = left[0]
    told = f"`{first}` is known only when the program runs"
    if len(left) > 1:
        told = f"`{first}` and {len(left) - 1} more are known only when the program runs"
    figures = tuple(Figure(name, None, f"{name} = {text}") for name, text in left[:SHOWN])
    why = (Figure("why", None, "left out: what hangs on it is not judged"),)
    label = at(spec, "target", text[:60])
    return Diagnostic("SRV211", "note", told[:100], label, (), (*figures, *why), (), spec.name)
