"""Rules of one runtime that a launch may break: options that need or exclude another.

`targets/<name>/constraints.json` holds them as data, each with its source. A row has `when`, a list
of conditions that all hold where the runtime refuses the launch; see `holds` for their form and
`servec.compiler.options.named` for what they may name. Its `rows` are judged for every launch,
those under `said` where the option or field is said that they stand under; see `needed`.
"""

from __future__ import annotations

from servec.compiler.options.named import FOUND, UNKNOWN, value
from servec.compiler.target import refusing
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from servec.compiler.target import Case

WORDS = (str, list, dict)
"""What is no number."""


@record
class Constraint:
    """One rule. `path` is what to point at, `other` the second thing ("" for none): a field of the
    spec, an option of the `on` block (`on.enable-dbo`), or an option wherever it is said (`opt.`).

    `why` says in one sentence what the runtime demands; `say` is what to write instead, as a field
    and its value, where one edit mends it. `draft`: where a draft has to be named, how, with a
    place for it; the first condition is on the way to speculate. `code`: of the finding, SRV304
    where a chip does not run the weights or the cache. `warns`: the launch starts, and `path` is
    not heeded.
    """

    when: Sequence[Sequence[Any]]
    path: str
    why: str
    source: str
    other: str = ""
    say: Sequence[str] | None = None
    since: str = ""
    until: str = ""
    code: str = "SRV310"
    draft: str = ""
    warns: bool = False


def rules_of(case: Case, planned: bool) -> list[Constraint]:
    """The runtime's rules that need a plan to be judged, or those that need none; without those
    that hold only where something is said that the case does not say."""
    rules = refusing(case.target, case.spec, case.capabilities.version)
    return rules.due(frozenset(_said(case)), planned)


def needed(conditions: Sequence[Sequence[Any]]) -> str:
    """An option or a field that has to be said for the conditions to hold, "" if there is none."""
    for name, relation, operand in conditions:
        unsaid = relation in ("of", "not in", "is not") or (relation == "set" and not operand)
        head, dot, rest = name.partition(".")
        if not unsaid and head not in FOUND:
            return head + dot + rest.partition(".")[0] if head == "opt" else str(name)
    return ""


def _said(case: Case) -> Iterator[str]:
    """Names of all that the spec says, as conditions name them."""
    spec = case.spec
    for path, setting in spec.settings.items():
        if setting.eq is not None:
            yield path
    for name in case.target.says(spec, case.capabilities.version):
        yield "opt." + name
    block = spec.on.get(case.target.name)
    for name in {option.name.replace("_", "-") for option in block.options} if block else ():
        yield "on." + name


def broken(case: Case, rules: Iterable[Constraint]) -> Constraint | None:
    """The first rule that the case breaks, None where it keeps them all."""
    return next(violations(case, rules), None)


def open_for(case: Case, rules: Iterable[Constraint]) -> list[Constraint]:
    """The rules that some plan of `case` may break: all that no plan touches in them holds."""
    known: dict[str, Any] = {}

    def find(name: str) -> Any:
        if name not in known:
            known[name] = value(case, name, known)
        return known[name]

    return [r for r in rules if not r.warns and all(_open(part, find) for part in r.when)]


def _open(condition: Sequence[Any], find: Callable[[str], Any]) -> bool:
    return needs_plan((condition,)) or holds(condition, find)


def violations(case: Case, rules: Iterable[Constraint]) -> Iterator[Constraint]:
    """The rules that the case breaks, in their order: the first of each that it points at."""
    return _met(case, (rule for rule in rules if not rule.warns))


def unheeded(case: Case, rules: Iterable[Constraint]) -> Iterator[Constraint]:
    """The rules by which the runtime starts and leaves aside what is said."""
    return _met(case, (rule for rule in rules if rule.warns))


def _met(case: Case, rules: Iterable[Constraint]) -> Iterator[Constraint]:
    known: dict[str, Any] = {}

    def find(name: str) -> Any:
        if name not in known:
            known[name] = value(case, name, known)
        return known[name]

    told: set[str] = set()
    for rule in rules:
        if rule.path not in told and all(holds(condition, find) for condition in rule.when):
            told.add(rule.path)
            yield rule


def holds(condition: Sequence[Any], find: Callable[[str], Any]) -> bool:
    """Whether one condition `(name, relation, operand)` holds.

    Relations: `in` and `not in` a list; `is` and `is not` a value; `set` (said at all, true) or
    not; `below`, `upto` and `above` a number or the value of another name; `differs` from another
    name; `same` as another when written; `uneven`: no multiple of another name or number, `even`
    one; `has`: a list or a text with commas that holds a word; `begins` with one of several texts;
    `past`: an item of such a text ends in a number that is no less than the value of another name;
    `strays`: an object has a key that is not listed; `unlike` a pattern of the whole text, in which
    `json` stands for any JSON. `("any", "of", conditions)`: one of them holds, `all`: each does.
    What is not said holds only `not in`, `is not` and `set false`; what is not known holds none.
    """
    name, relation, operand = condition
    if relation == "of":
        found_one = any if name == "any" else all
        return found_one(holds(part, find) for part in operand)
    found = find(name)
    if found is UNKNOWN:
        return False
    found = list(found) if isinstance(found, tuple) else found
    if relation == "set":
        return (found is not None and found is not False and found != 0) is operand
    if relation in ("not in", "is not"):
        return found not in operand if relation == "not in" else bool(found != operand)
    if found is None:
        return False
    return _holds(found, relation, operand, find)


def _holds(found: Any, relation: str, operand: Any, find: Callable[[str], Any]) -> bool:
    if relation == "in":
        return found in operand
    if relation == "is":
        return bool(found == operand)
    if relation == "has":
        words = found.split(",") if isinstance(found, str) else found
        return isinstance(words, (list, tuple)) and operand in words
    if relation == "begins":
        return str(found).startswith(tuple(operand))
    if relation in ("unlike", "past", "strays"):
        return _worded(found, relation, operand, find)
    other = find(operand) if isinstance(operand, str) else operand
    if relation == "same":
        return other is not None and other is not UNKNOWN and str(found) == str(other)
    if other is None or other is UNKNOWN or isinstance(found, WORDS) or isinstance(other, WORDS):
        both = isinstance(found, WORDS) and isinstance(other, str)
        return relation == "differs" and both and bool(found != other)
    return _compared(found, relation, other)


def _compared(found: Any, relation: str, other: Any) -> bool:
    if relation == "differs":
        return bool(found != other)
    if relation in ("uneven", "even"):
        return bool(other) and bool(found % other) is (relation == "uneven")
    if relation == "upto":
        return bool(found <= other)
    return bool(found < other if relation == "below" else found > other)


def _worded(found: Any, relation: str, operand: Any, find: Callable[[str], Any]) -> bool:
    if relation == "strays":
        return isinstance(found, dict) and any(key not in operand for key in found)
    return _unlike(found, operand) if relation == "unlike" else _past(found, find(operand))


def _past(found: Any, count: Any) -> bool:
    import re

    numbers = re.findall(r"[A-Za-z](\d{1,4})(?=,|$)", str(found))
    return isinstance(count, int) and any(int(number) >= count for number in numbers)


def _unlike(found: Any, pattern: str) -> bool:
    """Whether a value, or one of a list, is not written as it has to; what was read as JSON is."""
    if isinstance(found, (list, tuple)) and pattern != "json":
        return any(_unlike(item, pattern) for item in found)
    if isinstance(found, (dict, list, bool)):
        return False
    if pattern == "json":
        from servec.compiler.options.fields import read_json

        return read_json("json", str(found))[1] is not None
    import re

    return re.fullmatch(pattern, str(found)) is None


def needs_plan(conditions: Iterable[Sequence[Any]]) -> bool:
    """Whether one of the names is known from a plan on; a text beside it may be a name, too."""
    for name, relation, operand in conditions:
        if relation == "of":
            if needs_plan(operand):
                return True
        elif name.startswith("plan.") or (operand.__class__ is str and operand.startswith("plan.")):
            return True
    return False
