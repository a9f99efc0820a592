"""Which family counts the layers of a config."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape

ENCODERS = ("bert", "roberta", "xlm-roberta", "camembert")
V4 = ("deepseek_v4", "deepseek_ref", "deepseek_v41_text")


def family_of(shape: Shape) -> str:
    """`standard latent v4 nemotron_h nemotron_nas encoder`: the module that counts the layers."""
    if shape.model_type == "nemotron_h":
        return "nemotron_h"
    if shape.model_type in V4:
        return "v4"
    if shape.model_type == "nemotron-nas":
        return "nemotron_nas"
    if shape.model_type in ENCODERS:
        return "encoder"
    return "latent" if shape.text.whole("kv_lora_rank") else "standard"


def layout(shape: Shape, family: str) -> tuple[Built, ...]:
    """The groups of equal layers."""
    if family == "standard":
        from servec.compiler.catalogue.ingest.standard import standard

        return standard(shape)
    if family == "latent":
        from servec.compiler.catalogue.ingest.latent import latent

        return latent(shape)
    if family == "v4":
        from servec.compiler.catalogue.ingest.deepseek_v4 import deepseek_v4

        return deepseek_v4(shape)
    if family == "encoder":
        from servec.compiler.catalogue.ingest.encoder import encoder

        return encoder(shape)
    from servec.compiler.catalogue.ingest import nemotron

    return nemotron.nemotron_h(shape) if family == "nemotron_h" else nemotron.nemotron_nas(shape)
