"""The file that stands in for a model in llama.cpp's planner is read back as that model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.sources import DiskSources
from servec.compiler.catalogue.folder import read_folder
from servec.compiler.catalogue.models import find_model
from servec.compiler.model import Model
from servec.targets.shared.replay.gguf_stand_in import write_stand_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["llama-3.1-8b", "qwen2.5-7b", "qwen3-8b", "qwen3-30b-a3b"])
def test_the_stand_in_has_the_shapes_of_the_model(name: str, tmp_path: Path) -> None:
    model = find_model(name)
    assert model is not None
    path = tmp_path / "model.gguf"
    assert write_stand_in(str(path), model)
    found = read_folder(str(path), DiskSources(), "")
    assert isinstance(found, Model), found
    for part in ("hidden", "layers", "heads", "kv_heads", "head_dim", "vocab", "experts"):
        assert getattr(found, part) == getattr(model, part), part
    assert path.stat().st_blocks * 512 < 4 << 20, "the weights are a hole"


def test_a_model_whose_tensors_are_not_known_has_none(tmp_path: Path) -> None:
    model = find_model("deepseek-v3")
    assert model is not None
    assert not write_stand_in(str(tmp_path / "model.gguf"), model)
