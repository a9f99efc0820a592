"""In what releases before the tables differ from what all others do.

`ways` of `targets/<name>/past_rows.json`, each with its source:

- `dated`: the runtime's rules begin where they do in these releases, not at a table.
- `stored`: switches that take true or false; the first release that reads them so, the first that
  does not.
- `short`: short flags that a table has for something else, with the options that they stood for.
- `paired`: releases before `until` take `image=1` for what has become an object.
- `bf16_kept`: releases before `until` kept a checkpoint's bfloat16 on chips that have none, and
  died of it.
- `parsed`: flags whose parser takes any text, which is read as JSON at start in all releases.
- `ignored`: flags that a parser takes and nothing reads, each with the last release of that.
- `overridden`: what a line says, first and last of the releases that went on with otherwise.
- `filed`: what an options file is read as; see `filed.py`.
- `longer`: releases, first and last, that take more context than a model has.
- `chips`: the compute capability from which on a release came with kernels, each from a release on.
- `room`, `expanded`: what cache and weights took; see `room.py` and `expanded.py`.
- `named`: sets of its source that hold what a line may name; see `named.py`.
- `classes`: the `engine` whose models differ by release: what the table says of it does not hold.
- `model_word`, `plain`, `dashed`: how its programs take their model, one without most flags, and
  how flags are spelt; see `program.py`.
"""

from __future__ import annotations

from servec.compiler.options.versions import order
from servec.targets.shared.past.by_hand import ways_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.past.release import Release

OLDEST = 70
"""The compute capability that has kernels where a runtime states nothing else."""


def dated(runtime: str) -> bool:
    """Whether the runtime's rules begin where they do in the releases before the tables."""
    return bool(ways_at(runtime).get("dated"))


def stored(release: Release, flag: str) -> bool:
    """Whether a switch takes true or false in the release."""
    rows = way_of(release, "stored").get("flags", ())
    here = order(release.version)
    return any(flag == name and order(low) <= here < order(end) for name, low, end in rows)


def before(release: Release, way: str) -> bool:
    """Whether the release is one before that until which a way was gone."""
    until = way_of(release, way).get("until", "0")
    return order(release.version) < order(until)


def parsed(release: Release, flag: str) -> bool:
    """Whether the text behind a flag is read as JSON at start."""
    return flag in way_of(release, "parsed").get("flags", ())


def ignored(release: Release, flag: str) -> bool:
    """Whether the release takes a flag and goes on without it."""
    here = order(release.version)
    rows = _rows(release, "ignored")
    return any(flag == name and here <= order(last) for name, last in rows)


def overridden(release: Release) -> tuple[str, ...]:
    """What a line of the release says in vain."""
    return tuple(
        said for said, *stretch in _rows(release, "overridden") if stretched(release, *stretch)
    )


def takes_longer(release: Release) -> bool:
    """Whether the release goes on with more context than the model has."""
    return any(stretched(release, *stretch) for stretch in _rows(release, "longer"))


def oldest_chip(release: Release) -> int:
    """The least compute capability that the release came with kernels for."""
    here = order(release.version)
    rows = _rows(release, "chips")
    least: list[int] = [chip for since, chip in rows if not since or order(since) <= here]
    return least[-1] if least else OLDEST


def way_of(release: Release, way: str) -> Mapping[str, Any]:
    """What a way of the release's runtime says, empty where it has none."""
    found: Mapping[str, Any] = ways_at(release.runtime).get(way, {})
    return found


def _rows(release: Release, way: str) -> list[Any]:
    found: list[Any] = way_of(release, way).get("rows", [])
    return found


def stretched(release: Release, first: str, last: str) -> bool:
    """Whether the release is one of a stretch."""
    return order(first) <= order(release.version) <= order(last)
