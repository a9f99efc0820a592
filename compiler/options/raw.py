"""Judges `raw_args`: that they are used, what they hide, what they override, what is wrong."""

from __future__ import annotations

from servec.compiler.options.argv import read
from servec.compiler.options.secrets import is_secret
from servec.dsl.wording import in_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.argv import Argument
    from servec.compiler.options.context import Context
    from servec.compiler.options.values import Trouble
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Bound

# Fields that every command says, whatever the spec leaves open (see `compiler.plan.Plan`).
ALWAYS = ("precision.", "parallel.", "limits.", "checkpoint.", "nodes", "model")
ALWAYS_API = ("api.host", "api.port", "api.name")


def raw_args(context: Context) -> Iterator[Diagnostic]:
    """SRV601 always, and 602 or 603 for each option; SRV201 to 205 where one is wrong."""
    raw = context.on.raw_args
    assert raw is not None
    words = tuple(map(str, raw.value)) if isinstance(raw.value, tuple) else ()
    from servec.compiler.options.rules.srv601_raw_args import raw_args_used

    yield raw_args_used(context, raw, words)
    line = read(context.newest, words)
    for argument in line.arguments:
        yield from _argument(context, raw, words, argument)


def _argument(
    context: Context, raw: Bound, words: tuple[str, ...], argument: Argument
) -> Iterator[Diagnostic]:
    option = argument.option
    wrong = refusal(context, argument) if option is not None else None
    if option is None or wrong is not None:
        yield from _refused(context, raw, argument, wrong)
        return
    if is_secret(option.name):
        return
    paths = context.portable.options().get(option.name, ())
    if any(_emitted(context, path) for path in paths):
        from servec.compiler.options.rules.srv603_raw_args_override import raw_args_override

        yield raw_args_override(context, argument.flag, paths, raw.value_span)
        return
    from servec.compiler.options.rules.srv602_raw_args_known import raw_args_known

    statement = _statement(argument)
    rest = words[: argument.index] + words[argument.index + argument.width :]
    yield raw_args_known(context, argument.flag, statement, paths, raw, _listing(rest))


def _refused(
    context: Context, raw: Bound, argument: Argument, wrong: Trouble | None
) -> Iterator[Diagnostic]:
    """SRV201 to 205 on an option that is not there, or whose words are wrong."""
    option, span = argument.option, raw.value_span
    if option is None or wrong is None:
        from servec.compiler.options.absent import absent

        dashed = argument.flag.startswith("--")
        head = argument.flag if " " in argument.flag else argument.flag.split(".")[0]
        found = absent(context, head, span, span) if dashed else None
        if found is not None:
            yield _without_edits(found)
    elif wrong.text == "no such field":
        from servec.compiler.options.rules.srv201_unknown_option import unknown_field

        yield unknown_field(context, option.name, wrong, span, False)
    else:
        from servec.compiler.options.rules.srv205_option_value import option_value

        where = f"{context.runtime} {context.newest.version}"
        text = wrong.value or " ".join(argument.values)
        yield _without_edits(option_value(context, option.name, text, wrong, span, where))


def refusal(context: Context, argument: Argument) -> Trouble | None:
    """What is wrong with the words of one option on a command line."""
    from servec.compiler.options.command import argument_trouble

    return argument_trouble(context.newest, argument)


def _without_edits(found: Diagnostic) -> Diagnostic:
    """The same finding; a fix of one word in a list cannot be written as an edit of the line."""
    from servec.dsl.record import replace

    kept = tuple(replace(fix, edits=(), safe=False) for fix in found.fixes)
    return replace(found, fixes=kept)


def _emitted(context: Context, path: str) -> bool:
    return bool(context.spec.setting(path)) or path.startswith(ALWAYS) or path in ALWAYS_API


def _statement(argument: Argument) -> str:
    """How the block says it: `name = value`."""
    option = argument.option
    assert option is not None
    name = ".".join((option.name, *argument.path))
    if option.boolean:
        return f"{name} = {'true' if argument.sets else 'false'}"
    items = [_item(word, option.type) for word in argument.values]
    many = option.arity in ("+", "*") or len(items) != 1
    return f"{name} = [{', '.join(items)}]" if many else f"{name} = {items[0]}"


def _item(word: str, kind: str) -> str:
    if kind in ("int", "float") and word.lstrip("-").replace(".", "", 1).isdigit():
        return word
    return in_quotes(word)


def _listing(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(_item(word, "") for word in words) + "]"
