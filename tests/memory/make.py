"""Cases and entries for the tests of memory, made by hand."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.capabilities import Capabilities, Support, Topology
from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.model import Attention, Ffn, LayerGroup, Model, Quant
from servec.compiler.plan import Degrees, Plan
from servec.compiler.target import Case
from servec.dsl.diagnostic import Span
from servec.dsl.spec import Bound, Setting, Spec

HERE = Span("x.srv", 0, 1)
PLAIN = Quant("", "bf16", "bf16", 16)
ARCHS = frozenset({"sm80", "sm89", "sm90", "sm100", "sm120"})


class Runtime:
    """A target that has a name and nothing else."""

    def __init__(self, name: str) -> None:
        self.name = name


def catalogued(name: str) -> Model:
    """A model of the catalogue that the tests rely on."""
    found = find_model(name)
    assert found is not None, name
    return found


def spec(**pins: object) -> Spec:
    """A spec that pins paths: `limits__context=4096`."""
    settings = {}
    for path, value in pins.items():
        op = ">=" if path.startswith("least_") else "<=" if path.startswith("most_") else "="
        name = path.removeprefix("least_").removeprefix("most_").replace("__", ".")
        bound = Bound(op, value, str(value), HERE, HERE, HERE)  # type: ignore[arg-type]
        settings[name] = Setting(
            eq=bound if op == "=" else None,
            le=bound if op == "<=" else None,
            ge=bound if op == ">=" else None,
        )
    return Spec("d", "x.srv", HERE, HERE, settings)


def case(
    model: Model | str,
    hardware: str,
    degrees: Degrees | None = None,
    runtime: str = "vllm",
    version: str = "0.33.0",
    kv: str = "bf16",
    weights: str = "",
    length: int = 32768,
    seqs: int = 0,
    tokens: int = 0,
    share: Fraction = Fraction(9, 10),
    **pins: object,
) -> Case:
    """A planned case, its memory not yet summed."""
    held = catalogued(model) if isinstance(model, str) else model
    cut = degrees or Degrees()
    ranked = runtime in ("vllm", "tgi")
    capabilities = Capabilities(
        runtime=runtime,
        version=version,
        architectures=frozenset(),
        reach={},
        refused={},
        precisions={
            name: Support(ARCHS, frozenset())
            for name in ("bf16", "fp16", "fp8_per_tensor", "fp8_block128", "nvfp4", "awq")
        },
        kv={name: Support(ARCHS, frozenset()) for name in ("bf16", "fp16", "fp8")},
        features={},
        values={},
        topology=Topology(batch_per_rank=ranked, tokens_per_rank=ranked),
    )
    plan = Plan(
        degrees=cut,
        replicas=1,
        nodes=1,
        devices_per_node=cut.gpus,
        weights=weights or held.quant.scheme,
        weights_word=weights or held.quant.weights,
        kv=kv,
        checkpoint=held.id,
        load="convert" if weights else "as_is",
        memory_fraction=share,
        max_model_len=length,
        max_seqs=seqs,
        max_batched_tokens=tokens,
    )
    return Case(
        spec=spec(**pins),
        target=Runtime(runtime),  # type: ignore[arg-type]
        capabilities=capabilities,
        model=held,
        device=find_device(hardware),
        devices_per_node=cut.gpus,
        nodes=1,
        plan=plan,
    )


def dense(layers: int = 4, kv_heads: int = 2, vocab: int = 1000, tied: bool = False) -> Model:
    """A small dense model with grouped queries: 8 heads of 16, hidden 128, width 256."""
    hidden, heads, dim, width = 128, 8, 16, 256
    attention = Attention(
        kind="full",
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        v_head_dim=dim,
        params=hidden * dim * (2 * heads + 2 * kv_heads),
        kv_elements=2 * kv_heads * dim,
    )
    group = LayerGroup(layers, attention, Ffn("dense", width, 3 * hidden * width), 2 * hidden)
    return Model(
        id="small",
        name="small",
        architecture="SmallForCausalLM",
        model_type="small",
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        width=width,
        vocab=vocab,
        max_context=8192,
        groups=(group,),
        quant=PLAIN,
        embed_params=vocab * hidden,
        head_params=0 if tied else vocab * hidden,
        tied=tied,
        other_params=hidden,
    )
