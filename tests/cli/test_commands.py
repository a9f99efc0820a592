"""fmt, plan, explain, init and models of a folder, on specs in a folder of their own."""

from __future__ import annotations

import json
import os

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from tests.cli.shell import BROKEN, GOOD, UGLY, Shell, stdin


def test_fmt(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("a.srv", UGLY)
    shell.write("b.srv", GOOD)
    assert shell("fmt", "--check", "a.srv", "b.srv") == 1
    assert shell.err == "would reformat a.srv\n"
    assert shell("fmt", "--diff", "a.srv") == 1
    assert "-      model" in shell.out and "+  model" in shell.out
    assert shell.text("a.srv") == UGLY
    assert shell("fmt", "a.srv", "b.srv") == 0
    assert shell.err == "reformatted a.srv\n"
    assert shell.text("a.srv") == GOOD
    assert shell("fmt", "--check", "a.srv", "b.srv") == 0
    assert shell.err == "2 files already formatted\n"
    stdin(monkeypatch, UGLY)
    assert shell("fmt", "-") == 0
    assert shell.out == GOOD
    stdin(monkeypatch, UGLY)
    assert shell("fmt", "--check", "-") == 1
    assert shell.out == ""
    stdin(monkeypatch, UGLY)
    (file,) = shell.json("fmt", "-")["files"]
    assert file == {"file": "<stdin>", "changed": True, "text": GOOD}


def test_fmt_leaves_a_broken_file_alone(shell: Shell) -> None:
    shell.write("a.srv", BROKEN)
    shell.write("b.srv", UGLY)
    assert shell("fmt", "a.srv", "b.srv") == 1
    assert shell.text("a.srv") == BROKEN and shell.text("b.srv") == GOOD
    assert "error[SRV0" in shell.err


def test_plan(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("plan", "a.srv") == 0
    assert "why vllm" in shell.out or "why sglang" in shell.out
    assert not (shell.folder / "generated").exists()
    document = shell.json("plan", "a.srv")
    jsonschema.validate(document, schema_of("servec.compile/1"))
    assert len(document["deployments"][0]["candidates"]) >= 2
    assert "invalid choice" in shell.json("plan", "a.srv", "--graph", "x", code=2)["error"]
    assert ".svg or .html" in shell.json("plan", "a.srv", "--plot", "x", code=2)["error"]
    assert shell("plan", "a.srv", "--color", "always") == 0
    assert "\x1b[" in shell.out


def test_plan_says_why_a_candidate_is_rejected(shell: Shell) -> None:
    shell.write("a.srv", GOOD.replace("h100 x 2", "mi300x x 1"))
    document = shell.json("plan", "a.srv", "--target", "all", code=0)
    jsonschema.validate(document, schema_of("servec.compile/1"))
    shell.write("b.srv", GOOD.replace("h100 x 2", "orin-nano-8g x 1"))
    assert shell("plan", "b.srv") == 1
    assert "rejected" in shell.out and "SRV" in shell.out


def test_plan_says_once_what_refuses_several(shell: Shell) -> None:
    shell.write("odd.srv", 'servec 1\ndeployment d { model = "a/b"; hardware = h100 x 1 }\n')
    assert shell("plan", "odd.srv") == 1
    assert shell.out.count("SRV301") == 1 and "vllm 0.33.0\n" in shell.out


def test_explain(shell: Shell) -> None:
    assert shell("explain", "SRV102") == 0
    assert shell.out.startswith("# SRV102: ") and "\nWrong:\n" in shell.out
    assert shell("explain", "srv102") == 0
    assert shell("explain") == 0
    assert len(shell.out.splitlines()) >= 45
    document = shell.json("explain", "SRV102", "SRV901")
    jsonschema.validate(document, schema_of("servec.explain/1"))
    assert [rule["code"] for rule in document["rules"]] == ["SRV102", "SRV901"]
    assert "nearest" in shell.json("explain", "SRV12", code=2)["error"]
    assert "--why" in shell.json("explain", "a.srv", code=2)["error"]
    assert shell("explain", "SRV102", "--color", "always") == 0
    assert "\x1b[" in shell.out


def test_explain_why(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    for target in ("vllm", "sglang"):
        assert shell("explain", "a.srv", "--why", target) == 0
        assert shell.out.startswith(f"chat: {target} ")
        document = shell.json("explain", "a.srv", "--why", target)
        jsonschema.validate(document, schema_of("servec.explain/1"))
        (why,) = document["deployments"]
        assert why["target"] == target and why["reasons"]
    shell.write("b.srv", GOOD.replace("limits", "target = sglang\n  limits"))
    assert shell("explain", "b.srv", "--why", "vllm") == 0
    assert "the spec names another; sglang" in shell.out
    assert shell("explain", "b.srv", "--why", "auto") == 0
    assert shell.out.startswith("chat: sglang ")
    assert shell("explain", "a.srv", "--why", "nope") == 2
    assert shell("explain", "a.srv", "--why", "all") == 2
    assert shell("explain", "--why", "vllm") == 2


def test_init_compiles_without_a_finding(shell: Shell) -> None:
    assert shell("init", "start.srv") == 0
    assert shell("fmt", "--check", "start.srv") == 0
    assert shell("check", "start.srv", "--strict") == 0
    assert shell.err == "no findings in start.srv\n"
    assert shell("compile", "start.srv") == 0
    assert os.listdir("generated") == ["start"]


CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "torch_dtype": "bfloat16",
}


@pytest.mark.parametrize("where", ["spec", "profile"])
def test_a_local_model_is_written_from_the_root(
    shell: Shell, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shell.folder / "models/mine").mkdir(parents=True)
    (shell.folder / "specs/lib").mkdir(parents=True)
    shell.write("models/mine/config.json", json.dumps(CONFIG))
    spec = GOOD.replace("qwen3-32b", '"../models/mine"').replace("16Ki", "8Ki")
    if where == "profile":
        spec = spec.replace('  model = "../models/mine"\n', "  extends = [lib.p]\n")
        spec = spec.replace("deployment", 'import "lib/p.srv" as lib\n\ndeployment')
        profile = 'servec 1\n\nprofile "p" {\n  model = "../../models/mine"\n}\n'
        shell.write("specs/lib/p.srv", profile)
    shell.write("specs/a.srv", spec)
    words = ("--target", "vllm", "--form", "shell", "--out")
    assert shell("compile", "specs/a.srv", *words, "one") == 0, shell.err
    monkeypatch.chdir(shell.folder / "specs/lib")
    assert shell("compile", "../a.srv", *words, "../../two") == 0
    texts = [shell.text(f"{out}/chat/vllm/launch.sh") for out in ("one", "two")]
    assert "./models/mine " in texts[0] and texts[0] == texts[1]
    assert str(shell.folder) not in texts[0]
