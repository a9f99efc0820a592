"""llama.cpp's own planner over a file without weights: it loads, makes a context, and sums up."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MODEL = "_Z28common_model_params_to_llamaR13common_params"
_CONTEXT = "_Z30common_context_params_to_llamaRK13common_params"
_PRINT = "_Z16common_fit_printPKcP18llama_model_paramsP20llama_context_params"
_ROW = re.compile(rb"(?m)^(?:\S+ )?\d+ \d+ \d+\s*$")
# Options of files that a stand-in does not have, with their value.
_FILES = (
    *("--model", "-m", "--hf-repo", "-hf", "--hf-file", "--mmproj", "--lora", "--lora-scaled"),
    *("--model-draft", "-md", "--hf-repo-draft", "--spec-draft-model", "--spec-draft-hf"),
    *("--spec-type", "--alias"),
)


class _Room(ctypes.Structure):
    """Larger than either struct that is returned by value."""

    _fields_ = (("room", ctypes.c_char * 2048),)


def plans(library: Any) -> bool:
    """Whether this build has a planner that can be called."""
    return hasattr(library, _PRINT)


def on_stand_in(words: list[str], file: str) -> list[str]:
    """The words with the stand-in as the model, and nothing that names another file."""
    pairs = zip(["", *words], words, strict=False)
    kept = [word for before, word in pairs if word not in _FILES and before not in _FILES]
    # Left open, the number of slots is settled by the server before it makes a context.
    slots = () if {"--parallel", "-np"} & set(kept) else ("--parallel", "4")
    return [*kept, *slots, "--model", file, "--no-repack"]


def planned(library: Any, params: Any, place: int, file: str) -> str:
    """What the planner says of parsed `params`, "" where it made a plan."""
    library.llama_backend_init()
    made = []
    for symbol in (_MODEL, _CONTEXT):
        make = getattr(library, symbol)
        make.restype, make.argtypes = _Room, [ctypes.c_void_p]
        made.append(make(place))
    show = getattr(library, _PRINT)
    show.restype, show.argtypes = None, [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
    with tempfile.TemporaryFile() as printed:
        sys.stdout.flush()
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        show(os.fsencode(file), *(ctypes.addressof(each) for each in made))
        ctypes.CDLL(None).fflush(None)
        printed.seek(0)
        text = printed.read()
    assert params is not None
    return "" if _ROW.search(text) else text.decode(errors="replace")[-600:] or "no plan"
