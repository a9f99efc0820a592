"""The words by which the parameters of a case are looked up: what it has in common with others."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant
    from servec.compiler.plan import Degrees


@record
class Keys:
    """One case in words. `model` is its dimensions, so that twins share what is known of them.

    `precision`: `bf16 fp8 fp4 int8 int4`, of most weights. `layout`: `one`, `tp` (experts cut),
    `ep` (experts whole) or `dp` (copies of attention).
    """

    backend: str
    system: str
    generation: str
    model: str
    family: str
    precision: str
    layout: str
    split: str

    def of(self, kind: str) -> str:
        """The word of one kind of key: a field, or fields joined as the kind's name says."""
        return "|".join(str(getattr(self, field)) for field in KINDS[kind])


KINDS: dict[str, tuple[str, ...]] = {
    "backend": ("backend",),
    "system": ("system",),
    "generation": ("generation",),
    "family": ("family",),
    "precision": ("precision",),
    "model": ("model",),
    "backend.generation": ("backend", "generation"),
    "backend.system": ("backend", "system"),
    "backend.model": ("backend", "model"),
    "backend.layout": ("backend", "layout"),
    "generation.model": ("generation", "model"),
    "system.model": ("system", "model"),
    "configuration": ("backend", "system", "model", "split"),
    "configuration.precision": ("backend", "system", "model", "split", "precision"),
}
"""Kinds of keys, and the fields each is made of."""


def keys(backend: str, model: Model, quant: Quant, degrees: Degrees, device: Device) -> Keys:
    """The keys of a layout of a model on a runtime and device."""
    ranks = degrees.tensor * degrees.data
    if degrees.data > 1:
        layout = "dp"
    elif degrees.expert > 1:
        layout = "ep"
    else:
        layout = "tp" if ranks > 1 else "one"
    return Keys(
        backend=backend,
        system=device.id,
        generation=device.generation.partition("-")[0],
        model=dimensions(model),
        family=model.family,
        precision=precision(quant),
        layout=layout,
        split=f"{degrees.tensor}.{degrees.data}.{degrees.expert}.{degrees.pipeline}",
    )


def dimensions(model: Model) -> str:
    """What twins share: layers, hidden size, vocabulary, experts."""
    return f"{model.layers}x{model.hidden}x{model.vocab}x{model.experts}"


def precision(quant: Quant) -> str:
    """The class of what most weights are stored in."""
    scheme = quant.expert_scheme or quant.scheme
    bits = float(quant.expert_bits or quant.bits)
    if bits >= 12:
        return "bf16"
    if bits >= 6:
        return "int8" if scheme.startswith("int8") else "fp8"
    return "fp4" if scheme.startswith(("nvfp4", "mxfp4")) else "int4"
