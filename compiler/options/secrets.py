"""Finds values that look like secrets anywhere in a spec."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.dsl.diagnostic import Diagnostic, Span
    from servec.dsl.spec import NativeOption, OnBlock, Spec

PREFIXES = (
    r"hf_[A-Za-z0-9]{16,}",
    r"sk-[A-Za-z0-9_-]{16,}",
    r"gh[pousr]_[A-Za-z0-9]{20,}",
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"glpat-[A-Za-z0-9_-]{16,}",
    r"nvapi-[A-Za-z0-9_-]{16,}",
    r"(?:AKIA|ASIA)[A-Z0-9]{16}",
    r"AIza[A-Za-z0-9_-]{30,}",
    r"xox[abpr]-[A-Za-z0-9-]{10,}",
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
)

MARKS = ("hf_", "sk-", "gh", "glpat-", "nvapi-", "AKIA", "ASIA", "AIza", "xox", "eyJ", "---", "://")
"""One of these is in every text that has the shape of a key; most texts need no more than that."""


@lru_cache
def _shape() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:{'|'.join(PREFIXES)})|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@"
    )


@lru_cache
def _names() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[_-])(?:TOKEN|SECRET|PASSWORD|PASSWD|API[_-]?KEY|ACCESS[_-]?KEY|PRIVATE[_-]?KEY"
        r"|CREDENTIALS?)$",
        re.IGNORECASE,
    )


def secrets(spec: Spec) -> tuple[Diagnostic, ...]:
    """SRV605 for every value of a spec that must not stand there."""
    found = tuple(_found(spec))
    if not found:
        return ()
    from servec.compiler.options.rules.srv605_secret import secret

    return tuple(secret(*item[:3], spec.name, item[3]) for item in found)


def _found(spec: Spec) -> Iterator[tuple[str, str, Span, bool]]:
    """Name, why, where, and whether the whole line may go."""
    for path, setting in spec.settings.items():
        for bound in (setting.eq, setting.le, setting.ge):
            if bound is not None and _has_text(bound.value) and _shaped(bound.value):
                yield path, "has the shape of a key", bound.span, path != "model"
            elif bound is not None and path == "api.key_env" and not _is_variable(bound.value):
                yield path, "names no variable, so it may be the key", bound.span, True
    for name, bound in spec.env.items():
        why = _why(name, bound.value)
        if why:
            yield f"env.{name}", why, bound.span, True
    for name, bound in spec.template_args.items():
        if _has_text(bound.value) and _shaped(bound.value):
            yield f"api.template_args.{name}", "has the shape of a key", bound.span, True
    for block in spec.on.values():
        yield from _in_block(block)


def _in_block(block: OnBlock) -> Iterator[tuple[str, str, Span, bool]]:
    for name, bound in block.env.items():
        why = _why(name, bound.value)
        if why:
            yield f"on.{block.runtime}.env.{name}", why, bound.span, True
    for option in block.options:
        yield from _in_option(f"on.{block.runtime}", option)
    if block.raw_args is not None and isinstance(block.raw_args.value, tuple):
        before = ""
        for word in map(str, block.raw_args.value):
            name, equals, value = word.partition("=")
            why = _why(name.lstrip("-"), value) if equals else _why(before.lstrip("-"), word)
            if why:
                yield f"on.{block.runtime}.raw_args", why, block.raw_args.span, False
                return
            before = word if word.startswith("-") else ""


def _in_option(prefix: str, option: NativeOption) -> Iterator[tuple[str, str, Span, bool]]:
    path = f"{prefix}.{option.name}"
    for child in option.children:
        yield from _in_option(path, child)
    if not option.is_block:
        why = _why(option.name, option.value)
        if why:
            yield path, why, option.span, True


def is_secret(name: str) -> bool:
    """Whether an option or variable of this name holds a secret."""
    return bool(_names().search(name))


def _is_variable(value: object) -> bool:
    """Whether a value is the name of a variable."""
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value) is not None


def _has_text(value: object) -> bool:
    return isinstance(value, (str, tuple))


def _shaped(value: object) -> bool:
    items = value if isinstance(value, tuple) else (value,)
    return any(
        isinstance(item, str)
        and len(item) > 8
        and any(mark in item for mark in MARKS)
        and _shape().search(item)
        for item in items
    )


def _why(name: str, value: object) -> str:
    """Why a named value looks like a secret; "" if it does not."""
    if not _has_text(value):
        return ""
    if _shaped(value):
        return "has the shape of a key"
    items = value if isinstance(value, tuple) else (value,)
    texts = [item for item in items if isinstance(item, str)]
    if is_secret(name) and any(_literal(text) for text in texts):
        return "stands under the name of a secret"
    return ""


def _literal(text: str) -> bool:
    """Whether a text is a value itself: no reference, no path, no switch."""
    if not text or text.startswith(("$", "/", "./", "../", "~/")):
        return False
    return text.lower() not in ("0", "1", "true", "false", "none", "dummy", "empty")
