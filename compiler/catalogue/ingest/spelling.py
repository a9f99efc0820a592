"""The quantisation of a checkpoint in its own words, brought to one form.

It may stand at the top of config.json, in its language part, or only in hf_quant_config.json.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.fields import BadConfig, Fields
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.catalogue.ingest.shape import Shape

Special = tuple[str, int, tuple[str, ...]]


@record
class Spelled:
    """One form for all of them.

    `scheme`: the one that names the checkpoint; `default`: of every matrix that no list names, ""
    where unnamed matrices stay in 16 bit. `special`: scheme, group and modules. `kept`: modules in
    16 bit. `experts_only`: the default holds for experts alone. `by_experts`: the experts' scheme
    gives the checkpoint its name. `head`: the head is quantised too.
    """

    method: str
    scheme: str
    default: str = ""
    native: str = ""
    block: tuple[int, int] = (0, 0)
    group: int = 0
    kept: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()
    expert_scheme: str = ""
    by_experts: bool = False
    experts_only: bool = False
    head: bool = False
    kv: str = ""
    desc_act: bool = False
    asymmetric: bool = False
    mixed: bool = False

    @property
    def schemes(self) -> tuple[str, ...]:
        """Every scheme the checkpoint holds, the one that names it first."""
        names = [self.scheme, self.default, self.expert_scheme, *(s[0] for s in self.special)]
        return tuple(dict.fromkeys(name for name in names if name))


def spelled(shape: Shape, quant_config: Mapping[str, object] | None) -> Spelled | None:
    """What the checkpoint says of its storage; None where it is not quantised.

    Raises `BadConfig` for a method or layout that is not known: a size taken from a guess would be
    wrong in silence.
    """
    apart = Fields(quant_config or {}, "hf_quant_config.")
    inner = apart.sub("quantization") if apart.has("quantization") else apart
    for fields in (shape.top, shape.text):
        for key in ("quantization_config", "compression_config", "quantization"):
            if isinstance(fields.data.get(key), dict) and fields.data[key]:
                return _read(shape, fields.sub(key), inner)
    return _read(shape, inner, inner) if inner.data else None


def _read(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    from servec.compiler.catalogue.ingest import methods

    method = said.word("quant_method")
    if not method:
        method = "modelopt" if said.has("quant_algo") else "mlx" if said.has("bits") else ""
    reader = methods.READERS.get(method)
    if reader is None:
        raise BadConfig(f"quantisation method `{method[:40]}` is not known")
    return reader(shape, said, apart)
