"""A runtime with its version or options beside it, where each has a place of its own.

Part of SRV009.
"""

from __future__ import annotations

from servec.dsl.checks.srv009_unexpected import finding
from servec.dsl.diagnostic import Edit, Fix, Span
from servec.dsl.unexpected import RELATIONS
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.unexpected import Unexpected


def runtimes() -> tuple[str, ...]:
    """The names of the runtimes."""
    from servec.dsl.schema.language import field

    found = field("deployment", "target")
    return tuple(word for word in found.choices if word != "auto") if found else ()


def is_options_behind(here: Unexpected) -> bool:
    """`target = vllm { version = … }`."""
    value = here.kind() == "{" and here.kind(-2) in RELATIONS
    return value and here.word(-1) in runtimes()


def is_pinned(here: Unexpected) -> bool:
    """`target = vllm@0.33.0`."""
    glued = here.word() in ("@", ":") and here.touching() and here.touching(1)
    return glued and here.kind(-2) in RELATIONS and here.word(-1) in runtimes()


def is_pinned_block(here: Unexpected) -> bool:
    """`on vllm@0.33.0 {`, `on vllm 0.33.0 {`."""
    named = here.word(-2) == "on" and here.word(-1) in runtimes()
    return named and (here.kind() == "NUMBER" or (here.word() == "@" and here.touching(1)))


def options_behind(here: Unexpected) -> Diagnostic:
    """`target = vllm { version = … }`."""
    runtime = here.word(-1)
    head = here.span(-3, -1)
    return finding(
        f"what {code(runtime)} alone is told stands in a block of its own",
        here.span(-3, 0),
        f"written {code(f'on {runtime} {{ ... }}')}",
        (Fix(f"write {code(f'on {runtime}')}", (Edit(head, f"on {runtime}"),)),),
    )


def pinned(here: Unexpected) -> Diagnostic:
    """`target = vllm@0.33.0`."""
    runtime, span = here.word(-1), here.span(-1, here.run_end())
    version = here.tokens.text[here.span().end : span.end]
    said = f'on {runtime} {{ version = "{version}" }}'
    return finding(
        f"{code(here.tokens.text[span.start : span.end])} is a runtime and its version",
        span,
        "each has a place of its own",
        (Fix(f"say the version in {code(said, 60)}", (Edit(span, f"{runtime}; {said}"),)),),
    )


def pinned_block(here: Unexpected) -> Diagnostic:
    """`on vllm@0.33.0 {`, `on vllm 0.33.0 {`."""
    runtime, last = here.word(-1), here.run_end()
    begin = here.span().end if here.word() == "@" else here.span().start
    version = here.tokens.text[begin : here.span(0, last).end]
    fixes: tuple[Fix, ...] = ()
    said = f'version = "{version}"'
    if here.kind(last + 1) == "{":
        rest = "" if here.kind(last + 2) == "}" else ";"
        head = Span(here.parser.path, here.span(-1).end, here.span(last + 1).end)
        fixes = (Fix("say it inside", (Edit(head, f" {{ {said}{rest}"),)),)
    title = f"the version of {code(runtime)} is said inside of its block"
    return finding(title, here.span(-1, last), f"written {code(said)}", fixes)
