"""llama.cpp's compute buffer, as its own estimate gives it for weightless files.

Read off `common_fit_print` of build 11549 on nine models and three contexts, flash attention on:
the device with the output holds the logits and four hidden states of a batch, any device three
feed-forward values (of each expert a token uses) and four hidden states, 4 bytes each, and both the
mask of the cells in 16 bit; the larger counts. Without flash attention the scores of all heads
replace it where they are larger.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.overhead import Load
    from servec.compiler.model import Model
    from servec.compiler.plan import Degrees


def compute_buffer(model: Model, degrees: Degrees, load: Load) -> float:
    """Bytes of the compute buffer of the device that needs most."""
    batch = load.tokens
    mask = 2.0 * load.length * batch
    width = max((g.ffn.width * max(1, g.ffn.used) for g in model.groups), default=0)
    values = max(model.vocab, 3 * width) + 4 * model.hidden
    if not load.flash:
        values = max(values, model.heads * load.length + 9 * model.hidden)
    return 4.0 * batch * values / degrees.tensor + mask
