"""The figures of the model runner that serves a model, where a release has two.

vLLM's second runner samples from the logits as they are while it profiles (v1/worker/gpu/
model_runner.py _dummy_sampler_run), and up to 0.28.0 counts no graphs (profile_cudagraph_memory).
Which models it serves unasked is `use_v2_model_runner` of config/vllm.py, by release.
"""

from __future__ import annotations

from servec.compiler.memory.served import PLAIN
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.figures import Constants
    from servec.compiler.model import Model, Quant


def of_runner(
    table: Constants, model: Model, quant: Quant | None, drafted: bool, arch: str = ""
) -> Constants:
    """`table`, with the second runner's figures where that one serves the model on chips of that
    architecture. A launch that drafts is left to the first, whose sum is the larger."""
    if not table.runner or drafted or model.task != "generate" or not _second(table, model, quant):
        return table
    if arch.startswith("gfx") and model.architecture in table.runner.get("amd_but", ()):
        return table
    return replace(table, **table.runner["figures"])


def _second(table: Constants, model: Model, quant: Quant | None) -> bool:
    listed = model.architecture in table.runner.get("classes", ())
    scheme = (quant or model.quant).scheme
    serves = {
        "all": True,
        "dense": listed or not (model.experts or model.hybrid),
        "listed": listed,
        "plain": listed and scheme in PLAIN,
    }
    return serves[table.runner["serves"]]
