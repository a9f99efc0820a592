"""The runtime does not have this precision.

Checks: weights and KV cache are of a kind that this version of the runtime can run at all.
Because: no flag or conversion helps where a runtime has no kernels for a format: a GGUF file
    needs llama.cpp, an MLX checkpoint needs MLX.
Wrong: target = vllm; model = qwen3-4b; hardware = h100 x 1; precision { weights = mlx4 }
Right: target = vllm; model = qwen3-4b; hardware = h100 x 1; precision { weights = bf16 }
Source: precision tables of the runtimes, by version (vllm model_executor/layers/quantization
    QuantizationMethods; sglang srt/layers/quantization BASE_QUANTIZATION_METHODS)
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.target import Case


def check(case: Case, way: Loading | None) -> Diagnostic | None:
    """The finding on weights or a cache that the runtime does not have, else None."""
    tables = case.capabilities
    if way is not None and way.scheme not in tables.precisions:
        return _diagnose(case, "precision.weights", way.word, way.scheme)
    want = case.spec.word("precision.weights")
    if way is None and want is not None and not _some(case, want):
        return _diagnose(case, "precision.weights", want, want)
    kv = case.spec.word("precision.kv")
    if kv is not None and kv not in tables.kv:
        return _diagnose(case, "precision.kv", kv, kv)
    return None


def _some(case: Case, word: str) -> bool:
    """Whether any scheme that the word stands for is one of the runtime's."""
    from servec.compiler.catalogue.precision import schemes_of

    known = case.capabilities.precisions
    return word in known or any(name in known for name in schemes_of(word))


def _diagnose(case: Case, path: str, word: str, scheme: str) -> Diagnostic:
    spec, name, version = case.spec, case.target.name, case.capabilities.version
    part = path.partition(".")[2]
    shown = word if scheme == word else f"{word} ({scheme})"
    primary = at(spec, path, f"not in {name} {version}")
    known = _words(case, path)
    near = _near(case, path, word, known)
    edits = write(spec, {path: near}) if near and spec.word(path) else ()
    return Diagnostic(
        "SRV305",
        "error",
        f"{name} {version} does not run {shown} {part}",
        primary,
        seconds(
            primary, stated(spec, "target", "the runtime asked for"), at(spec, "model", "model")
        ),
        (Figure("known", len(known), f"{name} runs {', '.join(known)}"),),
        (Fix(f"take {near}", edits),) if near else (Fix("take another runtime"),),
    )


def _words(case: Case, path: str) -> list[str]:
    if path == "precision.kv":
        return sorted(case.capabilities.kv)
    from servec.compiler.catalogue.precision import word_of

    return sorted({word_of(scheme) for scheme in case.capabilities.precisions})


WIDTHS = {"8": ("fp8", "int8"), "4": ("awq", "gptq", "nvfp4", "mxfp4")}


def _near(case: Case, path: str, word: str, known: list[str]) -> str:
    """The word of the same width that the runtime has and that files exist for, else 16 bits."""
    order = next((words for digit, words in WIDTHS.items() if digit in word), ())
    if path == "precision.weights":
        order = tuple(other for other in order if _served(case, other))
    return next((w for w in (*order, "bf16", "fp16", "f16") if w in known and w != word), "")


def _served(case: Case, word: str) -> bool:
    """Whether the device runs a checkpoint of that kind, or one the runtime makes as it loads."""
    from servec.compiler.catalogue.models import variant
    from servec.compiler.decide.checkpoint import runs

    found = variant(case.model, word) if case.model is not None else None
    made = case.capabilities.quantize_at_load.get(word, "")
    return any(
        scheme and runs(case.capabilities, case.device, scheme)
        for scheme in (found.quant.scheme if found is not None else "", made)
    )
