"""llama.cpp's compute buffer, as its own estimate gives it for weightless files.

Fitted to `common_fit_print` of builds 9713 and 11549 on six models (flash attention on): the device
with the output holds logits and four hidden states of a batch, each 4 bytes, and the mask of the
cells in 16 bit; a device without it three feed-forward values and three and a half hidden states.
Without flash attention the scores of all heads replace the rest where they are larger.
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
    last = 4.0 * batch * (model.vocab + 4 * model.hidden) + mask
    found = last / degrees.tensor
    if degrees.pipeline > 1:
        width = max((g.ffn.width * max(1, g.ffn.used) for g in model.groups), default=0)
        found = max(found, 4.0 * batch * (3 * width + 3.5 * model.hidden) + mask)
    if not load.flash:
        scores = 4.0 * batch * (model.heads * load.length + 9 * model.hidden) + mask
        found = max(found, scores / degrees.tensor)
    return found
