"""Which models a build of llama.cpp has: asked of the library itself."""

from __future__ import annotations

import ctypes
import json
import os

_ARCH_NAME = "_Z13llm_arch_name8llm_arch"
_ARCH_SPLITS = "_Z27llm_arch_supports_sm_tensorRK8llm_arch"


def architectures(library: ctypes.CDLL) -> dict[str, list[str]]:
    """GGUF architectures of this build and the hub's model classes that become one of them.

    `tensor` holds those that a tensor split takes.
    `llm_arch_name` and `llm_arch_supports_sm_tensor` are llama.cpp's own; which class becomes which
    architecture stands in `classes.json`.
    """
    name = getattr(library, _ARCH_NAME)
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.c_int]
    splits = getattr(library, _ARCH_SPLITS, None)
    known: dict[str, bool] = {}
    for number in range(1000):
        text = name(number).decode()
        if "unknown" in text:
            break
        known[text] = bool(splits and splits(ctypes.byref(ctypes.c_int(number))) & 1)
    with open(os.path.join(os.path.dirname(__file__), "classes.json"), encoding="utf-8") as file:
        classes = json.load(file)
    every = {**classes["earlier"], **classes["wrapped"], **classes["gguf"]}
    have = {kind: arch for kind, arch in every.items() if arch in known}
    have |= {arch: arch for arch in known}
    sets = {
        "architectures": sorted(have),
        "projector": sorted(kind for kind in classes["projector"] if kind in have),
        "tensor": sorted(kind for kind, arch in have.items() if known[arch]),
    }
    return {key: members for key, members in sets.items() if members}
