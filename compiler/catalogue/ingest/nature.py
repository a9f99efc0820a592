"""What a model is for: task, inputs, the predictor's family, and what is only known in part."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.counted import COUNTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.model import LayerGroup

VIDEO = ("video_token_id", "video_token_index", "video_placeholder", "video_preprocessor_config")


def task_of(shape: Shape) -> str:
    """`generate embed rerank classify`, from the names of the architectures.

    An embedding model that keeps a generator's architecture is only known by its name or by its
    sentence-transformers files: the catalogue and the reader of folders look there.
    """
    for name in shape.top.words("architectures"):
        if name.endswith("ForSequenceClassification") and _one_label(shape):
            return "rerank"
        if name.endswith(("ForSequenceClassification", "ForTokenClassification", "RewardModel")):
            return "classify"
        if name.endswith(("ForCausalLM", "ForConditionalGeneration", "LMHeadModel")):
            return "generate"
        if name in ENCODER_NAMES or "Embedding" in name:
            return "embed"
    return "generate"


ENCODER_NAMES = (
    "BertModel",
    "XLMRobertaModel",
    "RobertaModel",
    "ModernBertModel",
    "NomicBertModel",
    "GteModel",
    "NewModel",
    "GteNewModel",
    "JinaBertForMaskedLM",
    "JinaEmbeddingsV3Model",
    "Qwen2Model",
    "Qwen3Model",
    "MistralModel",
    "LlamaModel",
    "Gemma3TextModel",
)


def _one_label(shape: Shape) -> bool:
    """A classifier of one output scores a pair of texts: a cross-encoder."""
    stated = shape.top.data.get("id2label")
    return len(stated) == 1 if isinstance(stated, dict) else shape.top.whole("num_labels") == 1


def modalities(shape: Shape) -> tuple[str, ...]:
    """Inputs the checkpoint takes, of `text image video audio`."""
    top = shape.top
    found = ["text"]
    if any(top.has(key) for key in ("vision_config", "vision_tower", "visual")):
        found.append("image")
        if any(top.has(key) for key in VIDEO):
            found.append("video")
    if top.has("audio_config") or shape.model_type == "whisper":
        found.append("audio")
    return tuple(found)


def predictor_family(shape: Shape, groups: tuple[LayerGroup, ...], family: str) -> str:
    """`dense gqa_moe mla_moe hybrid_moe gptoss`: what the predictor's offsets are keyed by."""
    if shape.model_type == "gpt_oss":
        return "gptoss"
    if not any(g.ffn.kind == "moe" for g in groups):
        return "dense"
    if any(g.attention.state_elements for g in groups):
        return "hybrid_moe"
    return "mla_moe" if family in ("latent", "v4") else "gqa_moe"


def notes_on(shape: Shape, groups: tuple[LayerGroup, ...], vision: int) -> tuple[str, ...]:
    """Sentences on what the counts leave out or only bound."""
    found = []
    if shape.model_type not in COUNTED:
        found.append(f"`{shape.model_type[:40]}` is not known: counted as a decoder like Llama")
    if "image" in modalities(shape) and not vision:
        found.append("the vision tower is not counted")
    if "audio" in modalities(shape) and shape.top_type not in ("gemma4", "whisper"):
        found.append("the audio tower is not counted")
    if shape.model_type == "deepseek_v41_text":
        found.append("layers share their cache: KV per token is an upper bound")
    if shape.top_type in ("kimi_k3", "glm5_next"):
        found.append("the recurrent or index part is counted by best effort")
    if shape.model_type == "whisper":
        found.append("the cache of attention to the sound is not counted")
    if any(g.attention.kind == "cross" for g in groups):
        found.append("cross-attention layers keep the image's KV, which is not counted")
    return tuple(found)
