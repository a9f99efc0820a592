"""What a spec says to the options of one runtime, in its `on` block or by portable fields."""

from __future__ import annotations

from servec.dsl.record import record
from servec.dsl.whole import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.context import Portable
    from servec.compiler.options.table import OptionTable
    from servec.dsl.spec import NativeOption, Spec


@record
class Spoken:
    """A runtime option that a spec says: its value, and the native option or the field behind it.

    `value` is a boolean, a number, a text, a list or a mapping; `path` is "" for a native option.
    """

    value: Any
    native: NativeOption | None = None
    path: str = ""


def spoken(
    spec: Spec, runtime: str, table: OptionTable, portable: Portable
) -> Mapping[str, Spoken]:
    """Every option of the runtime that `spec` says, by its name in the table.

    What a target's own code writes for a field is not among them: rules name the field. A field
    that was lifted from the block says no more than its option.
    """
    found: dict[str, Spoken] = {}
    block = spec.on.get(runtime)
    lifted = {native.span for native in block.options} if block is not None else set()
    for path in spec.settings:
        pin = spec.pin(path)
        if pin is None or pin.span in lifted:
            continue
        settings = portable.settings(path, pin.value)
        for name, value in (settings or {}).items():
            held = found.get(name)
            if held is not None and isinstance(value, dict) and isinstance(held.value, dict):
                value = {**held.value, **value}
            found[name] = Spoken(value, None, path)
    if block is not None and block.options:
        from servec.compiler.options.words import meant

        for native in block.options:
            known = table.find(native.name)
            if known is not None:
                value, held = meant(native, *known), found.get(known[0].name)
                if held is not None and isinstance(value, dict) and isinstance(held.value, dict):
                    value = {**held.value, **value}
                found[known[0].name] = Spoken(value, native)
    return found


def part(said: Mapping[str, Spoken], name: str) -> Spoken | None:
    """What is said of an option, or of a field of a JSON option: `speculative-config.method`; a
    YAML file may have numbers for keys. Of a list of objects, the list of what each has."""
    option, *fields = name.split(".")
    found = said.get(option)
    for field in fields:
        held = found.value if found is not None else None
        if found is not None and held.__class__ is list:
            each = [item.get(field) for item in held if isinstance(item, dict)]
            if not any(item is not None for item in each):
                return None
            found = Spoken(each, found.native, found.path)
            continue
        if found is None or not isinstance(held, dict):
            return None
        key = field if field in held else whole(field)
        if key not in held:
            return None
        found = Spoken(held[key], found.native, found.path)
    return found
