"""What the option rules find in `on` blocks: code by code, at one version and over ranges."""

from __future__ import annotations

import pytest

from tests.options.on_block import codes, compiled, findings


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('on vllm { version = "0.33.0"; enable-log-deltas = false }', []),
        ('on vllm { version = "0.33.0"; stream_interval = 4 }', ["SRV206"]),
        ('on vllm { version = "0.33.0"; no-enable-log-deltas = true }', []),
        ('on vllm { version = "0.33.0"; log-deltas = true }', ["SRV201"]),
        ('on vllm { version = "0.22.1"; watermark = 0.1 }', ["SRV202"]),
        ('on vllm { version = "0.22.1"; disable-log-requests = true }', ["SRV203"]),
        ('on vllm { version = "0.33.0"; calculate-kv-scales = true }', ["SRV203"]),
        ('on vllm { version = "0.33.0"; disable-cascade-attn = true }', ["SRV204"]),
        ('on vllm { version = "0.33.0"; performance-mode = fast }', ["SRV205"]),
        ('on vllm { version = "0.33.0"; block-size = large }', ["SRV205"]),
        ('on vllm { version = "0.33.0"; enforce-eager = "yes" }', ["SRV205"]),
        ('on vllm { version = "0.33.0"; middleware = [a, b] }', []),
        ('on vllm { version = "0.33.0"; uds = [a, b] }', ["SRV205"]),
        ('on vllm { version = "0.33.0"; uds = h100 x 2 }', ["SRV205"]),
        ('on vllm { version = "0.33.0"; uds { a = 1 } }', ["SRV205"]),
        ('on vllm { version = "0.19.7" }', ["SRV207"]),
        ('on vllm { version = "0.33.9" }', ["SRV209"]),
        ('on vllm { raw_args = ["--uds", "/run/x"] }', ["SRV601", "SRV602"]),
        ('on vllm { raw_args = ["--port", "9"] }', ["SRV601", "SRV603"]),
        ('on vllm { raw_args = ["--nope"] }', ["SRV601", "SRV201"]),
        ('on vllm { raw_args = ["--uds"] }', ["SRV601", "SRV205"]),
    ],
)
def test_code(body: str, expected: list[str]) -> None:
    assert sorted(codes(body)) == sorted(expected)


def test_a_range_is_judged_at_every_table_in_it() -> None:
    both = 'on vllm { version = ">=0.22.1,<0.34"; %s }'
    assert codes(both % "enable-log-deltas = false") == []
    (found,) = findings(both % "watermark = 0.1")
    assert found.code == "SRV202" and "0.22.1 does not have `watermark`" in found.title
    assert codes(both % "calculate-kv-scales = true") == ["SRV203"]
    wrong = [d for d in findings(both % "tool-call-parser = kimi_k3") if d.code == "SRV205"]
    assert len(wrong) == 1 and "0.33.0" not in wrong[0].title
    taken = next(figure.text for figure in wrong[0].figures if figure.name == "taken")
    assert taken.endswith("to 0.33.0")


def test_json_options_are_judged_by_their_fields() -> None:
    on = 'on vllm { version = "0.33.0"; %s }'
    assert codes(on % "compilation-config { pass_config { fuse_norm_quant = true } }") == []
    assert codes(on % "compilation-config { pass_config { fuse_norm = true } }") == ["SRV201"]
    assert codes(on % "compilation-config.cudagraph_copy_inputs = true") == []
    (found,) = findings(on % "eplb-config { window_size = many }")
    assert found.code == "SRV205" and "eplb-config.window_size = " in found.title
    assert codes(on % 'eplb-config = "{\\"window_size\\": 10}"') == []
    assert codes(on % 'eplb-config = "{\\"window_size\\": 10"') == ["SRV205"]


def test_an_option_the_plan_takes() -> None:
    body = 'on vllm { version = "0.33.0"; max-model-len = 4096; tensor-parallel-size = 4 }'
    _, result = compiled(f"replicas = 2\n{body}")
    (deployment,) = result.deployments
    plan = deployment.candidates[0].cases[0].plan
    assert plan is not None
    assert (plan.max_model_len, plan.degrees.tensor) == (4096, 4)


def test_a_contradiction_names_both_lines() -> None:
    body = 'limits { context <= 8Ki tokens }\non vllm { version = "0.33.0"; max-model-len = 16384 }'
    text, result = compiled(body)
    (found,) = result.diagnostics
    assert found.code == "SRV208"
    (second,) = found.secondary
    said = text.encode()[second.span.start : second.span.end].decode()
    assert said == "context <= 8Ki tokens"
    inside = body.replace("16384", "8000")
    assert codes(inside) == ["SRV206"]


def test_options_that_exclude_each_other_need_both_on() -> None:
    local = "data-parallel-hybrid-lb = true; data-parallel-size-local = 2"
    on = "on vllm { " + local + "; data-parallel-external-lb = %s }"
    assert "SRV208" in codes(on % "true")
    assert "SRV208" not in codes(on % "false")


def test_options_that_need_another() -> None:
    assert codes("on vllm { enable-log-outputs = true }") == ["SRV208"]
    assert "SRV208" not in codes(
        "on vllm { enable-log-outputs = true; enable-log-requests = true }"
    )
    metrics = 'on vllm { version = "0.33.0"; per-request-spec-decode-metrics = %s }'
    assert codes(metrics % "summary") == ["SRV208"]
    assert codes(metrics % "none") == []


def test_variables_of_the_runtime() -> None:
    on = 'on vllm { version = "0.33.0"; env { %s } }'
    assert codes(on % 'VLLM_USE_DEEP_GEMM = "1"; NCCL_DEBUG = "INFO"') == []
    assert codes(on % 'VLLM_USE_DEEP_GEM = "1"') == ["SRV201"]
    assert codes(on % 'VLLM_ASCEND_ENABLE_FLASHCOMM1 = "1"; VLLM_SPYRE_USE_CB = "1"') == []
    assert codes(on % 'SERVEC_HOST = "x"') == ["SRV604"]
    assert codes('env { VLLM_NO_SUCH = "1" }') == ["SRV201"]
    logged = 'on vllm { version = "0.22.1"; env { VLLM_LOGGING_LEVEL = "INFO" } }'
    assert codes(logged) == []
    assert codes("observe { log = debug }\n" + logged) == ["SRV604"]


def test_blocks_of_a_runtime_that_is_not_chosen_are_judged_too() -> None:
    assert codes('on sglang { version = "0.5.23"; no-such-thing = 1 }', "vllm") == ["SRV201"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("max-modellen", "max-model-len"),
        ("tp", "tensor-parallel-size"),
        ("asc", "api-server-count"),
    ],
)
def test_the_fix_writes_what_was_meant(name: str, near: str) -> None:
    (found,) = findings(f'on vllm {{ version = "0.33.0"; {name} = 4 }}')
    assert found.fixes[0].edits[0].insert == near
