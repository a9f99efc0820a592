"""What people call the runtimes."""

from __future__ import annotations

CALLED = {
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


def called(word: str) -> str:
    """`NAME[@VERSION]` with the name as it is called here, where it is one that people use.

    Signs between the letters and capitals make no difference: `llama.cpp` is `llamacpp`.
    """
    from servec.targets.shared.table import runtimes

    name, at, version = word.partition("@")
    known = runtimes()
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    found = CALLED.get(letters, letters)
    return found + at + version if name not in known and found in known else word
