"""Images of servers around vLLM that are told by variables what it serves: Runpod's worker, and
LMI of DJL Serving, which reads the same from `serving.properties`.

Sources: runpod-workers/worker-vllm 0f8657e src/engine_args.py, 7a92503 src/args_builder.py;
deepjavalibrary/djl-serving d21927c4 engines/python/setup/djl_python/properties_manager. What names
no option of vLLM is the server's own, and neither hands that on.
"""

from __future__ import annotations

import re
from functools import lru_cache

from servec.dsl.record import record
from servec.targets.shared.importing.manifests.tag import beneath
from servec.targets.shared.importing.programs.program import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.targets.shared.importing.python.known import Keywords

VLLM, ENGINE = "vllm", "vllm.AsyncEngineArgs"
NEGATED = "0.8.0"
"""vLLM's release from which on `--no-…` is taken for certain."""
ON, OFF = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
ZERO = ("max-model-len", "max-num-batched-tokens", "max-parallel-loading-workers")
"""Options that a worker says nothing of where they are 0."""
KINDS = {"fp16": "float16", "bf16": "bfloat16", "fp32": "float32"}
SERVED = ("vllm", "lmi-dist", "auto")
"""What `rolling_batch` of DJL is where vLLM runs."""


@record
class Server:
    """One of them: how its variables `begin`, which are other words for an option, and which are
    its own; `model`, those that name what is served."""

    begin: str
    model: tuple[str, ...]
    names: Mapping[str, str]
    own: tuple[str, ...] = ()


RUNPOD = Server(
    "",
    ("MODEL_NAME",),
    {
        "MODEL_REVISION": "revision",
        "TOKENIZER_NAME": "tokenizer",
        "OPENAI_SERVED_MODEL_NAME_OVERRIDE": "served-model-name",
        "MAX_CONTEXT_LEN_TO_CAPTURE": "max-seq-len-to-capture",
    },
    ("HOST", "PORT", "API_KEY", "MODEL", "CONFIG", "HELP", "HF_TOKEN"),
)
DJL = Server(
    "OPTION_",
    ("OPTION_MODEL_ID", "HF_MODEL_ID"),
    {
        "OPTION_TENSOR_PARALLEL_DEGREE": "tensor-parallel-size",
        "OPTION_PIPELINE_PARALLEL_DEGREE": "pipeline-parallel-size",
        "OPTION_MAX_ROLLING_BATCH_SIZE": "max-num-seqs",
        "OPTION_MAX_ROLLING_BATCH_PREFILL_TOKENS": "max-num-batched-tokens",
        "OPTION_QUANTIZE": "quantization",
        "OPTION_CPU_OFFLOAD_GB_PER_GPU": "cpu-offload-gb",
    },
    ("OPTION_TASK", "OPTION_DEVICE", "OPTION_MODEL"),
)
LMI = re.compile(r"-lmi\d")


def told(image: str, env: Mapping[str, str]) -> Command | None:
    """The launch that the variables of a container ask its image for."""
    if "worker-v1-vllm" in image or "runpod/worker-vllm" in image:
        return _launch(RUNPOD, env, beneath(image, VLLM))
    served = env.get("OPTION_ROLLING_BATCH", "vllm" if LMI.search(image) else "")
    if "djl-" in image and (served in SERVED or VLLM in env.get("OPTION_ENTRYPOINT", "")):
        return _launch(DJL, env, beneath(image, VLLM))
    return None


def properties(text: str) -> Command | None:
    """The launch that a `serving.properties` of DJL Serving asks for."""
    env: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip().startswith("option.") and line.strip()[:1] not in "#!":
            env["OPTION_" + key.strip()[len("option.") :].upper()] = value.strip()
    served = env.get("OPTION_ROLLING_BATCH", "")
    by = served in SERVED or VLLM in env.get("OPTION_ENTRYPOINT", "")
    return _launch(DJL, env, "") if by else None


@lru_cache
def _takes(version: str) -> Keywords | None:
    """The keywords that the engine takes in a release."""
    from servec.targets.shared.importing.python.known import calls, keywords_of

    found = (item for item in calls() if ENGINE in item.row.get("paths", ()))
    return next(filter(None, (keywords_of(item, version) for item in found)), None)


def takes(word: str, version: str) -> bool:
    """Whether the engine of a release has a keyword, or it is not known that it has not."""
    found = _takes(version)
    return found is None or bool(found(word))


def is_option(word: str) -> bool:
    """Whether vLLM's server has an option of that name, by its first or its last table."""
    from servec.targets.shared.table import load_table, versions

    tables = (load_table(VLLM, versions(VLLM)[at]) for at in (0, -1))
    return any(table.option(word.replace("_", "-")) is not None for table in tables)


def _launch(server: Server, env: Mapping[str, str], version: str) -> Command | None:
    model = next((env[name] for name in server.model if env.get(name)), "")
    if not model:
        return None
    words = ["vllm", "serve", model]
    used = set(server.model)
    for name, value in env.items():
        found = tuple(_words(server, name, value, version))
        if found:
            used.add(name)
            words += found
    rest = {name: value for name, value in env.items() if name not in used}
    return Command(VLLM, tuple(words[2:]), rest, version)


def _words(server: Server, name: str, value: str, version: str) -> Iterator[str]:
    """The words that a variable stands for, none for one of something else."""
    from servec.compiler.options.versions import is_exact, order
    from servec.targets.shared.table import load_table, versions

    if name in server.own or not name.startswith(server.begin) or not value:
        return
    plain = name[len(server.begin) :].lower().replace("_", "-")
    option = server.names.get(name, plain)
    tables = (load_table(VLLM, versions(VLLM)[at]) for at in (0, -1))
    known = next(filter(None, (table.option(option) for table in tables)), None)
    word, takes = option.replace("-", "_"), _takes(version)
    engines = takes is not None and word in takes.spans
    if (engines and takes is not None and not takes(word)) or (known is None and not engines):
        return
    if known is None and value.lower() in ("true", "false"):
        yield from [f"--{option}"] if value.lower() == "true" else ()
    elif known is None or not known.boolean:
        shown = KINDS.get(value, value) if option == "dtype" else value
        yield from () if value == "0" and option in ZERO else (f"--{option}", shown)
    elif value.lower() in ON:
        yield f"--{option}"
    elif value.lower() in OFF and known.type == "switch":
        early = is_exact(version) and order(version) < order(NEGATED)
        yield from () if early else (f"--no-{option}",)
