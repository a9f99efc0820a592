"""The fields that `writers` writes for mlx-lm, read back from a command line."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Reader, Sheet


def batch(sheet: Sheet) -> None:
    """Answers under way at once."""
    number = sheet.whole("decode-concurrency", 0)
    if number:
        sheet.field("limits.batch", number, "decode-concurrency")


def speculative(sheet: Sheet) -> None:
    """The draft model and how many tokens it proposes."""
    draft, tokens = sheet.get("draft-model"), sheet.whole("num-draft-tokens", 0)
    if isinstance(draft, str) and tokens:
        sheet.field("features.speculative", "draft")
        sheet.field("features.draft", draft, "draft-model")
        sheet.field("features.draft_tokens", tokens, "num-draft-tokens")


READERS: dict[str, Reader] = {"batch": batch, "speculative": speculative}
