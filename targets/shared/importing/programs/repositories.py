"""A line that starts Triton over a folder of models, as the commands of the engines behind it.

Sources: triton-inference-server/vllm_backend 8de0c148 src/model.py: `1/model.json` holds the fields
of AsyncEngineArgs; NVIDIA/TensorRT-LLM 044a90d2 triton_backend/all_models/llmapi/tensorrt_llm/1:
`model.yaml` those of LLM, and `triton_config`, which is Triton's.
"""

from __future__ import annotations

import json
import os
import re

from servec.targets.shared.importing.programs.program import Command, head_of
from servec.targets.shared.importing.texts import json_of, text_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

SERVERS = ("tritonserver", "launch_triton_server.py")
FOLDERS = ("--model-repository", "--model-store", "--model-repo")
OPTIONS = "--extra_llm_api_options"
VLLM = re.compile(r'^\s*backend\s*:\s*"vllm"', re.M)
OURS = re.compile(r"^(model|triton_config)\s*:(.*)$")


def behind(words: Sequence[str]) -> tuple[Command, ...]:
    """The engines of a line's folders, none where it starts no Triton or none can be read."""
    name, rest = head_of(words)
    if name not in SERVERS:
        return ()
    found: list[Command] = []
    for folder in folders(rest):
        for model in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            found += _engines(os.path.join(folder, model))
    return tuple(found)


def folders(words: Sequence[str]) -> Iterator[str]:
    """The folders of models that a line of Triton names."""
    for at, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag.replace("_", "-") in FOLDERS:
            yield value if equals else "".join(words[at + 1 : at + 2])


def _engines(folder: str) -> Iterator[Command]:
    held = os.listdir(folder) if os.path.isdir(folder) else []
    newest = max((name for name in held if name.isdecimal()), key=int, default="")
    at = os.path.join(folder, newest)
    fields = text_of(os.path.join(at, "model.json"))
    if newest and fields and VLLM.search(text_of(os.path.join(folder, "config.pbtxt"))):
        yield from _vllm(fields)
    options = text_of(os.path.join(at, "model.yaml"))
    if newest and options:
        yield from _trtllm(options)


def _vllm(text: str) -> Iterator[Command]:
    fields = json_of(text)
    if isinstance(fields, dict) and isinstance(fields.get("model"), str):
        words = tuple(_flags(fields))
        yield Command("vllm", words, {}, program=SERVERS[:1], given=words)


def _flags(fields: Mapping[str, Any]) -> Iterator[str]:
    """The fields as flags of `vllm serve`; its switches have no word behind them."""
    yield str(fields["model"])
    for name, value in fields.items():
        flag = name.replace("_", "-")
        if name == "model" or value is None:
            continue
        if isinstance(value, bool):
            yield f"--{flag}" if value else f"--no-{flag}"
            continue
        yield f"--{flag}"
        yield json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _trtllm(text: str) -> Iterator[Command]:
    """The options file without what is Triton's, and the model that it names."""
    kept: list[str] = []
    model, theirs = "", False
    for line in text.splitlines():
        if line[:1].strip() and not line.startswith("#"):
            found = OURS.match(line)
            theirs = found is not None
            if found is not None and found[1] == "model":
                model = found[2].partition(" #")[0].strip().strip("\"'")
        if not theirs:
            kept.append(line)
    if model:
        words = (model, OPTIONS, "model.yaml")
        files = {"model.yaml": "\n".join(kept) + "\n"}
        yield Command("trtllm", words, {}, files=files, program=SERVERS[:1], given=words)


def text_of(path: str) -> str:
    """A file of the folder, "" where it cannot be read."""
    return text_at(path) or ""
