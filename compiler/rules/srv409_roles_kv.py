"""The roles keep their KV cache in different types.

Checks: `precision.kv` says the same in `role prefill` and `role decode`.
Because: the decode server reads the cache as the prefill server wrote it; connectors move bytes
    and convert nothing.
Wrong: role prefill { parallel { tensor = 8 }; precision { kv = fp8 } }
    role decode { parallel { tensor = 8 }; precision { kv = bf16 } }
Right: role prefill { parallel { tensor = 8 }; precision { kv = fp8 } }
    role decode { parallel { tensor = 8 }; precision { kv = fp8 } }
Source: vllm 0.33.0 docs/features/nixl_connector_compatibility.md; sglang 0.5.23
    srt/disaggregation
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec

PATH = "precision.kv"


def judge(spec: Spec) -> Diagnostic | None:
    """The finding on a deployment with roles, else None."""
    one, two = spec.roles.get("prefill"), spec.roles.get("decode")
    if one is None or two is None:
        return None
    first, second = one.word(PATH), two.word(PATH)
    if first == second or first is None or second is None:
        return None
    return Diagnostic(
        "SRV409",
        "error",
        f"prefill keeps its cache in {first}, decode in {second}",
        at(two, PATH, f"reads {second}"),
        (at(one, PATH, f"writes {first}"),),
        (Figure("types", 2, "the transfer moves bytes and converts nothing"),),
        (Fix(f"keep {first} in both roles", write(two, {PATH: first})),),
    )
