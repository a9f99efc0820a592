"""What an image starts by itself: its entry point, and how the words behind it are meant."""

from __future__ import annotations

import re

from servec.targets.shared.importing.programs.listed import entries, entry_first, images, tagged
from servec.targets.shared.importing.programs.program import Command, command
from servec.targets.shared.past.spans import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHELLS = ("bash", "sh", "dash", "zsh")

TAG = re.compile(r"(:[^/:@]*)?(@[^/]*)?$")


def program_named(path: str, version: str, words: Sequence[str]) -> tuple[str, ...]:
    """The program of an image's words that do not fit its entry point: () where they do."""
    image = path.removeprefix("docker.io/")
    if image not in entries() or not words or words[0].startswith("-"):
        return ()
    last, program = entry_first().get(image, ("", ""))
    if words[0] == "serve":
        return ("serve",)
    return ("-m", program) if last and version and holds(f"..{last}", version) else ()


def tag_starts(
    image: str, words: Sequence[str], env: Mapping[str, str]
) -> tuple[Command, ...] | None:
    """What an image starts whose tag says its program, None for any other image."""
    path, tag = TAG.sub("", image), (TAG.search(image.partition("@")[0]) or ("", ""))[1] or ""
    known = tagged().get(path, {})
    first = words[0] if words else ""
    for begins, programs in known.items():
        if not tag.startswith(f":{begins}"):
            continue
        if "" in programs:
            return (command([programs[""], *words], env),)
        if first not in programs:
            runtime = next((name for part, name in images() if part in path), "")
            line, entry = tuple(words), f"{path}:{begins}"
            named = (first or image,)
            return (Command(runtime, line, dict(env), program=named, given=line, entry=entry),)
        found = command([programs[first], *words[1:]], env)
        return (found,) if found.runtime else ()
    return None


def are_options(words: Sequence[str], runtime: str) -> bool:
    """Whether words stand behind an entry point: options, `serve`, or vLLM's model."""
    if not words or words[0].startswith("-") or words[0] == "serve":
        return True
    name = words[0].rpartition("/")[2]
    program = name in SHELLS or re.fullmatch(r"python[0-9.]*|.*\.(sh|py)", name)
    model = "/" in words[0] or words[0].startswith("$")
    return runtime == "vllm" and not program and model
