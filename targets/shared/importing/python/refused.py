"""What a constructor does not take as a keyword, though the runtime's own line may have it."""

from __future__ import annotations

from servec.compiler.options.versions import is_exact, order
from servec.targets.shared.importing.python.known import documents, keywords_of
from servec.targets.shared.past.spans import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.python.bound import Keyword
    from servec.targets.shared.importing.python.known import Call, Keywords
    from servec.targets.shared.importing.python.words import Dialect


def refused(keyword: Keyword, name: str, speak: Dialect, version: str) -> tuple[str, bool]:
    """Why the constructor has no such keyword, "" where it has one or nothing tells; and whether
    the line is to say it: that judges what the release has nowhere.

    `name`: the option's. A keyword that no option stands for is the constructor's alone.
    """
    takes = keywords_of(keyword.item, version)
    option, flag = speak.option(name), speak.flag(name)
    filed = bool(keyword.item.row.get("filed"))
    if keyword.added:
        return "", filed or bool(flag)
    if takes is None:
        return "", filed or option is not None
    if takes(keyword.name) is not False:
        return "", bool(flag)
    if not flag and (speak.past is not None or speak.table.find(name) is None):
        whole = begun(speak.table, name)
        why = f"{keyword.item.takes} has no such keyword: write `{whole}`" if whole else ""
        return why, not whole
    return (
        f"{keyword.item.takes} has no such keyword: {_elsewhere(keyword, takes, speak, version)}",
        False,
    )


def begun(table: OptionTable, name: str) -> str:
    """The keyword that a name is the beginning of: the parser of a line alone completes it."""
    if "whole" in table.syntax or "greedy" in table.syntax:
        return ""
    said, names = name.replace("_", "-"), table.names()
    found = [] if said in names else [known for known in names if known.startswith(said)]
    return found[0].replace("-", "_") if len(found) == 1 else ""


DROPS = "and drops one that it does not know"


def dropped(keyword: Keyword) -> str:
    """Why the engine never hears of a keyword, "" where it does or nothing tells."""
    from difflib import get_close_matches

    known = keyword.item.row.get("drops")
    if known is None or keyword.added or keyword.typed in known:
        return ""
    near = get_close_matches(keyword.typed, known, 1)
    return f"{keyword.item.name} takes any keyword {DROPS}" + (
        f"; nearest: {near[0]}" if near else ""
    )


def there_is(speak: Dialect, name: str) -> bool:
    """Whether the release may have an option for a keyword, or a field of its file."""
    return speak.option(name) is not None or bool(speak.flag(name))


def unfit(item: Call, name: str, value: Any, version: str, given: Mapping[str, Any]) -> str:
    """Why a call does not work with a value that the runtime's own line takes, "" where it does.

    Rows of `refuses` hold for a release that is stated, and `..` for one that is not. `given`: the
    keywords of the call.
    """
    for row in documents()[item.runtime].get("refuses", ()):
        same = row["call"] == item.name and row["keyword"] == name
        whole = isinstance(value, int) and not isinstance(value, bool)
        there = of_release(row["releases"], version)
        but = any(given.get(key) == word for key, word in row.get("unless", {}).items())
        if same and whole and value > row["above"] and there and not but:
            return str(row["why"])
    return ""


def of_release(stretches: str, version: str) -> bool:
    """Whether something holds for a release, for the newest where none is stated."""
    return holds(stretches, version) if is_exact(version) else stretches.endswith("..")


def _elsewhere(keyword: Keyword, takes: Keywords, speak: Dialect, version: str) -> str:
    """What is to be written instead."""
    option = speak.option(keyword.name)
    same = next((name for name in takes.now() if option and speak.option(name) is option), "")
    if same:
        return f"write `{same}`, the parser of a line has both"
    first = takes.spans.get(keyword.name, "").partition("..")[0]
    if first and is_exact(version) and order(version) < order(first):
        return f"it came with {first}"
    if keyword.name in takes.spans:
        return f"it had it in {takes.spans[keyword.name]}, the parser of a line knows it still"
    return "the parser of the server alone has it"
