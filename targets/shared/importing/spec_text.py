"""Writes a sheet as a spec, in the order of the language reference."""

from __future__ import annotations

import re

from servec.targets.shared.importing.literal import free, free_block, literal, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet

WIDTH = 72


def spec_text(sheet: Sheet, head: Mapping[str, str], version: str, notes: Mapping[str, str]) -> str:
    """The spec in canonical style.

    `head`: `name`, `model`, `runtime`, `hardware`, `nodes` as they are written. `version`: what the
    line or its image states, "" for nothing. `notes`: comments by path.
    """
    from servec.dsl.format import format_text

    target = _noted(f"target = {head['runtime']}", notes.get("target", ""))
    lines = [f"model = {head['model']}", target, "defaults = runtime"]
    lines.append(_noted(f"hardware = {head['hardware']}", notes.get("hardware", "")))
    if head.get("nodes", "1") != "1":
        lines.append(_noted(f"nodes = {head['nodes']}", notes.get("nodes", "")))
    native = {**sheet.rest, **sheet.on}
    stated = _noted(f"version = {quoted(version)}", notes.get("version", "")) if version else ""
    blocks = blocks_of(sheet.fields, sheet.variables, native, head["runtime"], stated)
    if sheet.adapters:
        blocks = [_with_adapters(sheet, block) for block in blocks]
    body = "\n".join(_indented(lines)) + "\n" + "".join(f"\n{block}\n" for block in blocks)
    return format_text(f"servec 1\n\ndeployment {head['name']} {{\n{body}}}\n")


def blocks_of(
    fields: Mapping[str, Any],
    variables: Mapping[str, str],
    native: Mapping[str, Any],
    runtime: str,
    version: str,
) -> list[str]:
    """The blocks of a body: fields, variables, and what stays native behind the `version` line."""
    groups = _grouped(fields)
    blocks = [_block(name, _relations(name, inside)) for name, inside in groups.items()]
    if variables:
        blocks.append(_block("env", list(_variables(variables))))
    lines = [version] if version else []
    lines += list(_native({name: _number(value) for name, value in native.items()}))
    return [*blocks, _block(f"on {runtime}", lines)] if lines else blocks


def _noted(text: str, note: str) -> str:
    return f"{text} # {note}" if note and note.isprintable() and note.isascii() else text


def _grouped(fields: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Fields by block, both in the order of the language reference."""
    from servec.dsl.schema.language import fields as known

    order = {field.path: at for at, field in enumerate(known("deployment"))}
    order["api.template_args"] = order["api.template"]
    order["checkpoint.overrides"] = order["checkpoint.loader"] = order["checkpoint.projector"]
    made: dict[str, dict[str, Any]] = {}
    for path in sorted(fields, key=lambda path: (order.get(path, len(order)), path)):
        block, _, name = path.partition(".")
        made.setdefault(block, {})[name] = fields[path]
    return made


def _relations(block: str, inside: Mapping[str, Any]) -> list[str]:
    made: list[str] = []
    for name, value in inside.items():
        path = f"{block}.{name}"
        if isinstance(value, dict):
            made += _native({name: value})
        else:
            made.append(f"{name} = {literal(path, value)}")
    return made


def _block(name: str, lines: list[str]) -> str:
    short = f"  {name} {{ {'; '.join(lines)} }}"
    nested = any(line.endswith(("{", "}")) or "#" in line or "\n" in line for line in lines)
    if len(lines) <= 2 and len(short) <= WIDTH and not nested:
        return short
    return "\n".join((f"  {name} {{", *_indented(_indented(lines)), "  }"))


def _with_adapters(sheet: Sheet, block: str) -> str:
    if not block.startswith("  lora {"):
        return block
    adapters = [
        f"    adapter {quoted(name)} {{ path = {quoted(path)}; rank = {rank} }}"
        for name, path, rank in sheet.adapters
    ]
    inside = block.removeprefix("  lora {").removesuffix("}").strip()
    lines = [f"    {line.strip()}" for line in re.split(r"; |\n", inside)]
    return "\n".join(("  lora {", *lines, *adapters, "  }"))


def _variables(variables: Mapping[str, str]) -> Iterator[str]:
    for name, value in variables.items():
        yield f"{name} = {quoted(value)}"


def _number(value: Any) -> Any:
    """A text option that holds a plain number, as a number: both are the same word."""
    plain = isinstance(value, str) and re.fullmatch(r"0|[1-9]\d{0,11}", value)
    return int(value) if plain else value


def _native(options: Mapping[str, Any]) -> Iterator[str]:
    """Statements of an `on` block: JSON objects as blocks where their names allow it."""
    from servec.targets.shared.settings import text_of

    for name, value in options.items():
        if isinstance(value, dict) and free_block(value):
            yield f"{name} {{"
            yield from _indented(list(_native(value)))
            yield "}"
            continue
        text = None if isinstance(value, dict) else free(value)
        if isinstance(value, (list, tuple)) and text is None:
            text = quoted(text_of(value))
        yield f"{name} = {text if text is not None else quoted(text_of(value))}"


def _indented(lines: list[str]) -> list[str]:
    return ["  " + line for line in lines]
