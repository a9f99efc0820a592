"""Options that no table has, but releases before the tables had, are gone, not unknown."""

from __future__ import annotations

import pytest

from servec import api
from servec.targets.shared.past.lost import lost_since

SPEC = """servec 1
deployment "x" {{
  model = qwen3-8b
  hardware = h100 x 1
  target = {runtime}
  on {runtime} {{ {option} = 1 }}
}}
"""


@pytest.mark.parametrize(
    ("runtime", "option", "since"),
    [
        ("vllm", "max-seq-len-to-capture", "0.11.0"),
        ("lmdeploy", "dp-rank", "0.9.0"),
        ("tgi", "ngrok-password", "0.9.4"),
    ],
)
def test_told_since_when(runtime: str, option: str, since: str) -> None:
    assert lost_since(runtime, option) == since
    spec = SPEC.format(runtime=runtime, option=option)
    found = [item for item in api.check({"a.srv": spec}).diagnostics if item.code == "SRV203"]
    assert [item.figures[0].text for item in found] == [f"gone since {runtime} {since}"]


def test_never_there_is_unknown() -> None:
    spec = SPEC.format(runtime="vllm", option="max-seq-len-to-grasp")
    assert [item.code for item in api.check({"a.srv": spec}).diagnostics] == ["SRV201"]
    assert lost_since("vllm", "max-model-len") == lost_since("vllm", "no-such") == ""
