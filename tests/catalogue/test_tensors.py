"""Checkpoint folders by their safetensors headers: bytes to the byte, and damaged files."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servec.cli.sources import DiskSources
from servec.compiler.catalogue.folder import read_folder
from servec.compiler.catalogue.ingest.build import Refused
from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.sums import model_bytes, part_sums
from servec.compiler.catalogue.tensors.header import read_tensors
from servec.compiler.catalogue.tensors.places import place_of
from servec.compiler.memory.sums import sums
from servec.compiler.model import Model
from servec.dsl.sources import MemorySources
from tests.catalogue.checkpoints import CONFIG, checkpoint, header, size_of, tensors


def read(folder: Path) -> Model:
    found = read_folder(str(folder), DiskSources(), "")
    assert isinstance(found, Model), found
    return found


@pytest.mark.parametrize("whole", [(), (0,), (0, 1)])
def test_the_bytes_are_those_of_the_files(tmp_path: Path, whole: tuple[int, ...]) -> None:
    """Whatever the config says of layers that are left in 16 bit."""
    model = read(checkpoint(tmp_path, whole))
    assert model_bytes(model) == model.checkpoint_bytes == size_of(tensors(whole))
    assert sums(model).total == pytest.approx(size_of(tensors(whole)), abs=1)
    dense = next(row for row in part_sums(model) if row.part == "dense")
    held = {n: t for n, t in tensors(whole).items() if ".mlp." in n}
    assert dense.bytes == size_of(held)


def test_one_file_needs_no_index() -> None:
    files: dict[str, str | bytes] = {"m/config.json": json.dumps(CONFIG)}
    files["m/model.safetensors"] = header(tensors((1,)))
    found = read_folder("./m", MemorySources(files), "")
    assert isinstance(found, Model) and model_bytes(found) == size_of(tensors((1,)))


def test_a_stored_twin_of_the_embedding_is_not_loaded() -> None:
    config = json.dumps({**CONFIG, "tie_word_embeddings": True})
    files: dict[str, str | bytes] = {"m/config.json": config}
    files["m/model.safetensors"] = header(tensors())
    found = read_folder("./m", MemorySources(files), "")
    assert isinstance(found, Model)
    assert model_bytes(found) == size_of(tensors()) - 1000 * 256 * 2


@pytest.mark.parametrize(
    ("name", "part"),
    [
        # names of transformers 5.20.2's own models, and of published checkpoints
        ("model.layers.0.self_attn.q_norm.weight", "attention"),
        ("model.layers.0.post_attention_layernorm.weight", "other"),
        ("model.layers.3.mlp.experts.gate_up_proj", "experts"),
        ("model.layers.3.mlp.experts.7.down_proj.weight_scale_inv", "experts"),
        ("model.layers.3.mlp.shared_experts.up_proj.weight", "shared"),
        ("model.layers.3.mlp.shared_expert_gate.weight", "shared"),
        ("model.layers.3.mlp.gate.e_score_correction_bias", "router"),
        ("model.layers.3.block_sparse_moe.gate.weight", "router"),
        ("model.layers.3.block_sparse_moe.experts.1.w2.qweight", "experts"),
        ("model.layers.0.mlp.gate_proj.weight", "dense"),
        ("model.layers.9.mlp.gate_up_proj.weight", "dense"),
        ("backbone.layers.1.mixer.in_proj.weight", "attention"),
        ("backbone.layers.1.mixer.experts.5.up_proj.weight", "experts"),
        ("backbone.layers.1.norm.weight", "other"),
        ("model.language_model.layers.0.linear_attn.A_log", "attention"),
        ("model.language_model.embed_tokens.weight", "embed"),
        ("model.embed_tokens_per_layer.weight", "other"),
        ("model.layers.12.self_attn.q_proj.weight", "mtp"),
        ("mtp.layers.0.self_attn.q_proj.weight", "mtp"),
        ("model.visual.blocks.0.attn.qkv.weight", "vision"),
        ("model.vision_tower.encoder.layers.0.mlp.fc1.weight", "vision"),
        ("model.audio_tower.layers.0.norm_out.weight", "vision"),
        ("lm_head.weight", "head"),
        ("model.norm.weight", "other"),
    ],
)
def test_the_part_of_a_tensor(name: str, part: str) -> None:
    assert place_of(name, 12)[0] == part


def test_an_index_with_a_missing_file_is_refused(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path)
    (folder / "model-00002-of-00002.safetensors").unlink()
    found = read_folder(str(folder), DiskSources(), "")
    assert isinstance(found, Refused) and "model-00002-of-00002" in found.why


def test_an_index_alone_leaves_the_config_to_say_it(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path)
    for file in folder.glob("*.safetensors"):
        file.unlink()
    model = read(folder)
    assert model.quant.weights == "awq" and model.checkpoint_bytes == 0


@pytest.mark.parametrize(
    "names", ["../x.safetensors", "/etc/x.safetensors", "a\\b.safetensors", "x.bin", 3]
)
def test_an_index_stays_in_its_folder(names: object) -> None:
    index = json.dumps({"weight_map": {"a": names}})
    files = {"m/config.json": json.dumps(CONFIG), "m/model.safetensors.index.json": index}
    found = read_folder("./m", MemorySources(files), "")
    assert isinstance(found, Refused) and "outside" in found.why


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x10",
        (1 << 40).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (9).to_bytes(8, "little") + b"{",
        header({"a": ("F16", [2])})[:-3],
        (40).to_bytes(8, "little") + b'{"a": {"shape": [1], "data_offsets": 3}}',
        (43).to_bytes(8, "little") + b'{"a":{"shape":[1],"data_offsets":[9,3]}}   ',
        (48).to_bytes(8, "little") + b'{"a":{"shape":[1e99],"data_offsets":[0,3]}}     ',
    ],
)
def test_damaged_headers_are_refused(data: bytes) -> None:
    with pytest.raises(BadConfig):
        read_tensors(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_tensors_or_a_reason(data: bytes) -> None:
    try:
        read_tensors(len(data).to_bytes(8, "little") + data)
    except BadConfig as bad:
        assert str(bad)
