"""What the statements of an `on` block stand for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.table import Option
    from servec.dsl.spec import NativeOption


def json_of(native: NativeOption) -> Any:
    """A nested block as a mapping, names with `_` as configuration classes write them.

    A plain option is its value; numbers stay exact.
    """
    if not native.is_block:
        return native.value
    return {child.name.replace("-", "_"): json_of(child) for child in native.children}


def meant(native: NativeOption, option: Option, sets: bool) -> Any:
    """The value that a statement gives its option: JSON read from text, `no-x = true` as false."""
    value = json_of(native)
    if isinstance(value, bool):
        return value is sets
    if isinstance(value, str) and option.type in ("json", "object", "mixed"):
        from servec.compiler.options.fields import read_json

        found, wrong = read_json(option.type, value)
        return value if wrong else found
    return value
