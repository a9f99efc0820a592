"""The words of `docker run` and its likes: options up to the image, then the container's own."""

from __future__ import annotations

import re
from posixpath import normpath

from servec.targets.shared.importing.texts import json_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SWITCHES = re.compile(
    r"-[ditP]+|--(rm|detach|interactive|tty|privileged|init|read-only|no-healthcheck|publish-all)"
)


def split(
    words: Sequence[str], env: Mapping[str, str], files: Mapping[str, str]
) -> tuple[str, list[str], dict[str, str], bool] | None:
    """The image of `docker run`, what is started in it, its variables, and whether its own entry
    point is; None for a line without an image."""
    inside: dict[str, str] = {}
    entry: list[str] = []
    replaced = False
    at = 0
    while at < len(words) and words[at].startswith("-"):
        name, equals, value = words[at].partition("=")
        if not equals and not SWITCHES.fullmatch(name):
            at += 1
            value = words[at] if at < len(words) else ""
        if name in ("-e", "--env"):
            key, given, text = value.partition("=")
            if given or key in env:
                inside[key] = text if given else env[key]
        if name == "--env-file":
            inside = {**listed(files.get(normpath(value), "")), **inside}
        if name == "--entrypoint":
            entry, replaced = _entry(value), True
        at += 1
    if at >= len(words):
        return None
    return words[at], [*entry, *words[at + 1 :]], inside, not replaced


def _entry(value: str) -> list[str]:
    """The words of an entry point: one program, spaces and all, or the list that podman takes."""
    if not value.startswith("["):
        return [value] if value.strip() else []
    words = json_of(value)
    return [str(word) for word in words] if isinstance(words, list) else [value]


def listed(text: str) -> dict[str, str]:
    """The variables of a file that `--env-file` names: a line each."""
    lines = (line.strip().partition("=") for line in text.splitlines())
    return {name: value for name, equals, value in lines if equals and not name.startswith("#")}
