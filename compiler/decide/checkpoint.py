"""Which files hold the weights, and how they become what is served."""

from __future__ import annotations

from servec.compiler.plan import Reason
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.capabilities import Capabilities, Support
    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant
    from servec.compiler.target import Case
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec

PLAIN = ("bf16", "fp16", "fp32")
"""Words that a runtime casts between as it loads."""


@record
class Loading:
    """One way to serve a precision: the checkpoint's model, the scheme served and the load way.

    `load`: `as_is`, `at_load` or `convert` (see `Plan`). `assumed`: the checkpoint is not in the
    catalogue, so that it holds what the spec says is taken on trust.
    """

    model: Model
    scheme: str
    word: str
    load: str
    repo: str
    assumed: bool = False


def held(spec: Spec, model: Model, sources: Sources | None) -> tuple[Model, bool]:
    """The model as the repository that the spec names holds it, and whether that is only assumed.

    What is not in the catalogue is taken to hold the precision that the spec asks for, or that
    the name of its file tells.
    """
    repo = spec.word("checkpoint.repo")
    if not repo:
        return model, False
    from servec.compiler.search.local import find_named, rooted

    found = find_named(spec, "checkpoint.repo", repo, sources)
    repo = rooted(spec, "checkpoint.repo", repo, sources)
    if found is not None:
        return replace(found, id=repo), False
    word = spec.word("precision.weights") or _of_file(spec) or model.quant.weights
    quant = model.quant if word == model.quant.weights else assumed_quant(word)
    return replace(model, id=repo, quant=quant, checkpoint_bytes=0), True


def checkpoints(spec: Spec, model: Model, assumed: bool = False) -> tuple[Loading, ...]:
    """The ways that no runtime has a part in: the checkpoint as it is, or the catalogue's variant.

    `model` is the one that is `held`. Empty where neither holds the precision asked for; a
    repository that the spec names has no variant beside it.
    """
    want, own = spec.word("precision.weights"), model.quant
    if want is None and own.weights == "fp32" and own.method != "gguf":
        # What is stored in 32 bit is served in 16 unless the spec asks for more: vllm 0.33.0
        # vllm/config/model.py _resolve_auto_dtype; sglang 0.5.23 srt/configs/model_config.py.
        return (Loading(model, model.bits16, model.bits16, "as_is", model.id, assumed),)
    if want is None or want == own.weights:
        return (Loading(model, own.scheme, own.weights, "as_is", model.id, assumed),)
    if want in PLAIN and own.weights in PLAIN:
        return (Loading(model, want, want, "as_is", model.id),)
    if spec.word("checkpoint.repo"):
        return ()
    from servec.compiler.catalogue.models import variant

    found = variant(model, want)
    return (Loading(found, found.quant.scheme, want, "as_is", found.id),) if found else ()


def _of_file(spec: Spec) -> str | None:
    """The GGUF type in a file name: `Qwen3-4B-Q4_K_M.gguf` is `q4_k_m`."""
    file = (spec.word("checkpoint.file") or "").lower()
    if not file.endswith(".gguf"):
        return None
    from servec.compiler.catalogue.precision import gguf_types

    return max((t for t in gguf_types() if t in file), key=len, default=None)


def assumed_quant(word: str) -> Quant:
    """How a checkpoint is stored that only the word of the language tells: the plainest scheme."""
    from servec.compiler.catalogue.precision import bits_per_weight, scheme, schemes_of
    from servec.compiler.model import Quant

    name = next(iter(schemes_of(word)), word)
    row = scheme(name)
    return Quant(
        method="",
        scheme=name,
        weights=word,
        bits=bits_per_weight(name) or 16,
        block=row.block if row else (0, 0),
        group=row.group if row else 0,
        kept=frozenset() if row is None else frozenset({"embed", "head", "router"}),
    )


def ways(case: Case, given: tuple[Loading, ...]) -> Iterator[Loading]:
    """`given`, then what this runtime adds: quantising as it loads, converting before."""
    yield from given
    want, model = case.spec.word("precision.weights"), case.model
    if model is None or want is None:
        return
    plain = model.quant.weights in PLAIN
    tables = case.capabilities
    for load, table, takes in (
        ("at_load", tables.quantize_at_load, plain),
        ("convert", tables.converts, plain or model.quant.weights in tables.converts_from),
    ):
        if takes and want in table:
            yield Loading(model, table[want], want, load, model.id)


def runs(capabilities: Capabilities, device: Device | None, scheme: str) -> str:
    """How a runtime runs a scheme on a device: `native`, `emulated`, or "" where it does not."""
    support = capabilities.precisions.get(scheme)
    if support is None:
        return ""
    if device is None or capabilities.unread(device) or device.arch in support.native:
        return "native"
    return "emulated" if device.arch in support.emulated else ""


def served(case: Case, way: Loading | None) -> bool:
    """Whether the device runs the weights, cache and types that are asked for there."""
    spec, device, tables = case.spec, case.device, case.capabilities
    if way is None:
        if case.model is not None and spec.word("precision.weights") is not None:
            return False
    elif not runs(tables, device, way.scheme):
        return False
    cache = spec.word("precision.kv")
    if tables.unread(device):
        return cache is None or cache in tables.kv
    if cache is not None and not _on(tables.kv.get(cache), device):
        return False
    compute = spec.word("precision.compute")
    if compute and compute in tables.precisions and not runs(tables, device, compute):
        return False
    acts = spec.word("precision.activations")
    return acts is None or device is None or device.any or acts in device.native


def _on(support: Support | None, device: Device | None) -> bool:
    if support is None:
        return False
    if device is None or device.any:
        return True
    return device.arch in support.native or device.arch in support.emulated


def choose(case: Case, given: tuple[Loading, ...]) -> Loading | None:
    """The first way that the runtime can run on the device; else the first; None without any.

    A 16-bit model on a device that lacks its type is served in the other 16-bit type, which the
    runtimes cast to as they load.
    """
    first: Loading | None = None
    for way in (_made(case, way) for way in ways(case, given)):
        if runs(case.capabilities, case.device, way.scheme):
            return way
        first = first or way
    if first is not None and first.scheme in PLAIN and not case.spec.word("precision.weights"):
        for scheme in PLAIN[:2]:
            if runs(case.capabilities, case.device, scheme):
                return replace(first, scheme=scheme, word=scheme)
    return first


def _made(case: Case, way: Loading) -> Loading:
    """`way`, with a conversion where the runtime reads files of another format only."""
    format_ = case.capabilities.files
    if format_ == "gguf" and way.load == "as_is" and not is_gguf(case.spec, way):
        return replace(way, load="convert")
    return way


def is_gguf(spec: Spec, way: Loading) -> bool:
    """Whether a way loads a file of llama.cpp: by its name, its method or its type."""
    from servec.compiler.catalogue.precision import gguf_types

    file = (spec.word("checkpoint.file") or way.model.file or way.repo).lower()
    if file.endswith(".gguf") or way.repo.lower().endswith("-gguf"):
        return True
    return way.model.quant.method == "gguf" or (
        way.word not in (*PLAIN, "mxfp4", "nvfp4") and way.word in gguf_types()
    )


def reason(case: Case, way: Loading) -> Reason | None:
    """Why these files: said by the spec, the catalogue's own, or made by the runtime."""
    want = case.spec.word("precision.weights")
    path = "precision.weights"
    if way.assumed:
        return Reason(path, f"{way.repo} is not in the catalogue; taken to hold {way.word}")
    if case.spec.word("checkpoint.repo"):
        return Reason(path, f"the spec names {way.repo}")
    if way.load == "at_load":
        return Reason(path, f"{case.target.name} quantises {way.repo} to {way.scheme} as it loads")
    if way.load == "convert":
        return Reason(path, f"{way.repo} is converted to {way.scheme} before the launch")
    if want is None:
        return Reason(path, f"the checkpoint holds {way.word} ({way.scheme})")
    if case.model is not None and way.repo != case.model.id:
        return Reason(path, f"{way.repo} is the catalogue's {way.word} of {case.model.name}")
    return None
