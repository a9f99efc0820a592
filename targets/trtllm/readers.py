"""The fields that `writers` writes for TensorRT-LLM, read back from flags and the options file."""

from __future__ import annotations

from servec.targets.trtllm.writers import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Reader, Sheet

WIDTHS = ("tensor-parallel-size", "pipeline-parallel-size", "moe-expert-parallel-size")


def parallel(sheet: Sheet) -> None:
    """The degrees: with attention data parallel the tensor width is that of the data ranks."""
    width, stages, expert = (sheet.whole(name, 1) for name in WIDTHS)
    sheet.devices = width * stages
    if sheet.odd(*WIDTHS):
        return
    cut = sheet.get("enable-attention-dp") is True and width > 1
    if sheet.get(WIDTHS[0]) is not None:
        sheet.field("parallel.tensor", 1 if cut else width, WIDTHS[0])
    if sheet.get(WIDTHS[1]) is not None:
        sheet.field("parallel.pipeline", stages, WIDTHS[1])
    if sheet.get("enable-attention-dp") is not None:
        sheet.field("parallel.data", width if cut else 1, "enable-attention-dp")
    rest = sheet.get("moe-tensor-parallel-size")
    if sheet.get(WIDTHS[2]) is not None and rest in (None, width // expert):
        sheet.field("parallel.expert", expert, WIDTHS[2], "moe-tensor-parallel-size")
    elif width > 1 and (sheet.model is None or sheet.model.experts):
        sheet.field("parallel.expert", 1)


def speculative(sheet: Sheet) -> None:
    """The method, the draft and the tokens; what else the block holds stays beside them."""
    block = sheet.get("speculative-config")
    if not isinstance(block, dict):
        return
    kind = str(block.get("decoding_type", "")).replace("_", "")
    word = next((word for word, name in KINDS.items() if name == kind), "")
    count = "num_nextn_predict_layers" if word == "mtp" else "max_draft_len"
    tokens, draft = block.get(count), block.get("speculative_model")
    wants = word in ("eagle3", "draft")
    if not word or not isinstance(tokens, int) or isinstance(draft, str) is not wants:
        return
    taken = {"decoding_type": block["decoding_type"], count: tokens}
    sheet.take("features.speculative", word, {"speculative-config": taken})
    sheet.field("features.draft_tokens", tokens)
    if wants:
        sheet.take("features.draft", draft, {"speculative-config": {"speculative_model": draft}})


def captured(sheet: Sheet) -> None:
    """Sizes of captured batches, or the largest one."""
    block = sheet.get("cuda-graph-config")
    if not isinstance(block, dict):
        return
    for name, path in (("batch_sizes", "graphs.sizes"), ("max_batch_size", "graphs.max_batch")):
        if block.get(name):
            sheet.take(path, block[name], {"cuda-graph-config": {name: block[name]}})
            return


READERS: dict[str, Reader] = {
    "parallel": parallel,
    "speculative": speculative,
    "captured": captured,
}
