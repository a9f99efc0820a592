"""The TensorRT engine path: quantise or convert, build, serve the engine.

Versions that have it list `tensorrt` among the values of `--backend`; the spec asks for it with
`on trtllm { backend = tensorrt }`. Later versions have removed it
(TensorRT-LLM docs/source/legacy/tensorrt-backend-removal.md, 335107a7).
"""

from __future__ import annotations

from servec.compiler.decide.compute import FLOATS
from servec.compiler.target import Step
from servec.targets.shared.effective import compute_dtype, planned
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

EXAMPLES = "/app/tensorrt_llm/examples"
"""Where the release images keep the scripts that convert checkpoints (docker/Dockerfile.multi)."""
# Architecture to the folder of its convert_checkpoint.py (1.3.0rc3 examples/models/core); what is
# not listed goes through quantize.py, which exports 16-bit weights too.
CONVERTERS = {
    "LlamaForCausalLM": "llama",
    "MistralForCausalLM": "llama",
    "MixtralForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen",
    "Qwen2MoeForCausalLM": "qwen",
    "Qwen3ForCausalLM": "qwen",
    "Qwen3MoeForCausalLM": "qwen",
    "Phi3ForCausalLM": "phi",
}
DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
# Scheme to --qformat of examples/quantization/quantize.py.
FORMATS = {
    "fp8_per_tensor": "fp8",
    "nvfp4": "nvfp4",
    "awq": "int4_awq",
    "w4a8": "w4a8_awq",
    "int8_w8a8": "int8_sq",
}
NO_FEATURES = (
    *("embed", "roles", "speculative.mtp", "speculative.eagle", "speculative.eagle3"),
    *("speculative.dflash", "speculative.dspark", "speculative.ngram"),
)


def wanted(spec: Spec, version: str) -> bool:
    """Whether the spec asks for an engine, and the version has that path."""
    option = load_table("trtllm", version).option("backend")
    return asked(spec) and option is not None and "tensorrt" in option.choices


def asked(spec: Spec) -> bool:
    """Whether the spec asks for an engine."""
    block = spec.on.get("trtllm")
    said = next((o.value for o in block.options if o.name == "backend"), "") if block else ""
    return said in ("tensorrt", "trt")


def with_engine(tables: Capabilities, version: str = "") -> Capabilities:
    """What the engine path can do: other architectures, a build, no attention data parallel.

    `version`: the table that tells the architectures, where that is not the one used.
    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/models/__init__.py MODEL_MAP, llmapi/llm_args.py
    TrtLlmArgs; examples/quantization/quantize.py for what a build can make of a 16-bit model.
    """
    from servec.dsl.record import replace

    known = load_table("trtllm", version or tables.version).values("engine_architectures")
    features = {k: v for k, v in tables.features.items() if k not in NO_FEATURES}
    features["engine_build"] = "trtllm-build, for each checkpoint and each kind of GPU"
    return replace(
        tables,
        architectures=frozenset(known),
        features=features,
        topology=replace(tables.topology, data_moe=False),
        converts={"fp8": "fp8_per_tensor", "nvfp4": "nvfp4", "awq": "awq"},
        transfer=frozenset(),
    )


def folder(case: Case, name: str) -> str:
    """Where a product of the build lies, below the project's root."""
    return f"build/{case.spec.name}/{name}"


def steps(case: Case) -> tuple[Step, ...]:
    """Fetch the 16-bit checkpoint, make TensorRT-LLM's own of it, build the engine."""
    weights, made, engine = (folder(case, n) for n in ("weights", "checkpoint", "engine"))
    source = _source(case)
    local = source.startswith(("/", "./", "../"))
    fetched = source if local else weights
    revision = case.spec.word("checkpoint.revision")
    pinned = ("--revision", revision) if revision else ()
    fetch = Step(
        "weights",
        "download",
        ("hf", "download", source, *pinned, "--local-dir", weights),
        makes=(weights,),
    )
    shape = _convert(case, fetched, made)
    quantises = shape[1].endswith("quantize.py")
    kind: Literal["quantize", "convert"] = "quantize" if quantises else "convert"
    convert = Step("checkpoint", kind, shape, makes=(made,), needs=(fetched,))
    build = Step("engine", "build", _build(case, made, engine), makes=(engine,), needs=(made,))
    return (convert, build) if local else (fetch, convert, build)


def _source(case: Case) -> str:
    """The 16-bit checkpoint: a quantised one of the hub is no input of the build."""
    plan, model = planned(case), case.model
    quantised = plan.weights not in FLOATS and plan.load != "convert"
    return model.base if quantised and model is not None and model.base else plan.checkpoint


def _convert(case: Case, source: str, made: str) -> tuple[str, ...]:
    plan = planned(case)
    degrees = plan.degrees
    split = ["--tp_size", str(degrees.tensor)]
    if degrees.pipeline > 1:
        split += ["--pp_size", str(degrees.pipeline)]
    places = ("--model_dir", source, "--output_dir", made)
    dtype = ("--dtype", DTYPES[compute_dtype(case)])
    known = CONVERTERS.get(case.model.architecture if case.model else "")
    if plan.weights in FLOATS and plan.kv != "fp8" and known:
        script = f"{EXAMPLES}/models/core/{known}/convert_checkpoint.py"
        experts = ("--moe_ep_size", str(degrees.expert)) if degrees.expert > 1 else ()
        return ("python3", script, *places, *dtype, *split, *experts)
    words = [*places, *dtype, "--qformat", FORMATS.get(plan.weights, "full_prec"), *split]
    if plan.kv == "fp8":
        words += ["--kv_cache_dtype", "fp8"]
    return ("python3", f"{EXAMPLES}/quantization/quantize.py", *words)


def _build(case: Case, made: str, engine: str) -> tuple[str, ...]:
    """`trtllm-build` with the limits of the plan, which the engine fixes for good."""
    plan = planned(case)
    words = ["trtllm-build", "--checkpoint_dir", made, "--output_dir", engine]
    for flag, value in (
        ("--max_batch_size", plan.max_seqs),
        ("--max_num_tokens", plan.max_batched_tokens),
        ("--max_seq_len", plan.max_model_len),
        ("--workers", min(plan.gpus, plan.devices_per_node)),
    ):
        if value:
            words += [flag, str(value)]
    return tuple(words)
