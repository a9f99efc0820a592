"""The words of a command as options with their values, so that two commands can be compared."""

from __future__ import annotations

import re

from servec.targets.shared.artifacts.words import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER = re.compile(r"-\d+(\.\d+)?")
COMMAND = "command"


def flags(argv: Sequence[str]) -> dict[str, str]:
    """Option to its values as one would type them; what stands before the first is `command`.

    An option that is said several times has all its values, in order.
    """
    found: dict[str, list[str]] = {COMMAND: []}
    at = COMMAND
    for word in argv:
        if word == "--" or not word.startswith("-") or word == "-" or NUMBER.fullmatch(word):
            found[at].append(quote(word))
            continue
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        at = name
        found.setdefault(at, [])
        if equals:
            found[at].append(quote(value))
    return {name: " ".join(values) for name, values in found.items()}
