"""What llama.cpp's own planner says that GGUF files take; runs as a program, nothing is allocated.

Words: pairs of a file and a context. Prints a line of JSON for each pair: MiB of weights, cache and
compute buffer on the CPU, as `common_fit_print` of the wheel's build has them.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import re
import sys
import tempfile

from servec.targets.llamacpp.oracle import load, parsed

HEADER = 16  # sizeof(PyObject), before the common_params in a CommonParams
MODEL = "_Z28common_model_params_to_llamaR13common_params"
CONTEXT = "_Z30common_context_params_to_llamaRK13common_params"
PRINT = "_Z16common_fit_printPKcP18llama_model_paramsP20llama_context_params"
ROW = re.compile(rb"(?m)^(?:\S+ )?(\d+) (\d+) (\d+)\s*$")


class Room(ctypes.Structure):
    """Larger than either struct that is returned by value."""

    _fields_ = (("room", ctypes.c_char * 2048),)


def main() -> int:
    """Report each pair."""
    load()
    importlib.import_module("xllamacpp")
    library = ctypes.CDLL(sys.modules["xllamacpp.xllamacpp"].__file__)
    library.llama_backend_init()
    words = sys.argv[1:]
    for file, context in zip(words[::2], words[1::2], strict=True):
        found = _report(library, file, context)
        sys.stdout.write(json.dumps({"file": file, "context": int(context), **found}) + "\n")
    sys.stdout.flush()
    return 0


def _report(library: ctypes.CDLL, file: str, context: str) -> dict[str, int]:
    params = parsed(["-m", file, "-c", context, "-np", "1", "-nr", "-fa", "on"])
    assert params is not None, file
    place = id(params) + HEADER
    made = []
    for symbol in (MODEL, CONTEXT):
        make = getattr(library, symbol)
        make.restype, make.argtypes = Room, [ctypes.c_void_p]
        made.append(make(place))
    show = getattr(library, PRINT)
    show.restype, show.argtypes = None, [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
    text = _captured(lambda: show(os.fsencode(file), *(ctypes.addressof(m) for m in made)))
    rows = [tuple(map(int, row)) for row in ROW.findall(text)]
    assert rows, text[-500:]
    weights, cache, compute = (sum(row[n] for row in rows) for n in range(3))
    return {"weights": weights, "cache": cache, "compute": compute}


def _captured(work: object) -> bytes:
    """What C code writes to the standard output meanwhile."""
    flush = ctypes.CDLL(None).fflush
    sys.stdout.flush()
    kept = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        try:
            work()  # type: ignore[operator]
            flush(None)
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        file.seek(0)
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
