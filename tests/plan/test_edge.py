"""Small devices: the model, its precision and its context come out of what memory is left.

The runtimes for them are made up here: llama.cpp's and MLX's reach, with vLLM's manners.
"""

from __future__ import annotations

from servec.compiler.capabilities import Support, Topology
from servec.compiler.pipeline import compile_documents
from servec.compiler.result import DeploymentResult, Request
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS
from tests.plan.compiling import body, of, reasons
from tests.plan.fakes import Fake

EVERYWHERE = frozenset({"sm87", "sm90", "apple-metal", "cpu-x86", "cpu-arm"})
ANY = Support(native=EVERYWHERE, emulated=frozenset())
LLAMA = Fake(
    "llamacpp",
    reach=dict.fromkeys(EVERYWHERE, "yes"),
    precisions=dict.fromkeys(("q4_k_m", "q8_0", "fp16", "bf16"), ANY),
    kv=dict.fromkeys(("f16", "q8_0"), ANY),
    topology=Topology(pipeline=True),
    features={"prefix_cache": "slots", "structured_output": "GBNF"},
    quantize_at_load={},
    converts={"q4_k_m": "q4_k_m"},
    lacks={},
)
MLX = Fake(
    "mlx",
    reach={"apple-metal": "yes"},
    precisions=dict.fromkeys(("mlx4", "mlx8", "bf16"), ANY),
    kv={"bf16": ANY},
    topology=Topology(),
    features={"prefix_cache": "by count"},
    quantize_at_load={},
    converts={"mlx4": "mlx4"},
)


def compiled(lines: str) -> DeploymentResult:
    sources = MemorySources({"x.srv": body(lines)})
    document, found = load(sources, "x.srv")
    assert document is not None and not found, found
    names = ("llamacpp", "mlx")
    targets = (LLAMA, MLX, *(t for t in TARGETS if t.name not in names))
    return compile_documents([document], targets, Request(sources=sources)).deployments[0]


BOARD = """hardware = orin-nano-8g x 1
limits { context <= 4Ki tokens; memory <= 5.5 GiB }
workload { kind = edge; input = 300 tokens; output = 120 tokens; concurrency = 1 }
"""


def test_the_board_gets_the_largest_small_model_in_four_bits() -> None:
    found = compiled("model = auto\nsize = small\n" + BOARD)
    assert found.chosen is not None and found.chosen.target == "llamacpp"
    case = found.chosen.cases[0]
    assert case.model is not None and case.plan is not None and case.memory is not None
    assert 3e9 < case.model.total < 5e9
    assert case.plan.weights == "q4_k_m" and case.plan.load in ("as_is", "convert")
    assert case.memory.fits is True
    assert case.plan.max_model_len <= 4096 and case.plan.max_model_len >= 840
    for name in ("vllm", "mlx"):
        assert reasons(of(found, name), good=False).keys() == {"SRV303"}
    assert "reach" in reasons(of(found, "sglang"), good=False)  # in its container for such boards
    assert {"matrix.7"} <= reasons(found.chosen).keys()


def test_a_mac_goes_to_mlx_unless_the_work_is_edge() -> None:
    mac = "model = qwen3-8b\nhardware = m4-max-64g x 1\n"
    chat = compiled(mac + "precision { weights = mlx4 }\n")
    assert chat.chosen is not None and chat.chosen.target == "mlx"
    edge = "workload { kind = edge; input = 300 tokens; output = 100 tokens; concurrency = 1 }\n"
    found = compiled(mac + "precision { weights = bf16 }\n" + edge)
    assert [c.target for c in found.candidates if not c.rejected][:2] == ["llamacpp", "mlx"]


def test_a_grammar_takes_the_mac_to_llamacpp() -> None:
    lines = "model = qwen3-8b\nhardware = m4-max-64g x 1\nprecision { weights = bf16 }\n"
    found = compiled(lines + "features { structured_output = true }")
    assert found.chosen is not None and found.chosen.target == "llamacpp"
    assert reasons(of(found, "mlx"), good=False).keys() == {"SRV310"}


def test_a_cpu_has_no_known_memory() -> None:
    found = compiled("model = qwen3-4b\nhardware = epyc-9554 x 1\nprecision { weights = q4_k_m }\n")
    assert found.chosen is not None and found.chosen.target == "llamacpp"
    assert found.chosen.memory is not None and found.chosen.memory.fits is None
