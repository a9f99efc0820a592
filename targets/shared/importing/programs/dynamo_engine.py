"""What TensorRT-LLM refuses of the file of its options that a worker of Dynamo hands it."""

from __future__ import annotations

import re

from servec.targets.shared.importing.programs.dynamo import parts
from servec.targets.shared.importing.texts import text_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.targets.shared.importing.programs.program import Command

BUILT = "1.2.0rc3"
"""`LLM` refuses `build_config` from here on, where `trtllm-serve` takes it out: TensorRT-LLM
1.3.0rc3 commands/serve.py, llmapi/llm_args.py TorchLlmArgs; ai-dynamo/aiconfigurator#434."""
ENGINE = r"^backend\s*:\s*[\"']?(tensorrt|trt)\b"
HANDED = "1.0.0rc4"
"""A role wants the way its cache moves from here on: kv_cache_transceiver is disabled, please set
cache_transceiver_config; ai-dynamo/dynamo#2276, and no worker of 0.4.1 to 1.6.1 sets it itself."""
MOVES = "cache_transceiver_config"
ROLES = ("prefill", "decode")


def engine_file(item: Command, version: str) -> Iterator[tuple[str, str]]:
    """Keys of the engine's file that it does not take, and one that a role has to have."""
    from servec.compiler.options.versions import order

    given = {flag: values[0] for flag, values, _ in parts("trtllm", item.given) if values}
    path = given.get("--extra-engine-args", "")
    text = item.files.get(path) or text_at(path)
    if not text:
        return
    built = re.search(r"^build_config\s*:", text, re.M) and not re.search(ENGINE, text, re.M)
    if built and (not version or order(version) >= order(BUILT)):
        yield "build_config", "it is of engines that are built: say its keys beside it"
    role = given.get("--disaggregation-mode", "")
    said = MOVES in text or any(MOVES in word for word in item.given)
    if role in ROLES and not said and (not version or order(version) >= order(HANDED)):
        yield f"--disaggregation-mode {role}", f"{MOVES}.backend is not set in the engine's options"
