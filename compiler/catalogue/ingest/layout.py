"""Which family counts the layers of a config."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape

ENCODERS = (
    "bert", "roberta", "xlm-roberta", "camembert", "modernbert", "nomic_bert", "new",
    "jina_embeddings_v3", "mpnet", "distilbert",
)  # fmt: skip
SEQ2SEQ = ("t5", "mt5", "umt5", "bart", "mbart")
V4 = ("deepseek_v4", "deepseek_ref", "deepseek_v41_text")


def family_of(shape: Shape) -> str:
    """The module that counts the layers.

    `standard latent v4 nemotron_h nemotron_nas encoder whisper seq2seq zamba2`.
    """
    if shape.model_type == "nemotron_h":
        return "nemotron_h"
    if shape.model_type in V4:
        return "v4"
    if shape.model_type in ("nemotron-nas", "deci"):
        return "nemotron_nas"
    if shape.model_type in ENCODERS:
        return "encoder"
    if shape.model_type == "whisper":
        return "whisper"
    if shape.model_type in SEQ2SEQ:
        return "seq2seq"
    if shape.model_type == "zamba2":
        return "zamba2"
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
    if family == "whisper":
        from servec.compiler.catalogue.ingest.whisper import whisper

        return whisper(shape)
    if family == "seq2seq":
        from servec.compiler.catalogue.ingest.seq2seq import seq2seq

        return seq2seq(shape)
    if family == "zamba2":
        from servec.compiler.catalogue.ingest.zamba import zamba2

        return zamba2(shape)
    from servec.compiler.catalogue.ingest import nemotron

    return nemotron.nemotron_h(shape) if family == "nemotron_h" else nemotron.nemotron_nas(shape)
