"""A catalogued model under another name, as the name says that it is stored."""

from __future__ import annotations

from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.model import Model


def taken(model: Model, name: str, said: str = "", **changes: Any) -> Model:
    """The model under another name; `said` is what was taken for granted beside the name."""
    changes |= {"assumed": f"{model.id}{said}", "source": f"the name, {model.id} under another"}
    nothing = {"base": "", "published_total": 0, "published_active": 0}
    return replace(model, id=name, name=name, **nothing, **changes)


def dressed(found: tuple[Model, str], name: str, row: dict[str, Any], word: str) -> Model | None:
    """The model that was `found`, stored as the ending of a name says."""
    model, said = found
    if row.get("as") == "gguf":
        return as_gguf(model, name, word or "q4_k_m", said, not word)
    from servec.compiler.catalogue.entries import entry, model_of
    from servec.compiler.catalogue.ingest.build import Refused
    from servec.compiler.catalogue.naming import entry_of

    held = entry(entry_of(model.id))
    if "config" not in held:
        return None
    config = _bare(held["config"])
    if "config" in row:
        config["quantization_config"] = row["config"]
    kept = {k: v for k, v in held.items() if k not in ("stored", "quant_config", "published")}
    made = model_of({**kept, "config": config})
    if isinstance(made, Refused):
        return None
    quant = replace(made.quant, group=0) if row.get("group") == "open" else made.quant
    text = f"{said}, {row['said']}"
    changes = {"quant": quant, "checkpoint_bytes": 0, "max_context": model.max_context}
    return taken(model, name, text, **changes)


def _bare(config: dict[str, Any]) -> dict[str, Any]:
    """A config without what it says of its own quantisation, at the top or in its language part."""
    return {
        key: _bare(value) if key == "text_config" else value
        for key, value in config.items()
        if key not in ("quantization_config", "compression_config")
    }


def as_gguf(model: Model, name: str, word: str, said: str, first: bool = False) -> Model | None:
    """`model` converted to GGUF of the type `word`; `first`: for want of another."""
    from servec.compiler.catalogue.precision import gguf_types
    from servec.compiler.memory.gguf_mix import experts_kept
    from servec.compiler.memory.served import quant_as

    kind = fact("endings")["near"].get(word, word)
    if kind not in gguf_types() and kind not in ("bf16", "fp16", "fp32", "q3_k_m"):
        return None
    quant = quant_as(model, kind)
    quant = replace(quant, method="gguf", part_bits={**quant.part_bits, **experts_kept(model)})
    text = f"{said}, GGUF of type {word}" + (", which is llama.cpp's first choice" * first)
    if kind in gguf_types() and kind != word:
        text += f", counted as {kind}"
    return taken(model, name, text, quant=quant, checkpoint_bytes=0)
