"""The runtimes servec knows, in order of name; each is imported when it is first asked."""

from __future__ import annotations

from servec.targets.llamacpp.emit import Llamacpp
from servec.targets.lmdeploy.emit import Lmdeploy
from servec.targets.mlx.emit import Mlx
from servec.targets.rayserve.emit import Rayserve
from servec.targets.sglang.emit import Sglang
from servec.targets.tgi.emit import Tgi
from servec.targets.triton.emit import Triton
from servec.targets.trtllm.emit import Trtllm
from servec.targets.vllm.emit import Vllm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Target

TARGETS: tuple[Target, ...] = (
    Llamacpp(),
    Lmdeploy(),
    Mlx(),
    Rayserve(Vllm(), Sglang()),
    Sglang(),
    Tgi(),
    Triton(Vllm(), Trtllm()),
    Trtllm(),
    Vllm(),
)
