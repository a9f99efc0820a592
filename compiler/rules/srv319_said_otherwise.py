"""A field is said by an option that means something else.

Checks: where a spec is carried to another runtime than it was written for (by `--target`, or with
    the `on` block of another alone), each field whose option there counts or covers something else.
Because: who compares the two commands sees other figures than before. servec has turned the field
    into what the option means; the note says how, so that nobody corrects it by hand.
Wrong: target = sglang; model = qwen3-30b-a3b; hardware = h100 x 2; limits { memory = 85% }
    on vllm { max-logprobs = 40 }
Right: target = sglang; model = qwen3-30b-a3b; hardware = h100 x 2; limits { memory = 85% }
Source: the portable table of the runtime, whose rows each name file and version
"""

from __future__ import annotations

from servec.compiler.rules.labels import at
from servec.compiler.rules.left_out import carried
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Case


def checks(case: Case) -> Iterator[Diagnostic]:
    """A note for each field that is said otherwise."""
    spec = case.spec
    for path, how in case.capabilities.otherwise.items() if carried(case) else ():
        if path in spec.settings:
            yield Diagnostic(
                "SRV319",
                "note",
                f"`{path}` is said otherwise to {case.target.name} {case.capabilities.version}",
                at(spec, path, "as the spec means it"),
                (),
                (Figure("otherwise", None, how),),
                (Fix("nothing to do: servec has counted with it"),),
            )
