"""What changed between two versions of a runtime's options and value sets."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.options.context import Successor
    from servec.compiler.options.table import Option, OptionTable

KINDS = ("removed", "added", "default", "choices", "type", "flags", "deprecated")


@record
class Change:
    """One change of one option (`set` is "") or of one value set (`name` is then the set's).

    `kind`: `removed`, `added`, `default`, `choices`, `type` (type, arity or bounds), `flags`,
    `deprecated`. `old` and `new` are what was and what is, as JSON values; of sets and choices
    only the members that differ. `use`: what takes the place of something that is gone.
    """

    kind: str
    name: str
    old: Any = None
    new: Any = None
    use: str = ""
    set: bool = False


def changes(
    old: OptionTable, new: OptionTable, successors: Mapping[str, Successor]
) -> tuple[Change, ...]:
    """All changes from `old` to `new`, by kind in the order of `KINDS`, then by name."""
    found = [*_options(old, new, successors), *_sets(old, new)]
    return tuple(sorted(found, key=lambda item: (item.set, KINDS.index(item.kind), item.name)))


def _options(
    old: OptionTable, new: OptionTable, successors: Mapping[str, Successor]
) -> Iterator[Change]:
    for name in old.names():
        if new.find(name) is None:
            known = successors.get(name)
            use = _successor(known) if known else _refused(new, name)
            yield Change("removed", name, use=use)
    for name in new.names():
        before, after = old.find(name), new.option(name)
        assert after is not None
        if before is None:
            yield Change("added", name, new=after.default)
        else:
            yield from _option(name, before[0], after)
            yield from _choices(name, _members(old, before[0]), _members(new, after))


def _successor(known: Successor) -> str:
    """What takes the place, with what there is to say of it."""
    return f"{known.use} ({known.note})" if known.use and known.note else known.use or known.note


def _refused(new: OptionTable, name: str) -> str:
    """What the new parser names where it knows the flag only to refuse it."""
    return ", ".join(flag.lstrip("-") for flag in new.removed.get("--" + name, ()))


def _option(name: str, before: Option, after: Option) -> Iterator[Change]:
    if _plain(before.default) != _plain(after.default):
        yield Change("default", name, before.default, after.default)
    if _kind(before) != _kind(after):
        yield Change("type", name, _kind(before), _kind(after))
    now = {*after.flags, *after.off}
    flags = sorted({*before.flags, *before.off} - now)
    if flags:
        yield Change("flags", name, flags, sorted(now))
    if after.deprecated and not before.deprecated:
        yield Change("deprecated", name, use=", ".join(after.use))


def _members(table: OptionTable, option: Option) -> tuple[str, ...]:
    """The values an option takes, whether the parser lists them or the engine looks them up."""
    listed = tuple(str(choice) for choice in option.choices if str(choice) != "None")
    return listed or (table.values(option.values) if option.values else ())


def _choices(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    """Members that differ; an option that lists none any more, or yet, has no change of choices."""
    gone, fresh = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    if before and after and (gone or fresh):
        yield Change("choices", name, gone, fresh)


def _kind(option: Option) -> str:
    """Type, number of values and bounds in words."""
    limits = [
        f"{word} {limit:g}"
        for word, limit in (
            ("at least", option.low),
            ("at most", option.high),
            ("above", option.above),
            ("below", option.below),
        )
        if limit is not None
    ]
    kind = "flag" if option.boolean else option.type
    many = "" if option.boolean or option.arity == "1" else f" x {option.arity}"
    return ", ".join([kind + many, *limits])


def _plain(value: Any) -> Any:
    """Defaults that mean the same: a list in its order, a number whatever its type."""
    return (
        float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    )


def _sets(old: OptionTable, new: OptionTable) -> Iterator[Change]:
    for name in sorted({*old.sets(), *new.sets()}):
        before, after = set(old.values(name)), set(new.values(name))
        gone, fresh = sorted(before - after), sorted(after - before)
        if gone or fresh:
            yield Change("choices", name, gone, fresh, set=True)
