"""Tries on llama.cpp's parser what words an option takes beyond its kind: their form, the bounds.

The parser calls code of each option, so that only words that it takes or refuses tell the form.
"""

from __future__ import annotations

import os

from servec.compiler.options.forms import FORMS, INT, fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Tried = Callable[[list[str]], list[bool]]

WORDS = (
    *("8", "0", "-1", "-5", " 7", "+3", "1e4", "8k", "3.7", ".5", "0x10", "", "-", "abc", "zz"),
    *("auto", "all", "none", "on", "true", "info", "nan", "CPU", "CUDA99", "1,2", "1/2", "1;2"),
    *("1,x", "x,1", "1,,2", "1.5,2.5", ",1"),
    *("0-3", "3-0", "1+0.5", "a:b", "a:1", "a.gguf:0.5,b.gguf:1", "a=b", "a=int:1", "a=str:x"),
    *("exps=CPU", "exps", "{}", '{"a":1}', "{bad", "[1]", "a.gguf,b.gguf"),
)
ALONE = {frozenset({"none"}): "devices", frozenset({"exps=CPU"}): "placed"}
"""What is taken of the words where the rest names devices that no machine need have."""
NAMED = ("file", "folder", *ALONE.values())
LOWER = (-(2**31), -2, -1, 0, 1, 2, 4, 16)
NUMERIC = ("whole", "layers")
REACHING = ("--rpc", "--docker-repo", "--hf-repo", "--hf-repo-draft", "--spec-draft-hf")
"""Options that ask other machines while they are parsed; `-n-cpu-` lists so many layers."""


def shape(tried: Tried, kind: str, flags: list[str]) -> dict[str, Any]:
    """What a row of the table says of the words of one option: `form`, `low`, `high`."""
    if any(flag in REACHING or flag.endswith("-url") for flag in flags):
        return {}
    if any("-n-cpu-" in flag for flag in flags):
        return _lower(tried)[0]
    if kind == "int":
        return bounds(tried)
    form = form_of(tried)
    found: dict[str, Any] = {"form": form} if form else {}
    return {**found, **(bounds(tried) if form in NUMERIC else {})}


def trial(in_child: Callable[[Any], Any], parsed: Any, flag: str, twice: bool) -> Tried:
    """Which words an option takes; one that ends the process is refused."""

    def tried(words: list[str]) -> list[bool]:
        def work() -> list[bool]:
            return [parsed([flag, word, *([word] if twice else ())]) is not None for word in words]

        found = in_child(work)
        if found is None and len(words) > 1:
            return [taken for word in words for taken in tried([word])]
        return list(found) if found is not None else [False]

    return tried


def form_of(tried: Tried) -> str:
    """The form that foretells every verdict, "" where none does or any word is taken.

    Some options write a file of the name that they are given, or make its folder, so they are tried
    in a folder of their own.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file, inner, back = os.path.join(folder, "file"), os.path.join(folder, "in"), os.getcwd()
        os.mkdir(inner)
        with open(file, "w", encoding="utf-8") as made:
            made.write("{}")
        os.chdir(inner)
        nowhere = os.path.join(folder, "none", "at-all")
        *plain, absent, at_file, at_folder = tried([*WORDS, nowhere, file, folder])
        os.chdir(back)
    taken = {word for word, good in zip(WORDS, plain, strict=True) if good}
    if len(taken) == len(WORDS):
        return ""
    if taken <= {""} and not absent and (at_file or at_folder):
        return "file" if at_file else "folder"
    if frozenset(taken) in ALONE:
        return ALONE[frozenset(taken)]
    names = [name for name in (*FORMS, "json") if name not in NAMED]
    return next((n for n in names if [fits(n, word) for word in WORDS] == plain), "")


def bounds(tried: Tried) -> dict[str, int]:
    """The least and the most whole number that is taken, where they are not those of the type."""
    found, base = _lower(tried)
    top = INT[1]
    if base is None or _taken(tried, (top,))[0]:
        return found
    while top - base > 1:
        middle = (base + top) // 2
        base, top = (middle, top) if _taken(tried, (middle,))[0] else (base, middle)
    return {**found, "high": base}


def _lower(tried: Tried) -> tuple[dict[str, int], int | None]:
    """The least number, and one that is taken; none where no small one is."""
    low = [number for number, taken in zip(LOWER, _taken(tried, LOWER), strict=True) if taken]
    if not low:
        return {}, None
    return ({} if low[0] == INT[0] else {"low": low[0]}), low[-1]


def _taken(tried: Tried, numbers: tuple[int, ...]) -> list[bool]:
    return tried([str(number) for number in numbers])
