"""Functions and methods whose result follows from their arguments: of texts, numbers and paths."""

from __future__ import annotations

import json
import posixpath
from fractions import Fraction

from servec.targets.shared.importing.python.values import LONGEST, Dotted, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

LARGEST = 10**15
"""Numbers beyond it are not computed."""


def _as_text(value: Any) -> Any:
    return str(value)


def _loads(text: Any) -> Any:
    return table(json.loads(text))


def _mapping(text: Any) -> Any:
    from servec.targets.shared.importing.options_file import content_of

    found = content_of(text) if isinstance(text, str) and len(text) <= LONGEST else None
    if found is None:
        raise ValueError(text)
    return table(found)


def table(value: Any) -> Any:
    """A value of JSON or YAML with its objects as tables."""
    if isinstance(value, dict):
        made = Table()
        for key, item in value.items():
            made.put(str(key), table(item), None)
        return made
    if isinstance(value, Fraction):
        return float(value)
    return [table(item) for item in value] if isinstance(value, list) else value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "str": _as_text,
    "int": int,
    "float": float,
    "bool": bool,
    "len": len,
    "abs": abs,
    "min": min,
    "max": max,
    "round": round,
    "list": list,
    "tuple": tuple,
    "range": lambda *words: list(range(*words)[:LONGEST]),
    "os.path.join": posixpath.join,
    "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname,
    "os.path.expanduser": _as_text,
    "os.path.abspath": _as_text,
    "os.path.normpath": posixpath.normpath,
    "os.fspath": _as_text,
    "pathlib.Path": posixpath.join,
    "json.dumps": json.dumps,
    "json.loads": _loads,
    "yaml.safe_load": _mapping,
    "shlex.split": lambda text: __import__("shlex").split(text),
    "shlex.join": lambda words: __import__("shlex").join(words),
    "shlex.quote": lambda word: __import__("shlex").quote(word),
}
METHODS = (
    *("format", "join", "strip", "lstrip", "rstrip", "lower", "upper", "replace", "split"),
    *("startswith", "endswith", "removeprefix", "removesuffix", "as_posix", "resolve"),
    *("title", "partition", "rpartition", "absolute", "expanduser", "format_map"),
)
"""Methods of a text that are gone through."""
OF_PATHS = ("as_posix", "resolve", "absolute", "expanduser")
FETCHERS = {
    "huggingface_hub.snapshot_download": ("repo_id", ""),
    "modelscope.snapshot_download": ("model_id", ""),
    "modelscope.hub.snapshot_download.snapshot_download": ("model_id", ""),
    "huggingface_hub.hf_hub_download": ("repo_id", "filename"),
}
"""What brings a repository, or a file of one, here: the keywords that name them, in order."""


def result(name: str, values: Sequence[Any]) -> Any:
    """What a function makes of known values; `ValueError` where that is not told."""
    function = FUNCTIONS.get(name)
    if function is None or any(isinstance(value, Dotted) for value in values):
        raise ValueError(name)
    try:
        return bounded(function(*values))
    except Exception as error:
        raise ValueError(name) from error


def method(text: str, name: str, values: Sequence[Any], named: dict[str, Any]) -> Any:
    """What a method of a text makes; `ValueError` where that is not told."""
    if name not in METHODS or sum(len(str(value)) for value in values) > LONGEST:
        raise ValueError(name)
    if name in OF_PATHS:
        return text
    if name == "format" and any(mark in text for mark in ("[", "!", ":", "._")):
        raise ValueError(name)
    if name == "replace" and values and not values[0]:
        raise ValueError(name)
    try:
        return bounded(getattr(text, name)(*values, **named))
    except Exception as error:
        raise ValueError(name) from error


def fetched(path: str, named: dict[str, Any], values: Sequence[Any]) -> str:
    """The repository, or the file in one, that a download brings; "" for no download."""
    keys = FETCHERS.get(path)
    if keys is None:
        return ""
    words = dict(zip((key for key in keys if key), values, strict=False)) | named
    parts = [words.get(key, "") for key in keys if key]
    return "/".join(parts) if all(isinstance(part, str) and part for part in parts) else ""


def bounded(value: Any) -> Any:
    """The value; `ValueError` where it is too large to go on with."""
    if isinstance(value, (str, list, tuple)) and len(value) > LONGEST:
        raise ValueError("too long")
    if isinstance(value, (int, float)) and abs(value) > LARGEST:
        raise ValueError("too large")
    return value
