"""`servec models` and `servec hardware`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.compiler.catalogue import adding, devices, generate, models, store
from servec.compiler.catalogue.entries import entry
from servec.compiler.catalogue.store import FACTS
from tests.catalogue.checkpoints import checkpoint
from tests.catalogue.test_gguf import KEYS, gguf, tensors


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of(found["schema"]))
    return found


def test_list_has_every_checkpoint_once(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _json(capsys, "models", "list")["models"]
    assert len(rows) == len(set(models.index().values()))
    assert len({row["id"] for row in rows}) == len(rows)


def test_list_looks_for_words_in_names_and_ids(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _json(capsys, "models", "list", "QWEN", "nvfp4")["models"]
    assert rows and all("nvfp4" in row["id"].lower() for row in rows)
    assert main(["models", "list", "no-such-word"]) == 0


def test_parts_of_a_model_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    model = _json(capsys, "models", "show", "glm-4.5")["model"]
    parts = {part["part"]: part for part in model["parts"]}
    drafts = parts.pop("draft layers (MTP)")
    assert sum(part["parameters"] for part in parts.values()) == model["total"]
    assert sum(part["bytes"] for part in parts.values()) == model["bytes"]
    assert drafts["parameters"] > 0
    assert model["variants"]["fp8"] == "zai-org/GLM-4.5-FP8"


def test_show_prints_the_sum_the_cache_and_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "show", "qwen3-235b-a22b"]) == 0
    text = capsys.readouterr().out
    for word in ("235093634560", "routed experts", "192512 B", "source of config: "):
        assert word in text


def test_show_says_what_a_name_is_taken_for(capsys: pytest.CaptureFixture[str]) -> None:
    model = _json(capsys, "models", "show", "someone/Qwen3-14B-AWQ")["model"]
    assert (model["id"], model["scheme"]) == ("someone/Qwen3-14B-AWQ", "awq")
    assert model["notes"] == ["taken for Qwen/Qwen3-14B, AWQ of 4 bit in groups of 128"]
    assert model["source"] == {"config": "the name, Qwen/Qwen3-14B under another"}
    twin = _json(capsys, "models", "show", "unsloth/Meta-Llama-3.1-8B-Instruct")["model"]
    assert twin["source"]["config"].startswith("shape of meta-llama/")
    assert main(["models", "show", "acme/brand-new-70b"]) == 2


def test_show_reads_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text(json.dumps(entry("Qwen--Qwen3-4B")["config"]))
    model = _json(capsys, "models", "show", str(tmp_path))["model"]
    assert model["total"] == 4022468096


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["models", "show"], "needs a name"),
        (["models", "show", "qwen3-32bb"], "nearest: qwen3-32b"),
        (["models", "show", "XiaomiMiMo/MiMo-V2.5-Pro"], "known by name only"),
        (["models", "show", "/no/such/folder"], "cannot be read"),
        (["models", "add", "/no/such/folder", "--id", "a/b"], "cannot be read"),
        (["models", "add", "/no/such/folder"], "needs `--id`"),
        (["models", "add", "a", "b"], "one config.json"),
        (["models", "add", "x.gguf", "--id", "a/b"], "cannot be read"),
        (["hardware", "show"], "needs a name"),
        (["hardware", "show", "a100"], "a100-80g"),
        (["hardware", "show", "h2000"], "nearest: h200"),
    ],
)
def test_wrong_usage(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err


def test_hardware_list_has_every_device_once(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _json(capsys, "hardware", "list")["devices"]
    assert len(rows) == len(set(devices.names().values()))
    assert main(["hardware", "list", "mi3"]) == 0
    assert "AMD Instinct MI300X" in capsys.readouterr().out
    assert main(["hardware", "list", "sm86"]) == 0
    assert "compute capability 8.6" in capsys.readouterr().out
    assert main(["hardware", "list"]) == 0
    assert "cpu-x86" in capsys.readouterr().out


def test_hardware_show_gives_each_figure_with_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["hardware", "show", "h200", "m3-ultra-512g"]) == 0
    text = capsys.readouterr().out
    assert "140.4 GiB" in text and "nvidia-smi listings of H200 hosts" in text
    assert "430.1 GiB" in text


def test_hardware_show_takes_what_people_write(capsys: pytest.CaptureFixture[str]) -> None:
    said = ["p4d.24xlarge", "sm_86", "RTX 4090 48GB", "gfx1151"]
    assert main(["hardware", "show", *said]) == 0
    text = capsys.readouterr().out
    assert "A100 SXM4 40GB" in text and "compute capability 8.6" in text and "RDNA 3" in text
    assert "source: its name" in text
    assert main(["hardware", "show", "CPU"]) == 2
    assert "cpu-amx, cpu-x86, cpu-arm" in capsys.readouterr().err


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of one model to write into."""
    from shutil import copy

    for name in ("models", "hardware"):
        (tmp_path / name).mkdir()
    for name in (
        "config_noise",
        "known",
        "precision",
        "endings",
        "models/Qwen--Qwen3-4B",
        "hardware/h200-sxm",
    ):
        copy(os.path.join(FACTS, f"{name}.json"), tmp_path / f"{name}.json")
    (tmp_path / "twins.json").write_text('{"rows": {}}')
    for module in (store, adding, generate):
        monkeypatch.setattr(module, "FACTS", str(tmp_path))
    for module_name in ("entries", "hardware_index"):
        monkeypatch.setattr(f"servec.compiler.catalogue.{module_name}.FACTS", str(tmp_path))
    store.forget()
    generate.generate()
    yield tmp_path
    store.forget()


def test_add_writes_an_entry_and_what_is_made_from_it(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    config = {**entry("Qwen--Qwen3-4B")["config"], "num_hidden_layers": 12, "bos_token_id": 7}
    (folder / "config.json").write_text(json.dumps(config))
    words = ["models", "add", str(folder), "--id", "me/mine-2b", "--name", "mine-2b"]
    found = _json(capsys, *words, "--source", "written here")
    assert found["files"][0] == "models/me--mine-2b.json"
    assert "index.json" in found["files"] and "derived/me--mine-2b.json" in found["files"]
    assert found["model"]["layers"] == 12
    row = json.loads((facts / "models/me--mine-2b.json").read_text())
    assert row["source"] == {"config": "written here"} and "bos_token_id" not in row["config"]
    assert main(["models", "add", str(folder), "--id", "other/id", "--name", "mine-2b"]) == 2
    assert "is the name of" in capsys.readouterr().err


def test_add_refuses_what_is_no_model(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.json").write_text('{"hidden_size": "wide"}')
    assert main(["models", "add", str(tmp_path), "--id", "me/none"]) == 2
    assert "`hidden_size` is not a whole number" in capsys.readouterr().err
    assert not (facts / "models/me--none.json").exists()


def test_add_takes_a_gguf_file(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine-Q4_K_M.gguf"
    file.write_bytes(gguf(KEYS, tensors()))
    found = _json(capsys, "models", "add", str(file), "--id", "me/mine-gguf", "--name", "mine-1b")
    row = json.loads((facts / "models/me--mine-gguf.json").read_text())
    assert row["source"] == {"model": "the header of mine-Q4_K_M.gguf"} and "config" not in row
    direct = _json(capsys, "models", "show", str(file))["model"]
    assert found["model"]["parts"] == direct["parts"]
    assert found["model"]["name"] == "mine-1b" and found["model"]["bytes"] == direct["bytes"]


def test_add_keeps_the_bytes_of_a_folder(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = checkpoint(tmp_path)
    found = _json(capsys, "models", "add", str(folder), "--id", "me/awq", "--name", "mine-awq")
    row = json.loads((facts / "models/me--awq.json").read_text())
    assert row["source"]["stored"] == "the safetensors headers of the checkpoint's files"
    assert sum(row["stored"].values()) == found["model"]["bytes"]
    direct = _json(capsys, "models", "show", str(folder))["model"]
    assert found["model"]["parts"] == direct["parts"]
