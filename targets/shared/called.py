"""What people call the runtimes."""

from __future__ import annotations

CALLED = {
    "llamacpppython": "llamacpp",
    "llamaserver": "llamacpp",
    "mlxlm": "mlx",
    "ray": "rayserve",
    "sgl": "sglang",
    "tensorrtllm": "trtllm",
    "textgenerationinference": "tgi",
    "tritonserver": "triton",
    "tritoninferenceserver": "triton",
}
"""The runtime of a name, by the letters of it in small: `TensorRT-LLM` is `trtllm` here."""


PACKED = "llamacpp"
"""The runtime whose builds have no dots in them, so that one with dots is of the package."""


def called(word: str) -> str:
    """`NAME[@VERSION]` with the name as it is called here, where it is one that people use.

    Signs between the letters and capitals make no difference: `llama.cpp` is `llamacpp`. A release
    of a package around the runtime, llama-cpp-python's 0.3.16, is the build inside: b6170.
    """
    from servec.targets.shared.table import runtimes

    name, at, version = word.partition("@")
    known = runtimes()
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    found = CALLED.get(letters, letters)
    runtime = found if name not in known and found in known else name
    return runtime + at + (_within(version) if runtime == PACKED else version)


def _within(version: str) -> str:
    """The build inside a release of the package, or the version as it is."""
    import json
    import os

    from servec.targets.shared.table import FOLDER

    if not version.startswith("0."):
        return version
    with open(os.path.join(FOLDER, PACKED, "within.json"), encoding="utf-8") as file:
        builds: dict[str, str] = json.load(file)["builds"]
    return builds.get(version, version)
