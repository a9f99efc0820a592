"""Heads and columns against a split: what rules 401 and 402 judge, and planning asks."""

from __future__ import annotations

from servec.compiler.target import engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case

SIGHT = ("image", "video")


def unsplit(model: Model, tensor: int) -> str:
    """Which heads `tensor` does not split, whatever the runtime: `query`, `KV` or nothing."""
    if model.heads % tensor:
        return "query"
    kv = model.kv_heads
    if model.mla or not kv or kv % tensor == 0 or tensor % kv == 0:
        return ""
    return "KV"


def pads(case: Case) -> bool:
    """Whether the runtime pads what its ranks share to whole parts on the device of the case."""
    return case.device is not None and case.device.kind in case.capabilities.topology.pads_on


def refused(case: Case, tensor: int) -> str:
    """Which heads refuse the split in the runtime of the case: `query`, `KV`, `vision`, or none."""
    model = case.model
    if model is None or tensor == 1 or pads(case):
        return ""
    found = unsplit(model, tensor)
    if found:
        return found
    topology = case.capabilities.topology
    copied = topology.kv_copies or model.model_type in topology.kv_copies_for
    if not copied and not model.mla and tensor > model.kv_heads > 0:
        return "KV"
    if not model.vision_heads % tensor:
        return ""
    whole = topology.sees_whole
    if not _sees(case, model) or (whole and engine(case)[0] in whole) or _left_whole(case):
        return ""
    return "vision"


def _sees(case: Case, model: Model) -> bool:
    """Whether the vision tower is loaded: the spec wants it, or a launch does not leave it out, of
    a type whose tower is cut (InternVL's is kept whole where its heads do not split: vllm 0.8.4
    model_executor/models/intern_vit.py _init_attn)."""
    kinds = case.spec.words("features.modalities")
    seen = any(word in SIGHT for word in kinds)
    if case.spec.word("defaults") != "runtime":
        return seen
    if kinds and not seen:
        return False
    if all(case.spec.whole("media." + kind) == 0 for kind in ("images", "videos")):
        return False
    return model.model_type in case.capabilities.topology.sees_even


def _left_whole(case: Case) -> bool:
    """Whether an option of the runtime keeps the vision tower whole on each rank."""
    name, _, value = case.capabilities.topology.apart.partition(" ")
    if not name:
        return False
    found = case.target.says(case.spec, case.capabilities.version).get(name)
    return found is not None and found.value == value


def columns(case: Case, degrees: Degrees) -> tuple[int, int]:
    """A feed-forward width and the ranks that do not divide it; (0, 0) where all divide.

    Block-quantized layers are judged by their blocks, and some runtimes pad.
    """
    model = case.model
    if model is None or model.quant.block[0] or case.capabilities.topology.block_split == "pad":
        return (0, 0)
    if pads(case):
        return (0, 0)
    for group in model.groups:
        ranks = degrees.moe_tensor if group.ffn.kind == "moe" else degrees.tensor
        if group.ffn.width % ranks:
            return (group.ffn.width, ranks)
    return (0, 0)


def words(case: Case, tensor: int) -> int:
    """The padded vocabulary, where the split does not divide it; 0 where it does."""
    step, model = case.capabilities.topology.vocab_step, case.model
    if model is None or not step or pads(case):
        return 0
    padded = -(-model.vocab // step) * step
    return padded if padded % tensor else 0


def copies(case: Case, degrees: Degrees) -> int:
    """How often each KV head is stored: 1 where none is copied."""
    model = case.model
    if model is None or model.mla or not model.kv_heads:
        return 1
    return max(1, degrees.tensor // model.kv_heads)
