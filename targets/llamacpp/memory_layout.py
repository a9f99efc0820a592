"""Reads the option table that llama.cpp builds from the memory of its process."""

from __future__ import annotations

import ctypes
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INIT = "_Z25common_params_parser_initR13common_params13llama_examplePFviPPcE"  # as exported
# struct common_arg: set examples, set excludes (48 each), vec args, vec args_neg (24 each), hint,
# hint2, env, help (8 each: the wheels use the string of before C++11), flags (8), five handlers.
_ROW = 224
_EXAMPLES, _ARGS, _NEG, _HINT, _ENV, _HELP, _HANDLERS = 0, 96, 120, 144, 160, 168, 184
_KINDS = ("void", "string", "str_str", "int", "bool")
_WORD = r"[a-zA-Z][\w.+-]+"


def read_options(library: Any, params: int, example: int) -> list[dict[str, Any]]:
    """One mapping an option: flags, neg, kind, env, default, candidates, removed, deprecated, use.

    Must run in a process of its own: building the table changes `params`. No help text is kept.
    `AssertionError` where the layout is another one.
    """
    buffer = ctypes.create_string_buffer(4096)
    build = getattr(library, _INIT)
    build.restype = ctypes.c_void_p
    build.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    base = ctypes.addressof(buffer)
    build(base, params, example, None)
    begin, end = _word(base + 16), _word(base + 24)
    assert end > begin and (end - begin) % _ROW == 0, f"rows of another size: {end - begin}"
    return [_row(at) for at in range(begin, end, _ROW)]


def _word(at: int) -> int:
    return ctypes.c_uint64.from_address(at).value


def _text(at: int) -> str | None:
    return ctypes.string_at(at).decode() if at else None


def _texts(at: int) -> list[str]:
    begin, end = _word(at), _word(at + 8)
    return [_text(_word(begin + 8 * i)) or "" for i in range((end - begin) // 8)]


def _members(at: int) -> list[int]:
    """A `std::set<int>`: its red-black tree, walked."""
    out, open_nodes = [], [_word(at + 16)]
    while open_nodes:
        node = open_nodes.pop()
        if node:
            out.append(ctypes.c_int.from_address(node + 32).value)
            open_nodes += [_word(node + 16), _word(node + 24)]
    return sorted(out)


def _row(at: int) -> dict[str, Any]:
    where = _word(at + _HELP)
    about = ctypes.string_at(where, _word(where - 24)).decode("utf-8", "replace")
    set_by = [_word(at + _HANDLERS + 8 * i) for i in range(len(_KINDS))]
    kinds = [kind for kind, handler in zip(_KINDS, set_by, strict=True) if handler]
    flags = _texts(at + _ARGS)
    assert len(kinds) == 1 and flags and all(f.startswith("-") for f in flags), (flags, kinds)
    removed = bool(re.match(r"(?i)\s*\(?removed|\s*the argument has been removed", about))
    removed = removed or "has been removed" in about[:60]
    return {
        "flags": flags,
        "neg": _texts(at + _NEG),
        "kind": kinds[0],
        "env": _text(_word(at + _ENV)),
        "examples": _members(at + _EXAMPLES),
        "removed": removed,
        "deprecated": not removed and bool(re.search(r"(?i)deprecated", about)),
        "use": re.findall(r"--[a-z][\w*-]+", about) if removed or "eprecated" in about else [],
        "default": _default(about, kinds[0]),
        "candidates": _candidates(_text(_word(at + _HINT)) or "", about),
    }


def _default(about: str, kind: str) -> int | str | bool | None:
    """The default as the option's text states it, where that is one plain word."""
    found = re.search(
        r"default: '?(-?\d+(?:\.\d+)*|enabled|disabled|true|false|auto|[a-z0-9_]+)\b", about
    )
    if not found:
        return None
    word = found.group(1)
    if kind == "int":
        return int(word) if re.fullmatch(r"-?\d+", word) else None
    if kind in ("bool", "void"):
        return {"enabled": True, "true": True, "disabled": False, "false": False}.get(word)
    return word if word not in ("same", "value", "template", "unused", "the", "no") else None


def _candidates(hint: str, about: str) -> list[str]:
    """Words that may be choices, from the hint and the lists in the option's text."""
    out: list[str] = []
    if re.fullmatch(rf"[\[{{<]?{_WORD}(?:[|,] ?{_WORD})+[\]}}>]?", hint.strip()):
        out += re.split(r"[|,] ?", hint.strip().strip("[]{}<>"))
    listed = re.search(r"allowed values: ([^\n(]+)", about)
    if listed:
        out += [word.strip(" '\"`") for word in listed.group(1).split(",")]
    out += re.findall(r"(?m)^\s*- '?([\w\-+]+)'?(?=\s*[:(])", about)
    either = re.search(r"\('?\w+'?(?:, '?\w+'?)*,? or '?\w+'?", about)
    if either:
        out += re.findall(r"'(\w+)'", either.group(0))
    words = [w for w in dict.fromkeys(out) if w and not w.isdigit() and len(w) < 40]
    return words
