"""Where the environments of the runtimes are, and how one is set up.

`targets/<name>/environment.json` says what an environment needs: `versions` maps a version to the
steps, each one call of pip. Nothing is built: kernels are not needed to parse a command line.
`absent` says of a version why none can be made; one that is there all the same is used.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

VARIABLE = "SERVEC_ENVIRONMENTS"


class SetupFailed(Exception):
    """An environment could not be made; the text says which step failed and how."""


def root() -> str:
    """The folder of all environments: `$SERVEC_ENVIRONMENTS`, else the user's cache."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "servec", "environments")


def folder_of(runtime: str, version: str) -> str:
    """The folder of one environment."""
    return os.path.join(root(), f"{runtime}-{version}")


def python_of(runtime: str, version: str) -> str | None:
    """The interpreter of an environment that is complete, None where there is none."""
    python = os.path.join(folder_of(runtime, version), "venv", "bin", "python")
    return python if os.path.exists(python) and os.path.exists(_done(runtime, version)) else None


def known(runtime: str) -> tuple[str, ...]:
    """The versions an environment can be set up for."""
    return tuple(_recipes(runtime))


def absent(runtime: str) -> dict[str, str]:
    """The versions no environment can be made for, each with the reason."""
    return {str(version): str(why) for version, why in _content(runtime, "absent").items()}


def set_up(runtime: str, version: str, say: Callable[[str], None]) -> str:
    """Make the environment if it is not there, and give its interpreter.

    `SetupFailed` where pip fails, or nothing is known of the version. `say` gets one line a step.
    """
    ready = python_of(runtime, version)
    if ready:
        return ready
    steps = _recipes(runtime).get(version)
    if steps is None:
        why = absent(runtime).get(version)
        raise SetupFailed(why or f"no environment is described for {runtime} {version}")
    folder = folder_of(runtime, version)
    python = os.path.join(folder, "venv", "bin", "python")
    if not os.path.exists(python):
        os.makedirs(folder, exist_ok=True)
        _call([sys.executable, "-m", "venv", os.path.join(folder, "venv")], {})
    for step in steps:
        say(f"{runtime} {version}: {step['why']}")
        _step(python, step, version)
    with open(_done(runtime, version), "w", encoding="utf-8") as file:
        file.write("complete\n")
    return python


def _step(python: str, step: dict[str, Any], version: str) -> None:
    """One call of pip; `or` is tried where it fails."""
    words = [word.replace("{version}", version) for word in step.get("pip", ())]
    extra = {k: v.replace("{version}", version) for k, v in step.get("env", {}).items()}
    if "requirements_of" in step:
        words += _requirements(python, step["requirements_of"], step.get("drop", ()))
    try:
        _call([python, "-m", "pip", "--disable-pip-version-check", "install", "-q", *words], extra)
    except SetupFailed:
        if "or" not in step:
            raise
        _step(python, {**step["or"], "why": step["why"]}, version)


def _requirements(python: str, package: str, drop: list[str]) -> list[str]:
    """What an installed package asks for, less what is dropped; markers are judged there."""
    code = (
        "import importlib.metadata as m, sys\n"
        "from packaging.requirements import Requirement as R\n"
        "for line in m.requires(sys.argv[1]) or []:\n"
        "    r = R(line)\n"
        "    if r.name.lower() in sys.argv[2:]:\n"
        "        continue\n"
        "    if not r.marker or r.marker.evaluate({'extra': ''}):\n"
        "        r.marker = None\n"
        "        print(r)\n"
    )
    done = subprocess.run(
        [python, "-c", code, package, *drop], capture_output=True, text=True, check=True
    )
    return done.stdout.split("\n")[:-1]


def _call(words: list[str], extra: dict[str, str]) -> None:
    bin_folder = os.path.dirname(words[0])
    path = bin_folder + os.pathsep + os.environ.get("PATH", "")
    env = {**os.environ, "PATH": path, **extra}
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        shown = " ".join(words[1:6])
        raise SetupFailed(f"{shown}: {done.stderr.strip()[-1500:] or done.returncode}")


def _recipes(runtime: str) -> dict[str, list[dict[str, Any]]]:
    return _content(runtime, "versions")


def _content(runtime: str, key: str) -> dict[str, Any]:
    path = os.path.join(FOLDER, runtime, "environment.json")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file).get(key, {})
    return found


def _done(runtime: str, version: str) -> str:
    return os.path.join(folder_of(runtime, version), "complete")
