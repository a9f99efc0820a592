"""Random specs: everything the schema knows, laid out in every way the grammar allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from servec.dsl.schema.language import fields
from servec.dsl.units import UNITS

if TYPE_CHECKING:
    from servec.dsl.schema.field import Field

GAP = st.sampled_from([" ", "", "  ", "\t"])
COMMENT = st.sampled_from(["# c", "#", "# é ✓", "#  two  words  ", '# "a" { [ ; $b'])
OPEN_WORDS = ["hermes", "deepseek_v31", "a-b.c", "x", "auto"]
STRINGS = ['"a"', '""', '"é ✓"', r'"a\"b\\c\n\t"', '"# no"', '"$(x) `y` {z}"', '"it\'s"']
PLAIN = {"whole": ["1", "4", "1k", "2Ki"], "decimal": ["1", "0.5", "1.0"]}
AMOUNTS = ["1", "4", "16", "0.5", "1.25"]


@st.composite
def value(draw: st.DrawFn, field: Field) -> str:
    """A value that the field takes, in some spelling."""
    if field.many == "must" or (field.many and draw(st.booleans())):
        kind = draw(st.sampled_from(field.kinds[:1]))
        items = draw(st.lists(single(field, kind), min_size=1, max_size=3))
        return draw(listed(items))
    return draw(single(field, draw(st.sampled_from(field.kinds))))


@st.composite
def single(draw: st.DrawFn, field: Field, kind: str) -> str:
    """A value of one kind."""
    if kind == "word":
        words = ["any"] if "count" in field.kinds else list(field.choices) or OPEN_WORDS
        return draw(st.sampled_from([word for word in words if word != "auto"]))
    if kind == "string":
        return draw(st.sampled_from(STRINGS))
    if kind == "boolean":
        return draw(st.sampled_from(["true", "false"]))
    if kind == "count":
        return f"{draw(st.sampled_from(['h100', 'a100-80g', 'any']))} x {draw(st.integers(1, 8))}"
    if kind in PLAIN:
        return draw(st.sampled_from(PLAIN[kind]))
    unit = draw(st.sampled_from(sorted(UNITS[kind])))
    counted = kind in ("tokens", "pixels")
    amounts = ["1", "4k", "16Ki"] if counted else AMOUNTS
    amount = draw(st.sampled_from(amounts))
    return f"{amount}{draw(GAP) if amount.isdigit() else ' '}{unit}"


@st.composite
def listed(draw: st.DrawFn, items: list[str]) -> str:
    """A list on one line or several, with comments where it has line ends."""
    ends = draw(st.sampled_from(["", "\n", "\n\n"]))
    if not ends:
        return f"[{', '.join(items)}{draw(st.sampled_from(['', ',']))}]"
    note = draw(st.sampled_from(["", " # c", "\n# c"])) + ends
    return f"[{note}{(',' + note).join(items)}{draw(st.sampled_from(['', ',']))}{note}]"


@st.composite
def relation(draw: st.DrawFn, field: Field, name: str) -> str:
    """`name op value`."""
    op = draw(st.sampled_from(field.ops))
    return f"{name}{draw(GAP)}{op}{draw(GAP)}{draw(value(field))}"


@st.composite
def joined(draw: st.DrawFn, statements: list[str]) -> str:
    """Statements behind one another, parted in any way."""
    text = ""
    for statement in statements:
        text += draw(st.sampled_from(["", "", "\n# own line\n", "\n\n\n", "\n# a\n\n# b\n"]))
        text += draw(GAP) + statement
        if draw(st.booleans()):
            text += f" {draw(COMMENT)}\n"
        else:
            text += draw(st.sampled_from(["\n", ";", " ;; ", "\r\n", ";\n", "\n\n"]))
    return text


@st.composite
def block(draw: st.DrawFn, header: str, statements: list[str]) -> str:
    """A block on one line or several."""
    if draw(st.booleans()) and not any("{" in s or "#" in s for s in statements):
        return f"{header}{draw(GAP)}{{ {draw(st.just('; ')).join(statements)} }}"
    opening = draw(st.sampled_from(["{", "{\n", "{ # why\n", "{\n\n\n", "{ "]))
    return f"{header} {opening}{draw(joined(statements))}}}"


def _usable(field: Field) -> bool:
    """Whether a field may be drawn alone: no other field has to go with it."""
    apart = ("extends", "model", "size", "hardware", "workload.rate", "workload.concurrency")
    return field.path not in apart and not field.path.startswith("workload.")


FIELDS = [field for field in fields("deployment") if _usable(field)]


@st.composite
def deployment(draw: st.DrawFn, name: str) -> tuple[str, list[str]]:
    """A deployment and the paths it says something of."""
    chosen = draw(st.lists(st.sampled_from(FIELDS), unique_by=lambda f: f.path, max_size=8))
    grouped: dict[str, list[str]] = {}
    for field in chosen:
        head, _, rest = field.path.partition(".")
        dotted = not rest or draw(st.booleans())
        made = draw(relation(field, field.path if dotted else rest))
        grouped.setdefault("" if dotted else head, []).append(made)
    statements = ["model = qwen3-32b", "hardware = h100 x 8", *grouped.pop("", [])]
    statements += [draw(block(head, inner)) for head, inner in grouped.items()]
    statements += draw(
        st.lists(
            st.sampled_from(
                [
                    'assert predicted.memory <= 92% else "why"',
                    "on vllm { a = 1; b { c = [1, 2] } }",
                    'on sglang {\n  version = "0.5.23" # pinned\n\n  d = x\n}',
                    'env { A = "1"; B = "$(x)" }',
                ]
            ),
            unique=True,
            max_size=3,
        )
    )
    order = draw(st.permutations(statements))
    return draw(block(f'deployment "{name}"', order)), [field.path for field in chosen]


@st.composite
def spec(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A file, and the paths that each of its deployments says something of."""
    made = [draw(deployment(f"d{i}")) for i in range(draw(st.integers(1, 2)))]
    lets = ["let l0 = 4", f"let l1 = {draw(st.sampled_from(['[a, b]', '500ms', '$l0']))}"]
    profile = draw(block('profile "p"', ["nodes = $l0"]))
    top = [made[0][0], *lets[: draw(st.integers(1, 2))], profile, *[m[0] for m in made[1:]]]
    if draw(st.booleans()):
        top.sort(key=lambda text: not text.startswith("let"))
    head = draw(st.sampled_from(["", "\ufeff", "# head\n", "\n\n# head\n\n"]))
    pragma = draw(st.sampled_from(["servec 1\n", "servec 1 # c\n", "servec  1;\n\n\n"]))
    return f"{head}{pragma}{draw(joined(top))}", [paths for _, paths in made]
