"""Write the generated files of `compiler/facts` anew from its entries."""

from __future__ import annotations

import json
import os

from servec.compiler.catalogue.derived import encoded
from servec.compiler.catalogue.entry import dumped
from servec.compiler.catalogue.hardware_index import build_hardware, build_heard
from servec.compiler.catalogue.indexing import build_index, build_models, build_variants
from servec.compiler.catalogue.naming import build_names
from servec.compiler.catalogue.store import FACTS, fact, forget


def generated() -> dict[str, str]:
    """Path below `facts` to text, of every generated file."""
    models = build_models()
    found = {f"derived/{file}.json": dumped(encoded(model)) for file, model in models.items()}
    hardware = build_hardware()
    found["hardware.json"] = dumped(hardware)
    found["heard.json"] = json.dumps(build_heard(hardware))
    index = build_index()
    found["index.json"] = dumped(index)
    pieces = build_names(index["names"], fact("twins")["rows"])
    found |= {f"{name}.json": json.dumps(held) for name, held in pieces.items()}
    found["variants.json"] = dumped(build_variants(models))
    return {path: text + "\n" for path, text in sorted(found.items())}


def generate() -> tuple[str, ...]:
    """Write them, and remove derived files whose entry is gone; the paths that changed."""
    forget()
    wanted = generated()
    folder = os.path.join(FACTS, "derived")
    for made in ("derived", "names"):
        os.makedirs(os.path.join(FACTS, made), exist_ok=True)
    stale = [name for name in os.listdir(folder) if f"derived/{name}" not in wanted]
    for name in stale:
        os.remove(os.path.join(folder, name))
    changed = [path for path, text in wanted.items() if _write(path, text)]
    forget()
    return tuple(sorted(changed + [f"derived/{name}" for name in stale]))


def _write(path: str, text: str) -> bool:
    full = os.path.join(FACTS, path)
    if os.path.exists(full):
        with open(full, encoding="utf-8") as file:
            if file.read() == text:
                return False
    with open(full, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True
