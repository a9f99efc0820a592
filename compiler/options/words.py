"""What a nested block of an `on` block stands for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.spec import NativeOption


def json_of(native: NativeOption) -> Any:
    """A nested block as a mapping, names with `_` as configuration classes write them.

    A plain option is its value; numbers stay exact.
    """
    if not native.is_block:
        return native.value
    return {child.name.replace("-", "_"): json_of(child) for child in native.children}
