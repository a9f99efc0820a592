"""What a line of an old release means where it says nothing, and which classes then serve it.

`past.json` may hold `defaults`, rows of program, flag, word and stretch: the word that the program
took for a flag that the oldest table has another default for, unless a flag or a variable of the
line is of the pattern behind it; and `class_sets`, by such a word of
`--backend`, the set of classes of that back end in place of `architectures`.
"""

from __future__ import annotations

import re

from servec.targets.shared.past.spans import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.past.line import Past, Use
    from servec.targets.shared.past.release import Release

BACKEND = "--backend"
FILES = ("--extra_llm_api_options", "--config")
"""Options whose file may name the back end as well."""


def defaults(release: Release, command: Command, uses: Sequence[Use]) -> Iterator[tuple[str, str]]:
    """Each flag that the line leaves out, with what the release took for it."""
    said = {use.flag for use in uses}
    for program, flag, word, text, *unless in release.document.get("defaults", ()):
        there = program in command.program and holds(text, release.version)
        if unless and any(re.fullmatch(unless[0], name) for name in (*said, *command.env)):
            continue
        if there and flag not in said and not _named(command, uses):
            yield flag, word


def _named(command: Command, uses: Sequence[Use]) -> bool:
    """Whether an options file names the back end, or cannot be read."""
    paths = [value for use in uses if use.flag in FILES for value in use.values]
    texts = [file_text(command, path) for path in paths]
    return any(text is None or "backend:" in text.replace("_backend", "") for text in texts)


def file_text(command: Command, path: str) -> str | None:
    """The text of a file that a line names, None where it cannot be read."""
    if path in command.files:
        return command.files[path]
    from servec.targets.shared.importing.texts import text_at

    return text_at(path)


def class_set(past: Past) -> str:
    """The set that holds the classes which the line's back end has."""
    sets = past.release.document.get("class_sets", {})
    words = [use.values[0] for use in past.uses if use.flag == BACKEND and use.values]
    return str(sets.get(words[-1], "architectures")) if words else "architectures"
