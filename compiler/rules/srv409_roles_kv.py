"""The roles keep their KV cache in different types or pages.

Checks: `precision.kv` says the same in `role prefill` and `role decode`, and so does
    `precision.compute` where the cache has the type of the computation. A block of vLLM's decode
    servers holds whole blocks of the prefill servers, SGLang's pages are the same.
Because: the decode server reads the cache as the prefill server wrote it; connectors move bytes
    and convert nothing. They compare what they hold as they first meet, and refuse.
Wrong: role prefill { parallel { tensor = 8 }; precision { kv = fp8 } }
    role decode { parallel { tensor = 8 }; precision { kv = bf16 } }
Right: role prefill { parallel { tensor = 8 }; precision { kv = fp8 } }
    role decode { parallel { tensor = 8 }; precision { kv = fp8 } }
Source: vllm 0.33.0 docs/features/nixl_connector_compatibility.md,
    kv_connector/v1/nixl/base_worker.py (block_size_ratio >= 1); sglang 0.5.23
    srt/disaggregation/common/conn.py (Page size mismatch)
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec

TYPE, COMPUTE, BLOCK = "precision.kv", "precision.compute", "cache.block"


def judge(spec: Spec) -> Diagnostic | None:
    """The finding on a deployment with roles, else None."""
    one, two = spec.roles.get("prefill"), spec.roles.get("decode")
    if one is None or two is None:
        return None
    own = one.word(TYPE) is not None or two.word(TYPE) is not None
    for path in (TYPE,) if own else (COMPUTE,):
        first, second = one.word(path), two.word(path)
        if first is not None and second is not None and first != second:
            return _differing(one, two, path, first, second)
    return _blocks(spec, one, two)


def _differing(one: Spec, two: Spec, path: str, first: str, second: str) -> Diagnostic:
    what = "keeps its cache" if path == TYPE else "computes"
    return Diagnostic(
        "SRV409",
        "error",
        f"prefill {what} in {first}, decode in {second}",
        at(two, path, f"reads {second}"),
        (at(one, path, f"writes {first}"),),
        (Figure("types", 2, "the transfer moves bytes and converts nothing"),),
        (Fix(f"keep {first} in both roles", write(two, {path: first})),),
    )


def _blocks(spec: Spec, one: Spec, two: Spec) -> Diagnostic | None:
    first, second = one.whole(BLOCK), two.whole(BLOCK)
    if not first or not second or first == second:
        return None
    target = spec.word("target")
    if target not in ("vllm", "sglang") or (target == "vllm" and second % first == 0):
        return None
    return Diagnostic(
        "SRV409",
        "error",
        f"prefill keeps {first} tokens in a block, decode {second}",
        at(two, BLOCK, f"reads {second} tokens at once"),
        (at(one, BLOCK, f"writes {first}"),),
        (Figure("blocks", 2, "blocks are handed on whole"),),
        (Fix(f"keep {first} tokens in both roles", write(two, {BLOCK: f"{first} tokens"})),),
    )
