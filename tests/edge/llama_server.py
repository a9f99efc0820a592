"""A `llama-server` without a build of it: llama.cpp's own parser and server, from a wheel.

Runs as a program with any of llama-server's words. `ONE_THREAD` in the environment keeps it small.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading

from servec.targets.llamacpp.oracle import load, parsed


def main() -> int:
    """Parse, serve until a signal; 1 where the parser or the loader refuses."""
    words = sys.argv[1:]
    if os.environ.get("ONE_THREAD"):
        words += ["--threads", "1", "--threads-batch", "1"]
    variables = {k: v for k, v in os.environ.items() if k.startswith("LLAMA_")}
    load()  # which drops them
    os.environ.update(variables)
    params = parsed(words)
    if params is None:
        return 1
    try:
        server = importlib.import_module("xllamacpp").Server(params)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    sys.stderr.write(f"listening on {server.listening_address}\n")
    sys.stderr.flush()
    while not done.wait(0.5):
        pass
    os._exit(0)  # the server's threads would keep the interpreter


if __name__ == "__main__":
    sys.exit(main())
