"""The fields that `writers` writes for llama.cpp, read back from a command line."""

from __future__ import annotations

from servec.targets.llamacpp.writers import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Reader, Sheet

MIB = 2**20
METHODS = {
    "draft-mtp": "mtp",
    "draft-eagle3": "eagle3",
    "draft-simple": "draft",
    "ngram-simple": "ngram",
}


def files(sheet: Sheet) -> None:
    """The file of a repository: by its name, or by its type (`repo:Q4_K_M`)."""
    repo, file = sheet.get("hf-repo"), sheet.get("hf-file")
    if isinstance(file, str):
        sheet.field("checkpoint.file", file, "hf-file")
    if isinstance(repo, str) and ":" in repo:
        kind = repo.rpartition(":")[2]
        wide = {"F16": "fp16", "F32": "fp32"}
        sheet.field("precision.weights", wide.get(kind, kind.lower()))


def slots(sheet: Sheet) -> None:
    """Sequences, and the context of one of them: the line states that of all together."""
    number, total = sheet.whole("parallel", 0), sheet.whole("ctx-size", 0)
    if number:
        sheet.field("limits.batch", number, "parallel")
        if total and total % number == 0:
            sheet.field("limits.context", total // number, "ctx-size")
    batch, pass_ = sheet.whole("batch-size", 0), sheet.whole("ubatch-size", 0)
    if batch and not pass_:
        sheet.field("limits.batched_tokens", batch, "batch-size")


def task(sheet: Sheet) -> None:
    """What is served beside answers."""
    if sheet.get("embedding") is True:
        sheet.field("features.task", "embed", "embedding")
    elif sheet.get("rerank") is True:
        sheet.field("features.task", "rerank", "rerank")


def speculative(sheet: Sheet) -> None:
    """The kind of draft, and how many tokens it proposes."""
    word = METHODS.get(str(sheet.get("spec-type")), "")
    draft = sheet.get("spec-draft-hf") or sheet.get("spec-draft-model")
    tokens = sheet.whole("spec-draft-n-max", 0)
    if not word or not tokens or isinstance(draft, str) is not (word in ("eagle3", "draft")):
        return
    sheet.field("features.speculative", word, "spec-type")
    if draft:
        sheet.field("features.draft", draft, "spec-draft-hf", "spec-draft-model")
    sheet.field("features.draft_tokens", tokens, "spec-draft-n-max")


def offload(sheet: Sheet) -> None:
    """Host memory for prompts, in MiB."""
    size = sheet.whole("cache-ram", 0)
    if size:
        sheet.field("limits.host_memory", size * MIB, "cache-ram")


def key(sheet: Sheet) -> None:
    """A key is named by its variable, never written."""
    if sheet.get("api-key") is not None or KEY in sheet.variables:
        sheet.field("api.key_env", KEY, "api-key")
        sheet.variables.pop(KEY, None)


READERS: dict[str, Reader] = {
    "files": files,
    "slots": slots,
    "task": task,
    "speculative": speculative,
    "offload": offload,
    "key": key,
}
