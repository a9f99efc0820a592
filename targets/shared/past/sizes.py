"""Numbers as vLLM's parser reads them: counted out, with a suffix later, and `auto` at last.

vllm 0.8.3 vllm/engine/arg_utils.py: int; 0.8.4 human_readable_int for the context, 0.9.1 for the
batch too; 0.14.0 human_readable_int_or_auto for the context.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.past.line import Use
    from servec.targets.shared.past.release import Release

FLAGS = ("--max-model-len", "--max-num-batched-tokens", "--kv-cache-memory-bytes")
LATEST = r"auto|\d+(\.\d+)?[kKmMgGtT]"
"""What the last of the releases reads beside a number that is counted out."""
FORMS = {"int": "", "size": r"\d+(\.\d+)?[kmg]|\d+[KMG]"}


def early_size(release: Release, use: Use) -> str:
    """A word behind a flag that later releases read as a number and this one does not, else ""."""
    form = FORMS.get(release.took(use.flag).get("type", ""))
    if release.runtime != "vllm" or use.flag not in FLAGS or form is None:
        return ""
    later = (word for word in use.values if re.fullmatch(LATEST, word))
    return next((word for word in later if not re.fullmatch(form, word)), "")
