"""What a page says of a launch that was carried over, and of what is left to the runtime."""

from __future__ import annotations

from servec.compiler.rules.left_out import carried, heard, left_out
from servec.targets.shared.artifacts.header import visible
from servec.targets.shared.left_open import open_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from servec.compiler.target import Case

PLANNED = ("limits.context", "limits.batch", "limits.batched_tokens", "limits.memory")


def left_to_runtime(case: Case) -> str:
    """One line on the figures of the plan that the command does not hold; "" where it holds all."""
    paths = [path for path in PLANNED if path in open_paths(case)]
    if not paths:
        return ""
    named = ", ".join(f"`{path}`" for path in paths)
    return f"Left to the runtime, the plan counts with these figures alone: {named}.\n\n"


def not_carried(cases: Iterable[Case]) -> str:
    """The section on what the runtime starts without, and what is said otherwise."""
    lines = dict.fromkeys(line for case in cases for line in _lines(case))
    return "## Not carried over\n\n" + "".join(lines) + "\n" if lines else ""


def _lines(case: Case) -> Iterator[str]:
    spec = case.spec
    for path, why in left_out(case).items():
        word = spec.word(path)
        said = f"{path} = {visible(word)}" if word else path
        yield f"- `{said}` is left out: {visible(why)}\n"
    for other, block in sorted(spec.on.items()):
        if not heard(case) & spec.on.keys() and block.options:
            options = ", ".join(visible(option.name) for option in block.options)
            yield f"- for {other} alone: {options}\n"
    for path, how in case.capabilities.otherwise.items() if carried(case) else ():
        if path in spec.settings:
            yield f"- `{path}` is said otherwise: {how}\n"
