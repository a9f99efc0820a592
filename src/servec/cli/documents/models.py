"""`servec.models/1`: the catalogue of models."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal


@record
class ModelRowDocument:
    """One line of `models list`; `name` is the short name, else the id. Counts are of weights."""

    name: str
    id: str
    weights: str
    total: int
    active: int
    context: int
    family: str
    task: str


@record
class PartDocument:
    """Weights of one part, stored bits of each (scales included), and bytes of all."""

    part: str
    parameters: int
    bits: float
    bytes: int


@record
class ModelDocument:
    """All that is known of one checkpoint.

    `parts` but `mtp` add up to `total`. `bytes` are those of `total` as stored. `published_*` and
    `checkpoint_bytes` are what the publisher states, 0 where nothing is known; a `packed` total
    counts two 4-bit weights as one, `rounded` and `name` ones are coarse. `kv_token_bytes`: a
    further token at 16 bit, on one device; `window_elements`, `state_elements`: what a sequence
    holds beside. `variants`: word of the language to the checkpoint of that precision. `source`:
    where each figure comes from.
    """

    name: str
    names: tuple[str, ...]
    id: str
    base: str
    architecture: str
    model_type: str
    family: str
    task: str
    pooling: str
    modalities: tuple[str, ...]
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    mla: bool
    vocab: int
    experts: int
    experts_used: int
    vision_heads: int
    context: int
    context_scaling: str
    weights: str
    scheme: str
    method: str
    kv: str
    total: int
    active: int
    mtp_layers: int
    parts: tuple[PartDocument, ...]
    bytes: int
    published_total: int
    published_active: int
    published_kind: str
    checkpoint_bytes: int
    kv_token_bytes: float
    window_elements: int
    state_elements: int
    variants: Mapping[str, str]
    source: Mapping[str, str]
    notes: tuple[str, ...]


@record
class ModelsDocument:
    """Output of `models`: rows for `list`, one model for `show` and `add`; `files` were written."""

    schema: Literal["servec.models/1"] = "servec.models/1"
    models: tuple[ModelRowDocument, ...] = ()
    model: ModelDocument | None = None
    files: tuple[str, ...] = ()
    error: str = ""
