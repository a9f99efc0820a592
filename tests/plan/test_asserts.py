"""Asserts and limits on the chosen plan."""

from __future__ import annotations

import pytest

from tests.plan.compiling import codes, finding, one

SMALL = "model = qwen3-8b\nhardware = h100 x 2\nparallel { tensor = 2 }\n"
WORK = "workload { input = 1k tokens; output = 200 tokens; concurrency = 24 }\n"


@pytest.mark.parametrize(
    "line",
    [
        "parallel.tensor = 2",
        "parallel.tensor <= 4",
        "hardware = h100 x 2",
        "model = qwen3-8b",
        "replicas >= 1",
        "target = vllm",
        "limits.context <= 40960 tokens",
        "limits.batch = 24",
        "limits.memory <= 90%",
        "precision.kv = bf16",
        "features.prefix_cache = true",
        "predicted.memory <= 92%",
        "predicted.memory.weights >= 1 GiB",
        "predicted.memory.kv >= 1 GiB",
        "predicted.kv_tokens >= 10k tokens",
    ],
)
def test_holds(line: str) -> None:
    assert codes(one(SMALL + WORK + f'assert {line} else "why"\n')) == []


@pytest.mark.parametrize(
    "line",
    [
        "parallel.tensor = 4",
        "parallel.data >= 2",
        "target = sglang",
        "limits.batch >= 25",
        "limits.memory <= 85%",
        "precision.kv = fp8",
        "features.prefix_cache = false",
        "predicted.memory <= 50%",
        "predicted.memory.weights <= 1 GiB",
    ],
)
def test_does_not_hold(line: str) -> None:
    found = one(SMALL + WORK + f'assert {line} else "because we said so"\n')
    assert codes(found) == ["SRV118"]
    assert finding(found, "SRV118").primary.text == "because we said so"


def test_a_path_that_does_not_exist_is_told_before_anything_is_planned() -> None:
    found = one(SMALL + 'assert parallel.tensro = 2 else "why"\n')
    assert codes(found) == ["SRV119"] and found.chosen is None
    assert finding(found, "SRV119").fixes[0].edits[0].insert == "parallel.tensor"


def test_roles_are_asserted_by_path_and_in_their_own_body() -> None:
    roles = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8 }\n"
    roles += "role prefill { parallel { tensor = 8 } }\n"
    good = roles + "role decode {\nparallel { tensor = 4; data = 2 }\n"
    good += (
        'assert parallel.data = 2 else "x"\n}\nassert role.decode.parallel.tensor = 4 else "x"\n'
    )
    assert codes(one(good)) == []
    bad = good.replace("assert parallel.data = 2", "assert parallel.data = 1")
    assert codes(one(bad)) == ["SRV118"]


def test_what_nothing_predicts_is_a_warning() -> None:
    found = one(SMALL + 'assert predicted.ttft.p95 <= 1s else "instant"\n')
    assert codes(found) == ["SRV120"]
    assert finding(found, "SRV120").severity == "warning"
