"""A container's image and words as a launch: `docker run`, compose services, pods."""

from __future__ import annotations

import re
from posixpath import normpath

from servec.dsl.record import replace
from servec.targets.shared.importing.manifests.by_variables import told
from servec.targets.shared.importing.manifests.docker import split
from servec.targets.shared.importing.manifests.entry import (
    SHELLS,
    TAG,
    are_options,
    program_named,
    tag_starts,
)
from servec.targets.shared.importing.manifests.tag import beneath, version_of
from servec.targets.shared.importing.programs.listed import entries, images, tagged, twin
from servec.targets.shared.importing.programs.program import RUNNERS, Command, command
from servec.targets.shared.importing.scripts.batches import Batches
from servec.targets.shared.importing.scripts.script import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ENGINES = ("docker", "podman", "nerdctl")
PRINTERS = (
    *("echo", "printf", "log", "pkill", "pgrep", "grep", "which", "type", "curl", "pip"),
    *(
        "cmake",
        "make",
        "ninja",
        "cp",
        "mv",
        "ln",
        "ls",
        "rm",
        "chmod",
        "killall",
        "apt-get",
        "brew",
    ),
)
"""Commands whose words start nothing."""
SENDERS = ("ssh", "tmux", "screen", "su", "runuser", "pdsh", "clush", "watch", "xargs", "flock")
"""Programs that hand a line, as one word, to a shell."""
DEPTH = 4
MANIFEST = re.compile(r"^(apiVersion|kind|services):", re.MULTILINE)


def launches(
    words: Sequence[str],
    env: Mapping[str, str],
    depth: int = 0,
    files: Mapping[str, str] = {},
) -> Iterator[Command]:
    """The launches in one command: itself, in a container, in `sh -c`, behind another program.

    `files`: scripts and lists of variables that stand at paths.
    """
    if depth > DEPTH or not words:
        return
    name = words[0].rpartition("/")[2]
    if name in PRINTERS:
        return
    text = inner_script(words, files)
    if text is not None:
        yield from script_launches(text, env, depth + 1, files)
        return
    if name in ENGINES and "run" in words[:3]:
        yield from _run(words[list(words).index("run") + 1 :], env, depth, files)
        return
    yield from _programs(words, env, files) or _found(words, env, depth, files)


def _programs(
    words: Sequence[str], env: Mapping[str, str], files: Mapping[str, str]
) -> tuple[Command, ...]:
    """The launches of the program in Python that a line runs."""
    name = words[0].rpartition("/")[2]
    if not name.startswith("python") and name not in RUNNERS:
        return ()
    from servec.targets.shared.importing.python.within import within

    return within(words, env, files)


def _found(
    words: Sequence[str], env: Mapping[str, str], depth: int, files: Mapping[str, str]
) -> Iterator[Command]:
    """The launch that a line is, or that stands behind the words of other programs."""
    for at in range(min(len(words), 200)):
        found = command(words[at:], env)
        if found.runtime:
            yield found
            return
        if (made := _peer(words[at:], env, files)) is not None:
            yield made
            return
        inner = words[at].rpartition("/")[2]
        if at and (inner in SHELLS or inner in ENGINES):
            yield from launches(words[at:], env, depth + 1, files)
            return
    for word in words[1:] if words[0].rpartition("/")[2] in SENDERS else ():
        if " " in word:
            yield from script_launches(word, env, depth + 1, files)


def _peer(words: Sequence[str], env: Mapping[str, str], files: Mapping[str, str]) -> Command | None:
    """The launch that the line of another program makes."""
    from servec.targets.shared.importing.programs.peers import peer_command

    return peer_command(words, env, files)


def script_launches(
    text: str, env: Mapping[str, str], depth: int = 0, files: Mapping[str, str] = {}
) -> Iterator[Command]:
    """The launches of a shell script, in order; where its tests leave none in, those of every
    branch, and of functions that nothing calls.
    """
    script = Script(text, env, files)
    found = (*_launched(script, depth), *_applied(script, env, depth))
    if found or depth > 1:
        yield from found
    else:
        yield from _launched(Script(text, env, files, every=True), depth)


def _applied(script: Script, env: Mapping[str, str], depth: int) -> Iterator[Command]:
    """The launches in manifests that a script writes, or hands on from its own lines."""
    from servec.targets.shared.importing.manifests.manifest import manifest_launches

    for text in script.texts if depth < DEPTH else ():
        if "import " in text and text not in script.files.values():
            from servec.targets.shared.importing.python.within import on_its_lines

            yield from on_its_lines(text, env)
        if MANIFEST.search(text):
            try:
                yield from manifest_launches(text, env)
            except ValueError:
                continue


def assumed(words: Sequence[str], env: Mapping[str, str], runtime: str) -> tuple[Command, ...]:
    """The options behind the image of a container that says nothing of itself, as those of the
    runtime that was named; none for a line that starts no container, or another program in it."""
    name = words[0].rpartition("/")[2] if words else ""
    if name not in ENGINES or "run" not in words[:3]:
        return ()
    found = split(words[list(words).index("run") + 1 :], env, {})
    if found is None or TAG.sub("", found[0]) in tagged() or not are_options(found[1], runtime):
        return ()
    image, started, inside, _ = found
    rest = started[1:] if started[:1] == ["serve"] else started
    return (Command(runtime, tuple(rest), inside, version_of(image)),)


def _launched(script: Script, depth: int) -> Iterator[Command]:
    batches = Batches()
    for words, seen in script.commands():
        behind, batch = script.behind, batches.of(words, script.sure)
        items = tuple(launches(words, seen, depth, script.files))
        for item in items:
            written = {**script.files, **item.files}
            yield replace(item, files=written, batch=batch if len(items) == 1 else 0)
        if items and not behind:
            batches.ended()


def contained(
    image: str,
    words: Sequence[str],
    env: Mapping[str, str],
    depth: int = 1,
    files: Mapping[str, str] = {},
    entered: bool = False,
) -> Iterator[Command]:
    """What a container starts: its words, or its image's entry point with them as options.

    `entered`: nothing takes the place of the entry point. Where something does, a word with
    options in it names no program, though it reads as a line.
    """
    version = version_of(image)
    behind = tag_starts(image, words, env) if entered else None
    if behind is not None:
        yield from (replace(item, version=version) for item in behind)
        return
    single = words[0] if words and not entered and re.search(r"\S\s+\S", words[0]) else ""
    read = ("sh", "-c", single) if single else words
    found = tuple(launches(read, env, depth, files))
    path = TAG.sub("", image)
    if not found and image and (asked := told(image, env)) is not None:
        yield asked
        return
    runtime = next((name for part, name in images() if part in path), "")
    begin = twin(runtime)
    given = words or any(begin and name.startswith(begin) for name in env)
    if not found and runtime and given and are_options(words, runtime):
        rest = tuple(words[1:] if words and words[0] == "serve" else words)
        named = program_named(path, version, words) if entered else ()
        found = (Command(runtime, rest, dict(env), program=named, given=rest if named else ()),)
    started = entered and found and path.removeprefix("docker.io/") in entries()
    twice = not are_options(words, runtime) or tuple(words[:1]) == ("serve",)
    entry = path if started and twice else single
    for item in found:
        # a container has a network of its own
        yield replace(item, version=beneath(image, item.runtime), entry=entry, batch=0)


def inner_script(words: Sequence[str], files: Mapping[str, str]) -> str | None:
    """The text that a shell is given: behind `-c`, by `eval`, or in a file that is known."""
    if words[0] == "eval":
        return " ".join(words[1:])
    if words[0].rpartition("/")[2] not in SHELLS:
        return files.get(normpath(words[0]))
    given, at = False, 1
    while at < len(words) and words[at][:1] in "-+" and words[at] != "--":
        given = given or bool(re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", words[at]))
        at += 2 if re.fullmatch(r"[-+][a-zA-Z]*[oO]", words[at]) else 1
    at += words[at : at + 1] == ["--"]
    if at >= len(words):
        return ""
    return words[at] if given else files.get(normpath(words[at]), "")


def _run(
    words: Sequence[str], env: Mapping[str, str], depth: int, files: Mapping[str, str]
) -> Iterator[Command]:
    """`docker run`: options up to the image, then the container's words."""
    found = split(words, env, files)
    if found is not None:
        image, started, inside, entered = found
        yield from contained(image, started, inside, depth + 1, files, entered)
