"""Every form of statement and value, as the tree holds it."""

from __future__ import annotations

import pytest

from servec.dsl.parse import parse
from servec.dsl.tree import (
    Assert,
    Block,
    Count,
    Import,
    Items,
    Let,
    Number,
    Reference,
    Relation,
    Text,
    Unset,
    Word,
)


def statements(text: str) -> tuple[object, ...]:
    file = parse("a.srv", text.encode())
    assert file.diagnostics == () and file.whole
    return file.statements


def one(text: str) -> object:
    (found,) = statements(f"servec 1\n{text}\n")
    return found


def value(text: str) -> object:
    let = one(f"let a = {text}")
    assert type(let) is Let
    return let.value


def strip(node: object) -> object:
    """A node as (kind, parts) without positions."""
    if not hasattr(type(node), "__match_args__"):
        return tuple(strip(each) for each in node) if isinstance(node, tuple) else node
    fields: tuple[str, ...] = getattr(type(node), "__match_args__", ())
    names = [n for n in fields if n not in ("start", "end", "open")]
    return (type(node).__name__, *(strip(getattr(node, name)) for name in names))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", ("Number", "8", "")),
        ("-3", ("Number", "-3", "")),
        ("0.95", ("Number", "0.95", "")),
        ("16Ki", ("Number", "16Ki", "")),
        ("1.5M", ("Number", "1.5M", "")),
        ("500ms", ("Number", "500", "ms")),
        ("500 ms", ("Number", "500", "ms")),
        ("16Ki tokens", ("Number", "16Ki", "tokens")),
        ("5.5GiB", ("Number", "5.5", "GiB")),
        ("5 KB", ("Number", "5", "KB")),
        ("5KB", ("Number", "5", "KB")),
        ("5k", ("Number", "5k", "")),
        ("85%", ("Number", "85", "%")),
        ("85 %", ("Number", "85", "%")),
        ("900 tok/s", ("Number", "900", "tok/s")),
        ("900tok/s", ("Number", "900", "tok/s")),
        ("15k tok/s", ("Number", "15k", "tok/s")),
        ("28 USD/h", ("Number", "28", "USD/h")),
        ("3 x", ("Number", "3", "x")),
        ("h200 x 8", ("Count", "h200", "8")),
        ("a100-80g x 2", ("Count", "a100-80g", "2")),
        ("x x 8", ("Count", "x", "8")),
        ("fp8", ("Word", "fp8")),
        ("llama-3.3-70b", ("Word", "llama-3.3-70b")),
        ("_a", ("Word", "_a")),
        ("let", ("Word", "let")),
        ("else", ("Word", "else")),
        ("servec", ("Word", "servec")),
        ("x", ("Word", "x")),
        ('"a b"', ("Text", "a b")),
        (r'"\"\\\n\t"', ("Text", '"\\\n\t')),
        (r'"a\\n"', ("Text", "a\\n")),
        ('"# no comment"', ("Text", "# no comment")),
        ('"héllo"', ("Text", "héllo")),
        ('""', ("Text", "")),
        ("$gpus", ("Reference", "gpus")),
        ("$house.patience", ("Reference", "house.patience")),
        ("[]", ("Items", (), False)),
        ("[\n]", ("Items", (), True)),
        ("[a]", ("Items", (("Word", "a"),), False)),
        ("[a,]", ("Items", (("Word", "a"),), False)),
        ("[a,\n 'b'".replace("'", '"') + "\n]", ("Items", (("Word", "a"), ("Text", "b")), False)),
        ("[\na,\nb,\n]", ("Items", (("Word", "a"), ("Word", "b")), True)),
        ("[ # why\n a ]", ("Items", (("Word", "a"),), True)),
        (
            "[[1], [2]]",
            (
                "Items",
                (
                    ("Items", (("Number", "1", ""),), False),
                    ("Items", (("Number", "2", ""),), False),
                ),
                False,
            ),
        ),
    ],
)
def test_values(text: str, expected: object) -> None:
    assert strip(value(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('import "b.srv" as b', Import),
        ("let a = 1", Let),
        ("unset limits.batch", Unset),
        ('assert predicted.memory <= 92% else "why"', Assert),
        ("nodes = 2", Relation),
        ("nodes <= 2", Relation),
        ("nodes >= 2", Relation),
        ("nodes>=2", Relation),
        ("limits { }", Block),
        ("limits {}", Block),
        ("limits {\n}", Block),
        ("limits { ; }", Block),
        ("on vllm { a = 1 }", Block),
        ('deployment "x" { a = 1; b = 2 }', Block),
        ("import = 3".replace("import", "x"), Relation),
    ],
)
def test_statements(text: str, kind: type) -> None:
    assert type(one(text)) is kind


@pytest.mark.parametrize("word", ["x", "as", "else"])
def test_words_that_are_reserved_nowhere_may_name_fields(word: str) -> None:
    assert one(f"{word} = 1") == Relation(
        9, 13 + len(word), word, "=", Number(12 + len(word), 13 + len(word), "1", "")
    )


def test_nested_blocks_and_separators() -> None:
    block = one("a {\n\n b = 1; c { d = 2 };\n ; e = f\n}")
    assert type(block) is Block
    assert [type(each).__name__ for each in block.body] == ["Relation", "Block", "Relation"]


def test_positions_are_byte_offsets() -> None:
    text = 'servec 1\n# é\nlet a = "é" # ö\nlet b = 4k\n'
    first, second = statements(text)
    data = text.encode()
    assert type(first) is Let and type(second) is Let
    assert data[first.value.start : first.value.end].decode() == '"é"'
    assert data[second.start : second.end] == b"let b = 4k"
    assert data[second.value.start : second.value.end] == b"4k"


def test_comments_are_kept_with_their_places() -> None:
    text = "# one\nservec 1 # two\nlet a = [ # three\n 1 ]\n# four"
    file = parse("a.srv", text.encode())
    assert [text[a:b] for a, b in file.comments] == ["# one", "# two", "# three", "# four"]


@pytest.mark.parametrize(
    "text",
    [
        "servec 1",
        "\n\n# c\n\nservec 1\n\n",
        ";;servec 1;;",
        "servec 1\r\n",
        "\ufeffservec 1\n",
        "servec\t1 \t\n",
        "servec 1 # c",
    ],
)
def test_pragmas_that_are_good(text: str) -> None:
    assert statements(text) == ()


def test_crlf_and_byte_order_mark_change_no_tree() -> None:
    plain = 'servec 1\n\ndeployment "x" {\n  a = [\n    1,\n    2,\n  ] # c\n}\n'
    marked = "\ufeff" + plain.replace("\n", "\r\n")
    assert strip(statements(marked)) == strip(statements(plain))


def test_every_node_lies_where_it_says() -> None:
    text = 'servec 1\nlimits { batch <= 64; on "x" { unset y } }\nassert a = b else "c"\n'
    block, check = statements(text)
    assert type(block) is Block and type(check) is Assert
    assert text[block.start : block.end].startswith("limits {") and text[block.open] == "{"
    assert text[check.path.start : check.path.end] == "a"
    assert text[check.why.start : check.why.end] == '"c"'
    kinds = (Text, Word, Number, Count, Items, Reference)
    assert all(
        text[each.start : each.end] for each in (check.value, check.why) if type(each) in kinds
    )
