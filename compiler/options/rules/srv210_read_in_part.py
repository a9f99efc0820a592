"""A number is read as far as it goes.

Checks: a word that a parser takes for a number by its first digits, and that goes on.
Because: llama.cpp reads numbers as C does: `8k` is 8 and `1e4` is 1. The launch starts, with a
    context of eight tokens.
Wrong: on llamacpp { ctx-size = "8k" }
Right: on llamacpp { ctx-size = 8192 }
Source: llama.cpp common/arg.cpp: std::stoi, tried on each build
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.context import Context
    from servec.compiler.options.table import Option
    from servec.dsl.spec import NativeOption


def text_in_part(context: Context, native: NativeOption, option: Option) -> Iterator[Diagnostic]:
    """The finding on a text of an `on` block of which a number is read and a rest is not."""
    from servec.compiler.options.forms import read_in_part as part

    text = str(native.value)
    number = part(option, text)
    if number is not None:
        label = Label(native.value_span or native.span, f"read as {number}")
        where = f"{context.runtime} {context.newest.version}"
        yield read_in_part(where, native.name, text, number, label, context.spec.name)


def read_in_part(
    where: str, name: str, text: str, number: int, label: Label, deployment: str
) -> Diagnostic:
    """`where`: runtime and version; `label`: the word that is read as `number`."""
    return Diagnostic(
        "SRV210",
        "warning",
        f"{where} reads `{clip(name, 36)} = {clip(text, 16)}` as {number}",
        label,
        (),
        (),
        (),
        deployment,
    )
