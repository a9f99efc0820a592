"""What of a llama-server command must be stood in for before its parser is called.

The parser opens some files, and up to build b9713 it fetches what the hub's options name.
"""

from __future__ import annotations

import os

from servec.targets.shared.oracle.judge import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OPENED = ("--chat-template-file", "--grammar-file", "--api-key-file")
MODEL = ("--hf-repo", "-hf")
HUB = (*MODEL, "--hf-file", "--hf-repo-draft", "--spec-draft-hf")


def stood_in(words: list[str]) -> list[str]:
    """The words with files that the parser can open."""
    return [_opened(word, option) for option, word in _pairs(words)]


def without_hub(words: list[str], flags: Callable[[], set[str]]) -> list[str]:
    """The words with a path for what the hub holds; `Refused` where an option is not in `flags`."""
    kept, hub = [], False
    for option, word in _pairs(words):
        if word in HUB:
            if word not in flags():
                raise Refused(f"invalid argument: {word}")
            hub |= word in MODEL
        elif option not in HUB:
            kept.append(word)
    return [*kept, "--model", "stand-in.gguf"] if hub else kept


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(["", *words], words, strict=False))


def _opened(word: str, option: str) -> str:
    if option not in OPENED or os.path.exists(word):
        return word
    import tempfile

    file, path = tempfile.mkstemp()
    os.write(file, b"{{ messages[0]['content'] }}")
    os.close(file)
    return path
