"""What the sources of an old build of llama.cpp say of words: those that an option takes, names of
chat templates that are built in, kinds of projector, and what a tensor split leaves out.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CHAT = "src/llama-chat.cpp"
PROJECTORS = ("tools/mtmd/clip-impl.h", "examples/llava/clip-impl.h", "examples/llava/clip.cpp")
ARCHITECTURES = "src/llama-arch.cpp"
SWITCHED = {
    "is_truthy": ("on", "enabled", "true", "1"),
    "is_falsey": ("off", "disabled", "false", "0"),
    "is_autoy": ("auto", "-1"),
}
"""llama.cpp b7000 common/arg.cpp is_truthy and its siblings."""
_SAME = re.compile(r'\b(?:value|arg_next) == "([^"]*)"')
_ENDS = re.compile(r"else\s*\{\s*throw\b")
_CACHE = re.compile(r"kv_cache_types = \{([^}]*)\}")
_CACHED = re.compile(r"\bkv_cache_type_from_str\(value\)")


def choices(block: str, whole: str) -> list[str]:
    """The words that an option of the table takes, where it throws at every other."""
    if _CACHED.search(block):
        found = _CACHE.search(whole)
        return [kind.lower() for kind in re.findall(r"GGML_TYPE_(\w+)", found[1] if found else "")]
    ends = _ENDS.search(block)
    if ends is None:
        return []
    chain = block[: ends.start()]
    words = _SAME.findall(chain)
    for name, same in SWITCHED.items():
        words += same if f"{name}(value)" in chain else ()
    return list(dict.fromkeys(words))


def templates(read: Callable[[str], str]) -> list[str]:
    """The names of chat templates that are built in."""
    body = re.search(r"LLM_CHAT_TEMPLATES = \{(.*?)\n\};", read(CHAT), re.DOTALL)
    return re.findall(r'\{ *"([^"]+)"', body[1]) if body else []


def projectors(read: Callable[[str], str]) -> list[str]:
    """The kinds of projector that are read."""
    for name in PROJECTORS:
        body = re.search(r"PROJECTOR_TYPE_NAMES = \{(.*?)\n\};", read(name), re.DOTALL)
        if body:
            return re.findall(r'PROJECTOR_TYPE_\w+, *"([^"]+)"', body[1])
    return []


def whole_split(read: Callable[[str], str]) -> list[str]:
    """The architectures, by their enumerator, that a tensor split leaves out."""
    body = re.search(r"bool llm_arch_supports_sm_tensor\(.*?\n\}", read(ARCHITECTURES), re.DOTALL)
    return re.findall(r"case (LLM_ARCH_\w+):", body[0].partition("return false")[0]) if body else []
