"""What servec writes, it reads back: the commands of the samples."""

from __future__ import annotations

import pytest

from servec import api
from servec.cli.sources import DiskSources
from tests.golden import ROOT
from tests.importing.recipes import read

SAMPLES = ("qwen3-moe", "vision", "embedding", "multi-lora", "deepseek-pd", "gb200-moe", "rag")


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name: str) -> None:
    path = str(ROOT / "specs" / f"{name}.srv")
    checked = api.check(DiskSources(), [path], target="vllm,sglang")
    seen = 0
    for deployment in checked.result.deployments:
        for candidate in deployment.emit:
            for process in candidate.launch().processes:
                if process.role == "router":
                    continue
                argv = [process.env.get(word.strip("${}"), word) for word in process.argv]
                env = {k: v for k, v in process.env.items() if not k.startswith("SERVEC_")}
                found = read(argv, env, version=candidate.version)
                assert found.process is not None, [item.title for item in found.diagnostics]
                assert [item.name for item in found.unexplained] == []
                seen += 1
    assert seen
