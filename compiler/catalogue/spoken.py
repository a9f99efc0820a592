"""What a name says of itself, however it is written: publisher, last part and GGUF type.

An address of a hub or a bucket, a folder of a cache, a path on a server: what stands before the
repository is left out, and so are folders that say nothing of the model.
"""

from __future__ import annotations

import re

PLACE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/)?/|^[a-z]:/", re.I)
"""An address, or a path from the root of a disk."""
HUB = re.compile(
    r"^(?:(?:hf|ms|modelscope|huggingface)://|(?:https?://)?(?:www\.)?"
    r"(?:huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.(?:cn|ai))/(?:models/)?)",
    re.I,
)
"""The address of a hub, behind which publisher and repository stand."""
CACHED = re.compile(r"(?:^|/)models--([\w.-]+?)--([\w.-]+)(?:/|$)")
"""A folder of the hub's cache: it names publisher and repository."""
BEHIND = re.compile(r"[:@]([\w.-]+)$")
"""What follows a repository: the type of a GGUF file (llama.cpp, Ollama) or a revision."""
SIZED = re.compile(r"(?:\d+x)?e?\d+(?:\.\d+)?[bm](?![a-z0-9])")
"""A tag of Ollama's begins with the size, and is the rest of the name."""
EMPTY = re.compile(
    r"(?:[0-9a-f]{7,64}|[\d._-]+|main|master|models?|weights?|hf|checkpoints?(?:[-_]\w+)?|ckpt"
    r"|snapshots?|files?|latest|default|resolve|tree|blob|(?:merged|final|best|output)(?:[-_]\w+)?"
    r"|(?:epoch|step|iter|global_step)[-_]?\d+|safetensors|original|pytorch|(?:gguf-?)?ggml-model"
    r"|model[-_]?(?:path|dir|cache|repo|weights|files))$"
)
"""Last parts of a path that name no model: revisions, steps of a training, folders of any model."""
HALF = re.compile(
    r"(?:awq|gptq|fp8|nvfp4|mxfp4|bf16|fp16|int[48]|w[48]a(?:8|16)|[48]bit|gguf|chat|instruct|base)"
    r"(?:[-_]\w+)?$"
)
"""Last parts that say how a model is stored or tuned, and leave its name to the folder before."""


def spoken(name: str) -> tuple[str, str, str, bool]:
    """The publisher or the folder before, last part, type, all in small letters; and whether `name`
    is a repository's rather than that of a place on a machine.
    """
    said = HUB.sub("", name.strip().replace("\\", "/")).rstrip("/")
    placed = said[:1] in ("/", ".", "~") or PLACE.match(said) is not None
    found = CACHED.search(said)
    if found:
        said, placed = f"{found.group(1)}/{found.group(2)}", False
    behind = BEHIND.search(said)
    if behind:
        said = said[: behind.start()]
    parts = [part for part in said.replace("___", ".").lower().split("/") if part]
    while len(parts) > 1 and EMPTY.match(parts[-1]):
        parts.pop()
    parts = [
        piece for part in parts for piece in re.split(r"(?<=[a-z0-9])(?:--|__)(?=[a-z])", part)
    ]
    if len(parts) > 1 and (HALF.match(parts[-1]) or _is_size(parts)):
        parts[-2:] = ["-".join(parts[-2:])]
    last = parts.pop() if parts else ""
    hub = len(parts) == 1 and not placed
    kind = behind.group(1).lower() if behind else ""
    if SIZED.match(kind):
        last, kind = f"{last}-{kind}", ""
    return parts[-1] if parts else "", last, kind, hub


def _is_size(parts: list[str]) -> bool:
    """Whether the last folder is a size, and the one before it a line with its number."""
    return SIZED.match(parts[-1]) is not None and any(letter.isdigit() for letter in parts[-2])
