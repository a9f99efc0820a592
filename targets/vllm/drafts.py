"""How vLLM speculates, read back from its options."""

from __future__ import annotations

from servec.targets.shared.speculative import NEEDS_DRAFT
from servec.targets.vllm.spellings import is_mtp
from servec.targets.vllm.writers import METHODS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet


def speculative(sheet: Sheet) -> None:
    """Method, draft and tokens; what else the option holds stays beside them."""
    config = sheet.get("speculative-config")
    if not isinstance(config, dict):
        return
    method = config.get("method")
    named = "mtp" if is_mtp(method) else method
    if method is None and _plain_draft(config.get("model")):
        named = METHODS["draft"]
    word = next((word for word, name in METHODS.items() if named == name), "")
    tokens, draft = config.get("num_speculative_tokens"), config.get("model")
    whole = isinstance(tokens, int) and tokens > 0
    fits = isinstance(draft, str) if word in NEEDS_DRAFT else draft is None
    if not word or not whole or not (fits or word == "dspark"):
        return
    taken = {"method": method} if method else {}
    taken["num_speculative_tokens"] = tokens
    sheet.take("features.speculative", word, {"speculative-config": taken})
    sheet.field("features.draft_tokens", tokens)
    if isinstance(draft, str):
        sheet.take("features.draft", draft, {"speculative-config": {"model": draft}})


def _plain_draft(name: Any) -> bool:
    """Whether a draft that no method is said for is a model that generates by itself.

    vllm 0.33.0 vllm/config/speculative.py infers the method from the draft's name and type.
    """
    from servec.compiler.catalogue.models import find_model

    if not isinstance(name, str) or "eagle" in name.lower():
        return False
    found = find_model(name)
    return found is not None and found.architecture.endswith("ForCausalLM") and not found.assumed
