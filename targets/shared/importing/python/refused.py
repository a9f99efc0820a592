"""What a constructor does not take as a keyword, though the runtime's own line may have it."""

from __future__ import annotations

from servec.targets.shared.importing.python.known import keywords_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.python.bound import Keyword
    from servec.targets.shared.importing.python.known import Keywords
    from servec.targets.shared.importing.python.words import Dialect


def refused(keyword: Keyword, name: str, speak: Dialect, version: str) -> tuple[str, bool]:
    """Why the constructor has no such keyword, "" where it has one or nothing tells; and whether
    the line is to say it: that judges what the release has nowhere.

    `name`: the option's. A keyword that no option stands for is the constructor's alone.
    """
    takes = keywords_of(keyword.item, version)
    option, flag = speak.option(name), speak.flag(name)
    if takes is None or keyword.added:
        return "", option is not None or bool(keyword.item.row.get("filed"))
    if takes(keyword.name) is not False:
        return "", bool(flag)
    if not flag:
        return "", True
    return f"{keyword.item.takes} has no such keyword: {_elsewhere(keyword, takes, speak)}", False


def _elsewhere(keyword: Keyword, takes: Keywords, speak: Dialect) -> str:
    """What is to be written instead."""
    option = speak.option(keyword.name)
    same = next((name for name in takes.now() if option and speak.option(name) is option), "")
    if same:
        return f"write `{same}`, the parser of a line has both"
    if keyword.name in takes.spans:
        return f"it had it in {takes.spans[keyword.name]}, the parser of a line knows it still"
    return "the parser of the server alone has it"
