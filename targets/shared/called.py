"""What people call the runtimes, and the releases of packages around them."""

from __future__ import annotations

import os

WITHIN = "within.json"
"""`targets/<name>/within.json`: the version inside each release of a package of another name.

`packages`: of programs that hold it, each build from a release on, "" where that release knows
models that no build does; `until`: the newest release that was read."""


def called(word: str) -> str:
    """`NAME[@VERSION]` with the name as it is called here, where it is one that people use.

    Signs between the letters and capitals make no difference: `llama.cpp` is `llamacpp`. A release
    of a package around the runtime, llama-cpp-python's 0.3.16, is the build inside: b6170; so is
    one of a program that holds it under a name of its own, `llamafile@0.9.0`.
    """
    from servec.targets.shared.table import runtimes

    name, at, version = word.partition("@")
    known = runtimes()
    if name and name not in known:
        from servec.targets.shared.importing.programs.listed import called as names

        letters = "".join(letter for letter in name.lower() if letter.isalnum())
        found = names().get(letters, letters)
        if found not in known and version and (held := _held(letters, version)):
            return held
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


def _held(package: str, version: str) -> str:
    """`NAME@BUILD` of the runtime inside a release of a program, "" where no table tells it."""
    from servec.compiler.options.versions import is_exact, order
    from servec.dsl.json_file import load_json
    from servec.targets.shared.table import FOLDER, runtimes

    version = version.removeprefix("v")
    for runtime in runtimes() if is_exact(version) else ():
        folder = os.path.join(FOLDER, runtime)
        held = load_json(folder, WITHIN) if os.path.exists(os.path.join(folder, WITHIN)) else {}
        row = held.get("packages", {}).get(package)
        if row and order(version) <= order(row["until"]):
            builds = [build for since, build in row["since"] if order(since) <= order(version)]
            return f"{runtime}@{builds[-1]}" if builds and builds[-1] else ""
    return ""
