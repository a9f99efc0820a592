"""Releases of programs that hold a runtime under a name of their own, and which version is inside.

`targets/<name>/within.json` tells it. `builds`: of the package that binds it, by release.
`packages`: of programs that hold it, the version inside from a release on (`since`), "" where that
release knows models that no version does, or the newest that was inside up to one (`at_most`);
`until`: the newest release that was read; `own`: classes, and what findings say of else, that it
serves itself, from which release on, up to `own_until`; `tokenizers`: the release from which on it
takes pre-tokenizers that the version inside refuses. A package may be another name for one, and may
hold several runtimes.
"""

from __future__ import annotations

import os

from servec.compiler.options.versions import is_exact, order
from servec.dsl.json_file import load_json
from servec.targets.shared.table import FOLDER, runtimes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from servec.dsl.diagnostic import Diagnostic

WITHIN = "within.json"
FIRST = "vllm"
"""The runtime that a program of several is asked for where nothing else says which."""
TOKENIZER = "does not know the pre-tokenizer"


def bound(runtime: str, version: str) -> str:
    """The version inside a release of the package that binds it, or that release as it is."""
    builds: Mapping[str, str] = _document(runtime).get("builds", {})
    return builds.get(version, version)


def holder(package: str, runtime: str = "") -> str:
    """The runtime that a program holds, "" for a name that is none of theirs; of several the one
    that is given, else the first."""
    known = [name for name in (FIRST, *runtimes()) if package in _packages(name)]
    return runtime if runtime in known else next(iter(known), "")


def held(package: str, version: str, runtime: str = "") -> str:
    """The version of the runtime inside a release of a program, "" where no table tells it. A
    release of two numbers is the first that begins with them."""
    row = _row(package, runtime)
    version = version.removeprefix("v")
    if not row or not is_exact(version) or order(version) > order(row["until"]):
        return ""
    if "at_most" in row:
        return next(str(build) for last, build in row["at_most"] if order(version) <= order(last))
    builds = [str(build) for since, build in row["since"] if order(since) <= order(version)]
    named = any(since == version for since, _ in row["since"])
    whole = named or version.count(".") != 1
    begun = [build for since, build in row["since"] if since.startswith(f"{version}.")]
    return next(filter(None, () if whole else begun), "") or next(iter(builds[-1:]), "")


def own(package: str, version: str, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings on a version, without those on what the program around it serves by itself."""
    row = _row(package)
    version = version.removeprefix("v")
    exact = is_exact(version) and order(version) < order(row.get("own_until", "0"))
    classes = [
        name for name, since in row.get("own", {}).items() if exact and _from(since, version)
    ]
    lenient = exact and _from(row.get("tokenizers", "0"), version)
    for item in found:
        text = " ".join((item.title, *(figure.text or "" for figure in item.figures)))
        if not any(name in text for name in classes) and not (lenient and TOKENIZER in item.title):
            yield item


def _from(since: str, version: str) -> bool:
    return order(since) <= order(version)


def _row(package: str, runtime: str = "") -> Mapping[str, Any]:
    found = _packages(holder(package, runtime))
    name = found.get(package, {})
    row: Mapping[str, Any] = found[name] if isinstance(name, str) else name
    return row


def _packages(runtime: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _document(runtime).get("packages", {})
    return found


def _document(runtime: str) -> Mapping[str, Any]:
    folder = os.path.join(FOLDER, runtime)
    there = runtime and os.path.exists(os.path.join(folder, WITHIN))
    return load_json(folder, WITHIN) if there else {}
