"""Folders that stand in for a checkpoint: its config, and a tokenizer without weights.

A runtime reads both to resolve its configuration. The config is the catalogue's; the tokenizer is a
byte-level one without merges that has the special ids of the config, and the marker tokens that
reasoning and tool parsers look up.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MARKERS = (
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
    "<|im_start|>",
    "<|im_end|>",
    "[THINK]",
    "[/THINK]",
    "[TOOL_CALLS]",
    "<mm:think>",
    "</mm:think>",
    "<|START_THINKING|>",
    "<|END_THINKING|>",
    "<response>",
    "</response>",
    "<seed:think>",
    "</seed:think>",
    "<|channel>",
    "<channel|>",
    "<|channel|>",
    "<|message|>",
    "<|start|>",
    "<|end|>",
    "<minimax:tool_call>",
    "</minimax:tool_call>",
    "<|tool_calls_section_begin|>",
    "<|tool_calls_section_end|>",
    "<\uff5ctool\u2581calls\u2581begin\uff5c>",
    "<\uff5ctool\u2581calls\u2581end\uff5c>",
    "\u25c1think\u25b7",
    "\u25c1/think\u25b7",
)

WORDS = ("\u0120</", "</", "think")
"""Plain words that reasoning parsers look up: a closing tag as byte-level vocabularies split it."""


def catalogue_folder(checkpoint: str, folder: str) -> bool:
    """Write the catalogue's config of a checkpoint and a tokenizer; False where it is unknown, or
    reduced by who published it, so that a runtime would read defaults of its own.
    """
    from servec.compiler.catalogue.entries import entry, written_back
    from servec.compiler.catalogue.models import index

    file = index().get(checkpoint)
    if file is None or entry(file).get("reduced"):
        return False
    config, apart = written_back(file)
    write_folder(config, folder)
    if apart:
        _write(folder, "hf_quant_config.json", apart)
    return True


def write_folder(config: Mapping[str, Any], folder: str) -> None:
    """Write `config` and a tokenizer for it into `folder`."""
    os.makedirs(folder, exist_ok=True)
    made = {"architectures": [], **config}
    _write(folder, "config.json", made)
    text = made.get("text_config") or {}
    ends = _first(made.get("eos_token_id", text.get("eos_token_id")), 256)
    begins = _first(made.get("bos_token_id", text.get("bos_token_id")), 257)
    _write(folder, "tokenizer.json", _tokenizer(ends, begins))
    _write(
        folder,
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": "<|eos|>",
            "bos_token": "<|bos|>",
            "pad_token": "<|eos|>",
            "model_max_length": 10**9,
            "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}",
        },
    )
    _write(folder, "generation_config.json", {"eos_token_id": ends, "bos_token_id": begins})


def _tokenizer(ends: int, begins: int) -> dict[str, Any]:
    vocab = {char: at for at, char in enumerate(_byte_chars())}
    special, used = [], set[int]()
    wanted = [("<|eos|>", ends), ("<|bos|>", begins), *((marker, 0) for marker in MARKERS)]
    for content, number in wanted:
        if number < 256 or number in used:
            number = next(n for n in range(256, 10**9) if n not in used | {ends, begins})
        used.add(number)
        vocab[content] = number
        flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
        special.append({"id": number, "content": content, "special": True, **flags})
    for word in WORDS:
        vocab[word] = next(n for n in range(256, 10**9) if n not in used | {ends, begins})
        used.add(vocab[word])
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": {**level, "use_regex": True},
        "post_processor": None,
        "decoder": {**level, "add_prefix_space": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": vocab,
            "merges": [],
        },
    }


def _byte_chars() -> list[str]:
    """The 256 characters that stand for bytes in a byte-level vocabulary."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in keep]
    return [chr(c) for c in keep] + [chr(256 + at) for at in range(len(rest))]


def _first(found: Any, default: int) -> int:
    item = found[0] if isinstance(found, list) and found else found
    return item if isinstance(item, int) else default


def _write(folder: str, name: str, content: Mapping[str, Any]) -> None:
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
