"""Launches of DeepSeek in roles, as experts published them, come out of specs.

What differs is listed in the case with its reason; anything else that differs is a failure.
"""

from __future__ import annotations

import pytest

from servec.dsl.format import format_text
from tests.disaggregation.compared import FOLDER, NAMES, case, differences, launch_of, launched


def test_each_runtime_with_roles_is_among_them() -> None:
    assert {launched(name).runtime for name in NAMES} == {"sglang", "trtllm", "vllm"}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_expert_s_launch_but_for_what_is_listed(name: str) -> None:
    expert = case(name)
    assert expert["source"]
    assert all(expert["differences"].values())
    found = differences(name)
    assert set(found) == set(expert["differences"]), found


@pytest.mark.parametrize("name", NAMES)
def test_the_router_names_every_door(name: str) -> None:
    launch = launched(name)
    router = launch.processes[-1]
    assert router.role == "router"
    if launch.runtime == "trtllm":
        text = next(file.text for file in launch.configs if file.path in router.files)
        assert text.count("localhost:8001") == 2 and text.count("localhost:8002") == 1
        return
    each = 16 if launch.runtime == "vllm" else 1
    assert (router.argv.count("--prefill"), router.argv.count("--decode")) == (each, each)


def test_each_rank_of_the_wide_server_answers_by_itself() -> None:
    nodes = [p for p in launched("vllm-deepseek-r1").processes if p.role == "decode"]
    assert [p.port for p in nodes] == [8002, 8002]
    assert all("--headless" not in p.argv for p in nodes)
    starts = [p.argv[p.argv.index("--data-parallel-start-rank") + 1] for p in nodes]
    assert starts == ["0", "8"]


@pytest.mark.parametrize("name", NAMES)
def test_the_specs_are_canonical(name: str) -> None:
    text = (FOLDER / f"{name}.srv").read_text()
    assert format_text(text) == text


def test_a_node_may_answer_for_its_ranks() -> None:
    text = (FOLDER / "vllm-deepseek-r1.srv").read_text()
    ports = "data-parallel-multi-port-external-lb = true"
    hybrid = "data-parallel-hybrid-lb = true\n    data-parallel-size-local = 8"
    launch = launch_of(text.replace(ports, hybrid))
    decode = [p for p in launch.processes if p.role == "decode"]
    assert [(p.node_rank, p.port) for p in decode] == [(0, 8002), (1, 8002)]
    assert all("--headless" not in p.argv for p in decode)
    assert launch.processes[-1].argv.count("--decode") == 2
