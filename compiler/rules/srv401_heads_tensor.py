"""Heads, columns or the vocabulary cannot be shared out over the tensor split.

Checks: `parallel.tensor` divides the query heads; it divides the KV heads or is a multiple of
    them; it divides the heads of a vision tower that is in use, the feed-forward columns, and the
    vocabulary as the runtime pads it.
Because: each rank computes whole heads, columns and words. vLLM and SGLang assert this when the
    model is built; KV heads that are fewer than the ranks are copied, which needs a whole number
    of copies. mlx-lm divides without asking and would compute nonsense.
Wrong: hardware = h100 x 6; parallel { tensor = 6 }
Right: hardware = h100 x 8; parallel { tensor = 8 }
Source: vllm 0.33.0 vllm/config/model.py verify_with_parallel_config, layers/linear.py
    QKVParallelLinear, layers/vocab_parallel_embedding.py, vllm/distributed/utils.py divide;
    sglang 0.5.23 srt/models/qwen3_moe.py; mlx-lm 0.32.2 models/llama.py
"""

from __future__ import annotations

from servec.compiler.decide.degrees import divisors
from servec.compiler.rules.heads import columns, refused, unsplit, words
from servec.compiler.rules.labels import at, called, seconds, write
from servec.compiler.shown import shown
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def judge(spec: Spec, model: Model) -> Diagnostic | None:
    """The finding on a spec that pins a split no runtime can make, else None."""
    tensor = spec.whole("parallel.tensor")
    kind = unsplit(model, tensor) if tensor else ""
    return _diagnose(spec, model, tensor, kind, "") if tensor and kind else None


def check(case: Case) -> Diagnostic | None:
    """The finding on a planned case, else None."""
    if case.plan is None or case.model is None:
        return None
    tensor = case.plan.degrees.tensor
    kind = refused(case, tensor)
    if kind:
        return _diagnose(case.spec, case.model, tensor, kind, case.target.name)
    width, ranks = columns(case, case.plan.degrees)
    if width:
        return _uneven(
            case, width, ranks, "feed-forward columns", "columns in a feed-forward layer"
        )
    entries = words(case, tensor)
    return _uneven(case, entries, tensor, "words", "words, as it is padded") if entries else None


def _uneven(case: Case, width: int, ranks: int, parts: str, whole: str) -> Diagnostic:
    """The finding on `width` parts that `ranks` do not share out evenly."""
    from servec.compiler.decide.legal import nearest_legal

    spec, model, plan = case.spec, case.model, case.plan
    assert model is not None and plan is not None
    names = ("tensor", "pipeline", "data", "expert")
    found = nearest_legal(case, names)
    values = {
        "parallel." + name: str(getattr(found, name))
        for name in names
        if found is not None and getattr(found, name) != getattr(plan.degrees, name)
    }
    kind = parts.rpartition(" ")[2]
    primary = at(spec, "parallel.tensor", f"{width} {kind} over {ranks} ranks", "hardware")
    return Diagnostic(
        "SRV401",
        "error",
        f"{ranks} ranks do not split the {width} {parts} of {called(spec, model)}",
        primary,
        seconds(primary, at(spec, "model", f"{width} {whole}")),
        (Figure(kind, width, f"{width} / {ranks} = {shown(width / ranks)}, which must be whole"),),
        (Fix(f"split as {found}", write(spec, values)),) if found is not None else (),
    )


def _diagnose(spec: Spec, model: Model, tensor: int, kind: str, runtime: str) -> Diagnostic:
    heads = {"query": model.heads, "KV": model.kv_heads, "vision": model.vision_heads}[kind]
    here = f" in {runtime}" if runtime and not unsplit(model, tensor) else ""
    primary = at(spec, "parallel.tensor", f"{heads} {kind} heads over {tensor} ranks", "hardware")
    own = f"{model.heads} query heads, {model.kv_heads} KV heads"
    most = min(2 * tensor - 1, model.kv_heads if kind == "KV" and here else 2 * tensor)
    good = [n for n in divisors(model.heads) if n <= most and _good(model, n, kind)]
    figures = [
        Figure(
            "heads_per_rank",
            _ratio(heads, tensor),
            f"{heads} / {tensor} = {shown(heads / tensor)} heads on each rank, which must be whole",
        ),
        Figure("tensor", None, f"possible: tensor = {', '.join(map(str, good))}"),
    ]
    return Diagnostic(
        "SRV401",
        "error",
        f"`tensor = {tensor}` does not split {heads} {kind} heads of {called(spec, model)}{here}",
        primary,
        seconds(primary, at(spec, "model", own)),
        tuple(figures),
        _fixes(spec, good, tensor),
    )


def _good(model: Model, tensor: int, kind: str) -> bool:
    if unsplit(model, tensor):
        return False
    return kind != "vision" or model.vision_heads % tensor == 0


def _ratio(heads: int, tensor: int) -> int | None:
    return heads // tensor if heads % tensor == 0 else None


def _fixes(spec: Spec, good: list[int], tensor: int) -> tuple[Fix, ...]:
    """The widest split below that divides the devices, the rest of them as open degrees.

    Where the runtime's defaults stand, a launch takes the devices that its degrees name: they
    follow the split.
    """
    counts = spec.counts()
    gpus = (counts[0].number if counts else tensor) * (spec.whole("nodes") or 1)
    below = [n for n in good if n < tensor]
    if spec.word("defaults") == "runtime" and len(counts) == 1 and gpus == tensor and below:
        values = {"parallel.tensor": str(below[-1]), "hardware": f"{counts[0].kind} x {below[-1]}"}
        return (_fix(spec, values, below[-1]),)
    fitting = [n for n in below if gpus % n == 0]
    if not fitting:
        return ()
    best = fitting[-1]
    values = {"parallel.tensor": str(best)}
    rest = gpus // best
    for name in ("pipeline", "data"):
        if spec.pin(f"parallel.{name}"):
            values[f"parallel.{name}"] = str(rest if name == "pipeline" else 1)
            rest = 1
    return (_fix(spec, values, best),)


def _fix(spec: Spec, values: dict[str, str], tensor: int) -> Fix:
    return Fix(f"split over {tensor}, which divides the heads", write(spec, values))
