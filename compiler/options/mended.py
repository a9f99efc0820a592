"""What was probably meant by a text that is no JSON: the ways in which people miss it."""

from __future__ import annotations

import json
import re

MOST = 4096
"""Characters of a text that is looked at."""
PAIRS = re.compile(r"\s*[A-Za-z_][\w.-]*=[\w.+-]+(?:\s*,\s*[A-Za-z_][\w.-]*=[\w.+-]+)*\s*")
"""`image=2,video=1`, as vLLM took it before 0.9.1 (its engine/arg_utils.py, nullable_kvs)."""
ODD = re.compile(r"[&*!|>#%@`]")
"""Marks that mean something to YAML besides an object: anchors, tags and the like."""


def mended(text: str) -> str:
    """The JSON object that was meant, "" where none can be told.

    Single quotes, names without quotes, a comma too many, Python's `True` and pairs with `=`.
    """
    if len(text) > MOST:
        return ""
    try:
        found = _pairs(text) if PAIRS.fullmatch(text) else _flow(text)
    except ModuleNotFoundError:  # a table is made in a runtime's environment, which has no yaml
        return ""
    return json.dumps(found) if isinstance(found, dict) and found else ""


def _pairs(text: str) -> object:
    import yaml

    parts = (pair.partition("=") for pair in text.split(","))
    return {name.strip(): yaml.safe_load(value) for name, _, value in parts}


def _flow(text: str) -> object:
    """The object of a text in braces: what JSON lacks is YAML's flow style."""
    import yaml

    if not re.fullmatch(r"\s*\{.*\}\s*", text, re.DOTALL) or ODD.search(text):
        return None
    spaced = re.sub(r"(?<=[\w\"']):(?=[^\s/])", ": ", text)
    try:
        found = yaml.safe_load(spaced)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return found if _plain(found) else None


def _plain(value: object) -> bool:
    """Whether it is JSON's own, with a value under every name."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _plain(part) for name, part in value.items())
    if isinstance(value, list):
        return all(_plain(part) for part in value)
    return isinstance(value, (str, int, float, bool))
