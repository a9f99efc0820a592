"""The quick parser agrees with argparse on whatever it does not refuse."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.cli.commands import COMMANDS, module_name
from servec.cli.common import add_common
from servec.cli.errors import UsageError
from servec.cli.options import parse
from servec.cli.quick import NotPlain, Quick

WORDS = [
    *("a.srv", "b.srv", "-", "--", "", "list", "show", "bash", "SRV403", "-1"),
    *("--format", "--format=json", "json", "--format=", "--color=never", "always", "--color"),
    *("-q", "-v", "-qv", "--quiet", "--quiet=1", "--strict", "--stri", "--fix", "--target"),
    *("vllm", "--target=auto", "--target=", "--out", "x", "--check", "--why", "--nope", "-x"),
]


def quickly(name: str, words: list[str]) -> dict[str, object] | None:
    module = import_module(module_name(name))
    quick = Quick()
    try:
        module.register(quick)
        add_common(quick, module.FORMATS)
        return dict(vars(quick.parse(words)))
    except NotPlain:
        return None


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(sorted(COMMANDS)), st.lists(st.sampled_from(WORDS), max_size=6))
def test_agrees_with_argparse(name: str, words: list[str]) -> None:
    found = quickly(name, words)
    if found is None:
        return
    assert found == vars(parse(name, import_module(module_name(name)), words))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("check", ["a.srv", "--strict", "b.srv", "--format=json", "-q"]),
        ("compile", ["specs/a.srv", "--target", "all", "--out", "x"]),
        ("fmt", ["--check", "-"]),
    ],
)
def test_usual_command_lines_need_no_argparse(name: str, words: list[str]) -> None:
    assert quickly(name, words) is not None


def test_what_argparse_refuses_is_refused() -> None:
    for words in (["--target"], ["a", "--nope"], ["--color", "pink", "a"], []):
        assert quickly("check", words) is None
        with pytest.raises(UsageError):
            parse("check", import_module(module_name("check")), words)
