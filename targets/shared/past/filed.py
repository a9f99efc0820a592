"""The words that an options file stands for, as an old release reads it.

`filed` of `ways` in `targets/<name>/past_rows.json` has the first release that writes a switch, a
list and a mapping of the file as its parser reads them; one before writes the text that Python has
for the value, which its parser then refuses.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.past.release import Release

OPTION = "--config"
MODEL = "model"
"""The key that is read where the model is, not as a flag."""


def filed(release: Release, command: Command) -> tuple[str, ...]:
    """The words of a command, with those of its options file before its own, which outrank them."""
    from servec.targets.shared.past.by_hand import ways_at

    words = tuple(command.words)
    since = ways_at(release.runtime).get("filed")
    path = _path(words) if since else ""
    if not path or release.flag(OPTION) is not True:
        return words
    from servec.targets.shared.importing.options_file import content_of
    from servec.targets.shared.past.standing import file_text

    content = content_of(file_text(command, path) or "")
    made = [
        word
        for key, value in (content or {}).items()
        if key != MODEL
        for word in _words(release, since or {}, f"--{key}", value)
    ]
    first = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    return (*words[:first], *made, *words[first:])


def _path(words: tuple[str, ...]) -> str:
    for at, word in enumerate(words):
        head, equals, given = word.partition("=")
        if head == OPTION:
            return given if equals else "".join(words[at + 1 : at + 2])
    return ""


def _words(release: Release, since: Mapping[str, Any], flag: str, value: Any) -> Iterator[str]:
    """The words of one key of the file."""
    from servec.compiler.options.versions import order
    from servec.targets.shared.settings import text_of

    kind = {bool: "switches", list: "lists", dict: "mappings"}.get(type(value), "")
    read = not kind or order(since.get(kind, "999")) <= order(release.version)
    if read and kind in ("switches", "lists") and not value:
        return
    yield flag
    if read and kind == "lists":
        yield from (text_of(item) for item in value)
    elif read and kind != "switches":
        yield text_of(value)
    elif not read:
        yield str(value) if kind == "switches" else text_of(value).replace('"', "'")
