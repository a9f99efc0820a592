"""Back ends, connectors and methods that a line names and the source of an old release lacks.

`named` of `past_rows.json`, a row for each place `at` which such a name stands: the `set` of the
source that holds them, what the place is `called`, and

- `letters`: `upper` or `lower`, how the set has them; `none`: the word that names nothing.
- `unless`: what makes any other name right, where the line says it.
- `lenient`: the releases, first and last, that take an unknown name for none, or for a text.
- `plugged`: the plug-in of a platform adds names: only GPUs and CPUs are judged; `brought` are
  those, which are judged where the device is known.
"""

from __future__ import annotations

from servec.compiler.options.named import UNKNOWN
from servec.targets.shared.past.ways import way_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from servec.targets.shared.past.release import Release

BUILT = ("gpu", "cpu")
"""Kinds of devices whose names are the runtime's own."""


def name_troubles(
    release: Release, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Code, title, reason and path of each name that the release does not have."""
    for row in way_of(release, "named").get("rows", ()):
        word = find(row["at"])
        if not isinstance(word, str) or "{" in word or ("unless" in row and find(row["unless"])):
            continue
        word = {"upper": word.upper(), "lower": word.lower()}.get(row.get("letters", ""), word)
        if word == row.get("none") or _plugged(row, word, find) or _lenient(row, release):
            continue
        members = release.members(row["set"])
        if members and release.member(row["set"], word) is False:
            title = f"{release.runtime} {release.version} does not take `{row['called']} = {word}`"
            yield "SRV205", title, f"one of {', '.join(members)}", "target"


def _plugged(row: Mapping[str, Any], word: str, find: Callable[[str], Any]) -> bool:
    """Whether the plug-in of a platform may have the name."""
    kind = find("device.kind") if row.get("plugged") else BUILT[0]
    return kind not in BUILT and (kind is not UNKNOWN or word in row.get("brought", ()))


def _lenient(row: Mapping[str, Any], release: Release) -> bool:
    """Whether the release goes on with a name that it does not know."""
    from servec.compiler.options.versions import order

    first, last = row.get("lenient", ("", ""))
    return bool(first) and order(first) <= order(release.version) <= order(last)
