"""The hardware does not run this precision.

Checks: the device has kernels in this runtime for the weights, the KV cache and the `compute`
    type, and multiplies the `activations` that the spec asks for.
Because: each kernel needs instructions of the chip. Weights that are stored but not multiplied
    natively are only slower (SRV314); activations that the chip cannot multiply do not start.
Wrong: target = vllm; model = llama-3.1-8b; hardware = t4 x 2
    precision { weights = bf16; kv = fp16 }
Right: target = vllm; model = llama-3.1-8b; hardware = t4 x 2
    precision { weights = fp16; kv = fp16 }
Source: precision tables of the runtimes (vllm 0.33.0 model_executor/layers/quantization
    get_min_capability; sglang 0.5.23 srt/layers/quantization); hardware table, native types
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Support
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.target import Case


def check(case: Case, way: Loading | None) -> Diagnostic | None:
    """The finding on weights, cache or activations that the device does not run, else None."""
    device = case.device
    if device is None or case.capabilities.unread(device):
        return None
    tables = case.capabilities
    if way is not None:
        support = tables.precisions.get(way.scheme)
        if support is not None and not _on(support, device.arch):
            return _diagnose(case, "precision.weights", way.word, way.scheme, support)
    kv = case.spec.word("precision.kv")
    support = tables.kv.get(kv) if kv else None
    if kv and support is not None and not _on(support, device.arch):
        return _diagnose(case, "precision.kv", kv, kv, support)
    compute = case.spec.word("precision.compute")
    support = tables.precisions.get(compute) if compute else None
    if compute and support is not None and not _on(support, device.arch):
        return _diagnose(case, "precision.compute", compute, compute, support)
    acts = case.spec.word("precision.activations")
    if acts and acts not in device.native:
        return _diagnose(case, "precision.activations", acts, acts, None)
    return None


def _on(support: Support, arch: str) -> bool:
    return arch in support.native or arch in support.emulated


def _diagnose(case: Case, path: str, word: str, scheme: str, support: Support | None) -> Diagnostic:
    device, spec = case.device, case.spec
    assert device is not None
    part = path.partition(".")[2]
    primary = at(spec, path, f"{scheme} does not run on {device.arch}")
    if support is not None:
        figures = (
            Figure("runs_on", None, f"{case.target.name} runs {scheme} {_where(case, support)}"),
        )
        title = f"{case.target.name} has no {word} {part} on {device.name}"
    else:
        native = ", ".join(sorted(device.native))
        figures = (Figure("native", None, f"{device.name} multiplies {native or '16 bits'}"),)
        title = f"{device.name} does not multiply {word}"
    return Diagnostic(
        "SRV304",
        "error",
        title,
        primary,
        seconds(primary, at(spec, "hardware", device.arch), stated(spec, "target", "runtime")),
        figures,
        _fixes(case, path),
    )


def _where(case: Case, support: Support) -> str:
    """The architectures of the device's maker that run it, in order of their numbers."""
    device = case.device
    assert device is not None
    family = device.arch.rstrip("0123456789abcdef") or device.arch
    own = [arch for arch in support.native | support.emulated if arch.startswith(family)]
    own.sort(key=lambda arch: (len(arch), arch))
    return f"on {', '.join(own)}" if own else "on no architecture of this maker"


def _fixes(case: Case, path: str) -> tuple[Fix, ...]:
    """The nearest precision that this runtime runs on the device."""
    device, spec = case.device, case.spec
    assert device is not None
    if path == "precision.activations":
        near = next((w for w in ("bf16", "fp16") if w in device.native), "")
    else:
        table = case.capabilities.kv if path == "precision.kv" else case.capabilities.precisions
        near = next((w for w in ("bf16", "fp16") if w in table and _on(table[w], device.arch)), "")
    if not near:
        return (Fix("take other hardware"),)
    title = f"take {near}, which runs on {device.arch}"
    return (Fix(title, write(spec, {path: near})),)
