"""The script that runs in a runtime's own environment; see `servec verify` and `runtimes extract`.

usage: PYTHON run.py extract RUNTIME > table.json
       PYTHON run.py judge RUNTIME < jobs.jsonl > verdicts.jsonl
"""

from __future__ import annotations

import os
import sys
import types


def _package() -> None:
    """Make `servec.targets.…` importable from the files beside this one, and nothing else of it."""
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != os.path.dirname(__file__)]
    for name, path in (("servec", root), ("servec.targets", os.path.join(root, "targets"))):
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module


if __name__ == "__main__":
    _package()
    from servec.targets.shared.oracle.session import main

    sys.exit(main(sys.argv[1:]))
