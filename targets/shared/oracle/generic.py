"""Classes of the Transformers installed here that a runtime can serve without one of its own.

Run by the interpreter of a runtime's environment; prints what `compiler/facts/generic.json` keeps:
`python targets/shared/oracle/generic.py`. Both runtimes take a class that says of itself that its
attention can be replaced; vLLM one whose attention can be set as well. Left out: encoders with a
decoder, towers and what is served by another name.
"""

from __future__ import annotations

import importlib
import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ENDINGS = ("ForCausalLM", "ForConditionalGeneration", "ForSequenceClassification", "Model")


def main() -> int:
    """Print the two lists as one object."""
    transformers = importlib.import_module("transformers")
    found: dict[str, list[str]] = {"compatible": [], "settable": []}
    for name in sorted(set(_names())):
        cls = getattr(transformers, name, None)
        if cls is None or not name.endswith(ENDINGS) or _reads_an_encoder(cls):
            continue
        if cls.is_backend_compatible():
            found["compatible"].append(name)
        elif cls._can_set_attn_implementation():
            found["settable"].append(name)
    json.dump({"transformers": transformers.__version__, **found}, sys.stdout, indent=1)
    return 0


def _names() -> Iterator[str]:
    """Every class that an auto class of Transformers may choose."""
    modeling_auto = importlib.import_module("transformers.models.auto.modeling_auto")
    for table in (held for key, held in vars(modeling_auto).items() if key.endswith("_NAMES")):
        for names in table.values():
            yield from (names,) if isinstance(names, str) else names


def _reads_an_encoder(cls: Any) -> bool:
    """Whether a class decodes behind an encoder, or cannot say so without a checkpoint."""
    try:
        return bool(cls.config_class().is_encoder_decoder)
    except Exception:
        return True


if __name__ == "__main__":
    sys.exit(main())
