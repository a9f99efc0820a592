"""From a planned case to what is served on one rank."""

from __future__ import annotations

from servec.compiler.memory.account import Served
from servec.compiler.memory.budget import charged
from servec.compiler.memory.constants import constants, unseen
from servec.compiler.memory.needed import needed
from servec.compiler.memory.overhead import Load
from servec.compiler.memory.served import PLAIN, quant_as, served_quant, wide
from servec.compiler.ranks import sequences_apart, tokens_apart
from servec.dsl.kept import kept
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.offload import Offload
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

APART = ("gpu", "tpu", "npu", "hpu")
"""Kinds of devices whose memory is not the host's, unless they say so."""


def served_case(case: Case) -> Served:
    """What the plan of `case` serves; the case has a model and a plan."""
    model, plan, spec, device = case.model, case.plan, case.spec, case.device
    assert model is not None and plan is not None
    runtime, version = engine_beneath(case)
    degrees = _degrees(case, constants(runtime, version))
    sequences, length = needed(case)
    method = spec.word("features.speculative")
    media = _media(case, constants(runtime, version))
    load = _load(case, length, media)
    quant, kv = served_quant(model, plan), plan.kv
    if wide(case, constants(runtime, version)):
        quant = quant_as(model, "fp32") if quant.scheme in PLAIN else quant
        kv = "fp32" if kv in PLAIN else kv
    return Served(
        runtime=runtime,
        version=version,
        model=model,
        degrees=degrees,
        load=load,
        quant=quant,
        kv=kv,
        arch=device.arch if device is not None else "",
        state=spec.word("cache.state") or "",
        mtp=method == "mtp",
        draft=case.draft if method not in ("mtp", "ngram") else None,
        spec_tokens=plan.draft_tokens,
        redundant=spec.whole("moe.redundant") or 0,
        adapters=_adapters(case),
        sequences=sequences,
        length=length,
        host=apart(device),
        tower=media,
        cached=bool(plan.prefix_cache) and model.hybrid,
        offload=_offload(case),
        overrides=overrides(case, constants(runtime, version)),
    )


def _degrees(case: Case, table: Constants) -> Degrees:
    """The plan's degrees; with data ranks as wide as the tensor width where the release makes them
    so whatever it is told (see `Constants.data_whole`)."""
    assert case.plan is not None
    degrees, block = case.plan.degrees, case.spec.on.get(case.target.name)
    if not table.data_whole or degrees.data > 1 or block is None:
        return degrees
    asked = any(item.name == table.data_whole for item in block.options)
    return replace(degrees, tensor=1, data=degrees.tensor) if asked else degrees


@kept
def _offloads(spec: Spec) -> list[str]:
    return [path for path in spec.settings if path.startswith("offload.")]


def _offload(case: Case) -> Offload | None:
    """What the spec leaves in the host's memory, which few do, and of that what is said here."""
    said = _offloads(case.spec)
    if not said:
        return None
    from servec.compiler.memory.offload import offload_of

    able = case.capabilities
    return offload_of(case.spec, {p for p in said if p not in able.lacks and p not in able.spares})


def overrides(case: Case, table: Constants) -> str:
    """What a line says of where tensors lie, by patterns of their names."""
    block = case.spec.on.get(case.target.name)
    for item in block.options if block is not None and table.placed_said else ():
        if item.name in table.placed_said:
            return str(item.value)
    return ""


def moves(case: Case) -> bool:
    """Whether the runtime itself leaves on the host what the devices have no room for: where it can
    and nothing tells it which layers to take, or where it takes none unasked.
    """
    spec, unless = case.spec, case.capabilities.moves
    table = constants(*engine_beneath(case))
    text = overrides(case, table)
    if text:
        from servec.compiler.memory.overridden import rules

        if rules(text) is None:
            return True
    if not unless or spec.word("defaults") != "runtime" or _offload(case) is not None:
        return False
    block = spec.on.get(case.target.name)
    own = block.options if block is not None else ()
    if not all(item.name not in unless or item.value == "auto" for item in own):
        return False
    if case.device is not None and case.device.kind == "apple" and table.unasked_apple:
        return table.unasked_apple != "device"
    return table.unasked != "device"


def engine_beneath(case: Case) -> tuple[str, str]:
    """The runtime and version whose figures are those of `case`."""
    able = case.capabilities
    runtime, version = able.beneath or (case.target.name, able.release or able.version)
    if _whole(case, constants(runtime, version)):
        version += ".whole" if "+" in version else "+whole"
    return runtime, version


TRANSFERS = ("lmcache", "mooncake")
"""Where caches are offloaded to by what also moves them between servers."""


def _whole(case: Case, table: Constants) -> bool:
    """Whether layers with a window have the cache of any other: by word, or with what needs it."""
    stated = case.spec.flag("cache.hybrid")
    block = case.spec.on.get(case.target.name) if table.whole_said else None
    said = block is not None and (
        any(item.name in table.whole_said for item in block.options)
        or case.spec.word("cache.offload") in TRANSFERS
    )
    return stated is False or (said and stated is None)


def wants_media(spec: Spec) -> bool:
    """Whether inputs beside text are accepted; without any, encoders are not loaded."""
    said = set(spec.words("features.modalities")) - {"text"}
    return bool(said or spec.whole("workload.images"))


def _media(case: Case, table: Constants) -> bool:
    """The same of a launch, which may load encoders that nothing asks for."""
    if wants_media(case.spec) or table.tower_always:
        return True
    unasked = case.spec.word("defaults") == "runtime"
    if not unasked or case.spec.setting("features.modalities") is not None or case.model is None:
        return False
    return table.tower_unasked and not case.model.model_type.startswith(table.tower_asked)


def apart(device: Device | None) -> bool:
    """Whether the device's memory is not the host's too."""
    return device is None or (device.kind in (*APART, "any") and not device.unified)


def _load(case: Case, length: int, media: bool) -> Load:
    """Tokens and sequences of one attention rank, as the command says them or by default."""
    plan, spec, device, model = case.plan, case.spec, case.device, case.model
    assert plan is not None and model is not None
    table, able = constants(*engine_beneath(case)), case.capabilities
    memory = device.memory if device is not None else 0
    arch = device.arch if device is not None else ""
    data = plan.degrees.data
    told = _told(case, "limits.batched_tokens", plan.max_batched_tokens, able.tokens)
    name = device.id if device is not None else ""
    tokens = told or table.default_tokens(memory, name, arch, model.name if media else "")
    if told and not tokens_apart(case):
        tokens = -(-tokens // data)
    if table.pass_most:
        tokens = min(tokens, table.pass_most)
    most = _told(case, "limits.batch", plan.max_seqs, able.slots or int(able.reserves))
    seqs = most or table.default_seqs(memory, name, arch)
    if most and not sequences_apart(case):
        seqs = -(-seqs // data)
    unsaid = spec.word("defaults") == "runtime"
    rows = table.request_table and (most or (table.request_table if unsaid else seqs))
    if not told:
        cut = spec.flag("features.chunked_prefill")
        tokens, seqs = table.one_pass(tokens, seqs, length, "image" in model.modalities, cut)
    return Load(
        tokens=tokens,
        seqs=min(seqs, tokens),
        graphs=spec.word("graphs.capture") != "off",
        images=media and model.modalities != ("text",),
        device=memory,
        unseen=unseen(device.id, device.vendor, 0 if device.unified else device.memory)
        if device is not None
        else 0,
        charged=charged(case, table),
        flash=not table.scores or spec.word("kernels.attention") == "flash_attn",
        length=(spec.whole("limits.context") or model.max_context or length) if rows else length,
        rows=rows,
        videos=media and _videos(case, table.media_said),
        lean=spec.word("kernels.sampling") == "flashinfer",
        attention=spec.word("kernels.attention") or "",
        slots=min(seqs, tokens) if table.state_blocks and _captures_steps(case) else 0,
    )


PIECES = ("off", "piecewise")
"""What is captured where no graph holds a whole step."""


def _captures_steps(case: Case) -> bool:
    """Whether whole steps are captured, the default where there are CUDA or HIP graphs."""
    vendor = case.device.vendor if case.device is not None else ""
    return vendor in ("nvidia", "amd") and case.spec.word("graphs.capture") not in PIECES


def _videos(case: Case, resized: tuple[str, ...]) -> bool:
    """Whether a launch accepts videos of whatever size; options `resized` say of what size."""
    spec, block = case.spec, case.spec.on.get(case.target.name)
    own = {item.name for item in block.options} if block is not None else set()
    said = spec.words("features.modalities")
    open_ended = spec.word("defaults") == "runtime" and (not said or "video" in said)
    number = spec.whole("media.videos")
    return open_ended and number != 0 and own.isdisjoint(resized)


def _told(case: Case, path: str, planned: int, own: int) -> int:
    """What the command says; 0 where it says nothing and the runtime has a default of the table."""
    unasked = case.spec.word("defaults") == "runtime" and case.spec.setting(path) is None
    return 0 if unasked and not own else planned


def _adapters(case: Case) -> float:
    """Bytes of LoRA slots on one rank: A and B of every attention and dense projection, 16 bit.

    A is whole on each rank, B is cut by tensor (vLLM 0.33.0 lora/layers/column_parallel_linear.py
    without fully sharded adapters).
    """
    spec, model, plan = case.spec, case.model, case.plan
    if not spec.adapters or model is None or plan is None:
        return 0.0
    slots = spec.whole("lora.max_active") or len(spec.adapters)
    ranks = [int(str(adapter.rank.value)) for adapter in spec.adapters]
    rank = spec.whole("lora.max_rank") or max(ranks)
    tensor, hidden = plan.degrees.tensor, model.hidden
    inputs = outputs = 0.0
    for g in model.groups:
        a, width = g.attention, g.ffn.width if g.ffn.kind == "dense" else 0
        value = a.v_head_dim or a.head_dim
        wide = a.heads * value
        inputs += g.count * (3 * hidden + wide / tensor)
        outputs += g.count * (a.heads * a.head_dim + a.kv_heads * (a.head_dim + value)) / tensor
        outputs += g.count * hidden
        if width:
            inputs += g.count * (2 * hidden + width / tensor)
            outputs += g.count * (2 * width / tensor + hidden)
    return slots * rank * (inputs + outputs) * 2.0
