"""The launches in a file: a script, a program in Python, a notebook, a compose file, a manifest, a
unit, the blocks of a README."""

from __future__ import annotations

import re

from servec.cli.errors import UsageError
from servec.cli.given_text import LIMIT, script_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.cli.programmed import Asked
    from servec.targets.shared.importing.programs.program import Command

PAGES = (".md", ".mdx", ".markdown")
COMMANDS = 64
"""Launches of one file at most."""


def script_commands(
    path: str, env: Mapping[str, str], asked: Asked | None = None
) -> tuple[Command, ...]:
    """What the file at `path` (`-` for stdin) starts, in order; nothing of it is run."""
    from servec.cli.programmed import Asked, is_program, program_commands

    text = script_text(path)
    asked = asked or Asked()
    lower = path.lower()
    if is_program(text, lower):
        found = program_commands(text, path, env, asked)
    else:
        try:
            found = tuple(_launches(text, path, env))
        except ValueError as error:
            raise UsageError(f"cannot read {path} as YAML: {error}") from error
        if lower.endswith(PAGES):
            found += program_commands(text, path, env, asked, lenient=bool(found))
    if len(found) > COMMANDS:
        raise UsageError(f"{path} starts {len(found)} servers; {COMMANDS} are read at most")
    return found


def _launches(text: str, path: str, env: Mapping[str, str]) -> tuple[Command, ...]:
    from servec.targets.shared.importing.manifests.container import script_launches
    from servec.targets.shared.importing.manifests.manifest import manifest_launches

    name = path.lower()
    if name.endswith((".yaml", ".yml")) and "ray.serve.llm:" in text:
        from servec.targets.shared.importing.manifests.beneath_ray import application_commands

        return tuple(application_commands(text, env))
    if name.endswith((".yaml", ".yml", ".json")):
        return tuple(manifest_launches(text, env))
    if name.endswith(PAGES):
        return tuple(_blocks(text, env))
    if name.endswith(".properties"):
        from servec.targets.shared.importing.manifests.by_variables import properties

        return tuple(filter(None, [properties(text)]))
    if name.endswith(".service") or re.search(r"^ExecStart=", text, re.MULTILINE):
        return tuple(script_launches(_unit(text), env))
    found = tuple(script_launches(text, env, files=_programs(text, path)))
    lines = (line for line in text.splitlines() if line.strip() and line[0] not in "#-")
    if not found and re.match("(services|apiVersion|kind):", next(lines, "")):
        return tuple(manifest_launches(text, env))
    return found


PROGRAMS = re.compile(r"(?<![\w./-])[\w./-]+\.py(?![\w.])")


def _programs(text: str, path: str) -> dict[str, str]:
    """The programs in Python that a script names and that lie beside it, or here, by path."""
    from os.path import dirname, join
    from posixpath import normpath

    from servec.cli.sources import DiskSources

    sources, found = DiskSources(), dict[str, str]()
    for name in dict.fromkeys(PROGRAMS.findall(text)[:COMMANDS]):
        data = sources.read(join(dirname(path), name)) or sources.read(name)
        if data is not None and len(data) < LIMIT:
            found[normpath(name)] = data.decode("utf-8", "replace")
    return found


PLACE = re.compile(r"(?<=[\s=\"'])<([A-Za-z_][\w .-]*)>")
"""What a page says for the reader to fill in, `<num_gpus>`: no shell is to take it for a file."""


def _variable(found: re.Match[str]) -> str:
    """A place to fill in as a variable that nothing sets."""
    return "${" + re.sub(r"\W", "_", found[1]) + "}"


def _blocks(text: str, env: Mapping[str, str]) -> Iterator[Command]:
    """The launches of a page's code blocks; those of the shell see what went before."""
    from servec.targets.shared.importing.manifests.container import script_launches
    from servec.targets.shared.importing.manifests.manifest import manifest_launches
    from servec.targets.shared.importing.scripts.fenced import blocks

    yield from script_launches(PLACE.sub(_variable, "\n".join(blocks(text))), env)
    for block in blocks(text, ("yaml", "yml")):
        try:
            yield from manifest_launches(block, env)
        except ValueError:
            continue


def _unit(text: str) -> str:
    """The lines of a systemd unit that matter, as shell."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = []
    for line in joined.splitlines():
        key, _, value = line.strip().partition("=")
        if key == "Environment":
            lines.append(f"export {value}")
        elif key == "ExecStart":
            lines.append(value.lstrip("@-:+!"))
    return "\n".join(lines)
