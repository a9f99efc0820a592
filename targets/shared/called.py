"""What people call the runtimes, and the releases of packages around them."""

from __future__ import annotations

import os

WITHIN = "within.json"
"""`targets/<name>/within.json`: the version inside each release of a package of another name."""


def called(word: str) -> str:
    """`NAME[@VERSION]` with the name as it is called here, where it is one that people use.

    Signs between the letters and capitals make no difference: `llama.cpp` is `llamacpp`. A release
    of a package around the runtime, llama-cpp-python's 0.3.16, is the build inside: b6170.
    """
    from servec.targets.shared.table import runtimes

    name, at, version = word.partition("@")
    known = runtimes()
    if name and name not in known:
        from servec.targets.shared.importing.programs.listed import called as names

        letters = "".join(letter for letter in name.lower() if letter.isalnum())
        found = names().get(letters, letters)
        name = found if found in known else name
    return name + at + _within(name, version)


def _within(runtime: str, version: str) -> str:
    """The version inside a release of a package around the runtime, or that release as it is."""
    from servec.dsl.json_file import load_json
    from servec.targets.shared.table import FOLDER

    folder = os.path.join(FOLDER, runtime)
    if not version or not os.path.exists(os.path.join(folder, WITHIN)):
        return version
    builds: dict[str, str] = load_json(folder, WITHIN)["builds"]
    return builds.get(version, version)
