"""Models as text: the list, and one model's weights and cache by part."""

from __future__ import annotations

from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.documents.models import ModelDocument, ModelRowDocument


PUBLISHED = {
    "packed": "published, 4 bit packed",
    "rounded": "published, rounded",
    "name": "as its name says",
}


def model_table(head: Sequence[str], rows: Sequence[ModelRowDocument], color: bool) -> str:
    """One line a checkpoint."""
    cells = [
        (
            row.name,
            "" if row.name == row.id else row.id,
            row.weights,
            _giga(row.total),
            _giga(row.active) if row.active < row.total else "",
            str(row.context) if row.context else "",
            row.family if row.task == "generate" else row.task,
        )
        for row in rows
    ]
    return render_table(head, cells, color, right="345")


def model_page(model: ModelDocument, color: bool) -> str:
    """Shape, the sum of the weights, cache, variants and sources."""
    lines = [f"{model.name}  ({model.id})", *(f"  {line}" for line in _shape(model)), ""]
    lines.append(
        render_table(("part", "weights", "bits", "bytes"), _sum(model), color, right="123")
    )
    lines += [f"  {line}" for line in _after(model)]
    return "\n".join(lines) + "\n"


def _shape(model: ModelDocument) -> list[str]:
    experts = f", {model.experts_used} of {model.experts} experts" if model.experts else ""
    kept = "a latent cache" if model.mla else f"{model.kv_heads} KV heads of {model.head_dim}"
    heads = f"{model.heads} heads, {kept}"
    scaled = f" ({model.context_scaling})" if model.context_scaling else ""
    quant = "" if model.method == "none" else f" ({model.scheme}, {model.method})"
    inputs = ", ".join(model.modalities)
    return [
        f"{model.architecture}, {model.family}, {model.task}, takes {inputs}",
        f"{model.layers} layers of {model.hidden}, {heads}{experts}",
        f"context {model.context}{scaled}; weights {model.weights}{quant}",
    ]


def _sum(model: ModelDocument) -> list[tuple[str, str, str, str]]:
    rows = [
        (part.part, f"{part.parameters}", f"{part.bits:.4g}", _gib(part.bytes))
        for part in model.parts
    ]
    drafts = [rows.pop()] if model.mtp_layers else []
    rows.append(("total", str(model.total), "", _gib(model.bytes)))
    rows += [(f"beside it: {name}", *rest) for name, *rest in drafts]  # type: ignore[misc]
    rows.append(("used by one token", str(model.active), "", ""))
    if model.published_total:
        kind = PUBLISHED.get(model.published_kind, "published")
        rows.append((kind, str(model.published_total), "", _gib(model.checkpoint_bytes)))
    if model.published_active:
        rows.append(("published, used", str(model.published_active), "", ""))
    return rows


def _after(model: ModelDocument) -> list[str]:
    lines = [f"cache, each token: {model.kv_token_bytes:.0f} B at 16 bit, on one device"]
    if model.window_elements:
        lines.append(f"cache, windows of one sequence: {model.window_elements} elements at most")
    if model.state_elements:
        lines.append(f"recurrent state of one sequence: {model.state_elements} elements")
    for word, id in model.variants.items():
        lines.append(f"checkpoint in {word}: {id}")
    lines += [f"note: {note}" for note in model.notes]
    lines += [f"source of {key}: {text}" for key, text in model.source.items()]
    return lines


def _giga(count: int) -> str:
    return f"{count / 1e9:.2f} G" if count < 1e11 else f"{count / 1e9:.0f} G"


def _gib(size: int) -> str:
    return f"{size / 2**30:.2f} GiB" if size else ""
