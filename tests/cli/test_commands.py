"""check, compile, fmt, plan and explain on specs in a folder of their own."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
servec 1

deployment "chat" {
  model = qwen3-32b
  hardware = h100 x 2
  limits { context = 16Ki tokens }
}
"""
WRONG_NAME = GOOD.replace("model", "modle")
TWO_WRONG = WRONG_NAME.replace("limits", "limmits")
BROKEN = GOOD.replace("= qwen3-32b", "= = qwen3-32b")
UGLY = GOOD.replace("  model", "      model").replace(" = h100", "=h100")


class Shell:
    """Runs commands and keeps what the last one printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._capsys.readouterr()
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *words: str, code: int = 0) -> Any:
        assert self(*words, "--format", "json") == code
        return json.loads(self.out)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "servec.toml").touch()
    return Shell(tmp_path, capsys)


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_check_of_a_good_spec(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("check", "a.srv") == 0
    assert shell.out == "" and shell.err == "no findings in a.srv\n"
    assert shell("check", "a.srv", "-q") == 0
    assert shell.err == ""
    assert shell("check", "a.srv", "-v") == 0
    assert "chat is served by vllm" in shell.err
    document = shell.json("check", "a.srv")
    assert document == {"schema": "servec.check/1", "diagnostics": []}


def test_check_reports_every_spec(shell: Shell) -> None:
    shell.write("a.srv", WRONG_NAME)
    shell.write("b.srv", BROKEN)
    assert shell("check", "b.srv", "a.srv", "b.srv", "./a.srv") == 1
    assert shell.err.index("a.srv:4") < shell.err.index("b.srv:4")
    assert shell.err.count("--> a.srv") == 1
    assert " in 2 files; " in shell.err


def test_check_takes_stdin(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, WRONG_NAME)
    assert shell("check", "-") == 1
    assert "--> <stdin>:4:3" in shell.err
    stdin(monkeypatch, GOOD)
    assert shell("check", "-") == 0


@pytest.mark.parametrize("word", ["none.srv", "folder", "secret.srv", "pipe"])
def test_what_cannot_be_read_is_exit_2(shell: Shell, word: str) -> None:
    (shell.folder / "folder").mkdir()
    shell.write("secret.srv", GOOD)
    (shell.folder / "secret.srv").chmod(0)
    os.mkfifo(shell.folder / "pipe")
    if word == "secret.srv" and os.geteuid() == 0:
        return  # root reads everything
    for command in ("check", "compile", "fmt", "plan"):
        document = shell.json(command, word, code=2)
        assert f"cannot read {word}: " in document["error"]


def test_strict_makes_warnings_errors(shell: Shell) -> None:
    shell.write("a.srv", GOOD.replace("deployment", "let unused = 3\n\ndeployment"))
    assert shell("check", "a.srv") == 0
    assert "warning[SRV115]" in shell.err
    assert shell("check", "a.srv", "--strict") == 1
    assert shell("compile", "a.srv", "--strict") == 1
    assert not (shell.folder / "generated").exists()
    assert shell("compile", "a.srv") == 0
    assert shell("check", "a.srv", "-q") == 0 and shell.err == ""


def test_fix_applies_safe_fixes_until_none_is_left(shell: Shell) -> None:
    shell.write("a.srv", TWO_WRONG)
    (shell.folder / "a.srv").chmod(0o640)
    assert shell("check", "--fix", "a.srv") == 0
    assert shell.text("a.srv") == GOOD
    assert "applied 2 fixes" in shell.err
    assert stat.S_IMODE((shell.folder / "a.srv").stat().st_mode) == 0o640
    assert shell("check", "--fix", "a.srv") == 0
    assert "applied" not in shell.err


def test_fix_leaves_what_is_not_safe_and_files_that_were_not_named(shell: Shell) -> None:
    shell.write("lib.srv", 'servec 1\n\nprofile "p" {\n  modle = qwen3-32b\n}\n')
    imported = 'import "lib.srv" as lib\n\ndeployment'
    shell.write(
        "a.srv",
        GOOD.replace("deployment", imported).replace("model =", "extends = [lib.p]\n  model ="),
    )
    before = shell.text("lib.srv")
    shell("check", "--fix", "a.srv")
    assert shell.text("lib.srv") == before
    shell.write("b.srv", GOOD.replace("qwen3-32b\n", "qwen3-32b\n  parallel { tensor = 7 }\n"))
    before = shell.text("b.srv")
    assert shell("check", "--fix", "b.srv") == 1
    assert shell.text("b.srv") == before


def test_fix_of_stdin_prints_the_text(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, WRONG_NAME)
    assert shell("check", "--fix", "-") == 0
    assert shell.out == GOOD
    stdin(monkeypatch, WRONG_NAME)
    assert "stdin" in shell.json("check", "--fix", "-", code=2)["error"]


def test_fix_keeps_crlf_and_bom(shell: Shell) -> None:
    path = shell.folder / "a.srv"
    path.write_bytes(b"\xef\xbb\xbf" + WRONG_NAME.replace("\n", "\r\n").encode())
    assert shell("check", "--fix", "a.srv") == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()


def test_locked_demands_commits_and_current_files(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("check", "--locked", "a.srv") == 1
    assert "pins nothing" in shell.err
    assert shell("compile", "--locked", "a.srv") == 1
    assert not (shell.folder / "generated").exists()
    pin = f'checkpoint {{ revision = "{"0a" * 20}" }}\n  limits'
    shell.write("a.srv", GOOD.replace("limits", pin))
    document = shell.json("check", "--locked", "a.srv", code=1)
    assert any("launch.sh" in line for line in document["unlocked"])
    assert shell("compile", "--locked", "a.srv") == 0
    assert shell("check", "--locked", "a.srv") == 0
    shell.write("a.srv", GOOD.replace("limits", pin.replace("0a", "zz")))
    assert shell("check", "--locked", "a.srv") == 1
    assert "no commit" in shell.err


def test_compile_writes_and_checks(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("compile", "--check", "a.srv") == 1
    assert "+++ generated/chat/" in shell.out and "--- /dev/null" in shell.out
    assert not (shell.folder / "generated").exists()
    assert shell("compile", "a.srv") == 0
    assert shell.out.startswith("generated/chat/")
    assert shell("compile", "--check", "a.srv") == 0
    assert shell.out == ""
    shell.write("a.srv", GOOD.replace("16Ki", "8Ki"))
    document = shell.json("compile", "--check", "a.srv", code=1)
    jsonschema.validate(document, schema_of("servec.compile/1"))
    changed = {item["path"].rpartition("/")[2]: item["change"] for item in document["differences"]}
    assert changed["launch.sh"] == "differs"
    assert shell("compile", "--check", "a.srv") == 1
    assert "-" in shell.out and "16384" in shell.out and "8192" in shell.out


def test_compile_says_what_it_will_not_overwrite(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("compile", "a.srv", "--target", "vllm") == 0
    launch = shell.folder / "generated/chat/vllm/launch.sh"
    launch.write_text("edited\n")
    shell.write("a.srv", GOOD.replace("16Ki", "8Ki"))
    assert shell("compile", "a.srv", "--target", "vllm") == 2
    assert "generated/chat/vllm/launch.sh" in shell.err and "--force" in shell.err
    assert launch.read_text() == "edited\n"
    assert shell("compile", "a.srv", "--target", "vllm", "--force") == 0
    assert shell("compile", "a.srv", "--target", "vllm", "--check") == 0


def test_an_error_in_one_spec_writes_nothing(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    shell.write("b.srv", WRONG_NAME.replace('"chat"', '"other"'))
    assert shell("compile", "a.srv", "b.srv") == 1
    assert not (shell.folder / "generated").exists()
    document = shell.json("compile", "a.srv", "b.srv", code=1)
    assert document["deployments"][0]["name"] == "chat"
    assert document["deployments"][0]["candidates"][0]["files"] == []
    assert [d["code"] for d in document["diagnostics"]] == ["SRV102"]


def test_one_name_in_two_files_collides_in_compile_only(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    shell.write("b.srv", GOOD)
    assert shell("check", "a.srv", "b.srv") == 0
    document = shell.json("compile", "a.srv", "b.srv", code=1)
    (found,) = document["diagnostics"]
    assert found["code"] == "SRV104"
    assert [label["file"] for label in found["labels"]] == ["b.srv", "a.srv"]
    assert not (shell.folder / "generated").exists()


def test_targets(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    document = shell.json("compile", "a.srv", "--target", "all")
    found = document["deployments"][0]["candidates"]
    assert all(bool(c["files"]) == (c["status"] != "rejected") for c in found)
    document = shell.json("compile", "a.srv", "--target", "vllm,sglang")
    assert {c["target"] for c in document["deployments"][0]["candidates"]} == {"vllm", "sglang"}
    document = shell.json("compile", "a.srv", "--target", "sglang")
    assert [c["target"] for c in document["deployments"][0]["candidates"]] == ["sglang"]
    shell.write("b.srv", GOOD.replace("limits", "target = sglang\n  limits"))
    assert shell.json("compile", "b.srv")["deployments"][0]["chosen"] == "sglang"
    assert shell.json("compile", "b.srv", "--target", "vllm")["deployments"][0]["chosen"] == "vllm"
    for wrong in ("nope", "vllm,nope", "auto,vllm", "all,auto"):
        for command in ("check", "compile", "plan"):
            assert shell.json(command, "a.srv", "--target", wrong, code=2)["error"]


def test_forms_and_deployments(shell: Shell) -> None:
    shell.write("a.srv", GOOD + GOOD.replace("servec 1\n", "").replace('"chat"', '"other"'))
    document = shell.json("compile", "a.srv", "--form", "shell", "--deployment", "other")
    (only,) = document["deployments"]
    assert only["name"] == "other"
    kinds = {file["kind"] for file in only["candidates"][0]["files"]}
    assert "shell" in kinds and not kinds & {"k8s", "compose", "slurm", "systemd"}
    assert os.listdir("generated") == ["other"]
    assert "nope" in shell.json("compile", "a.srv", "--form", "nope", code=2)["error"]
    assert "nope" in shell.json("compile", "a.srv", "--deployment", "nope", code=2)["error"]


def test_paths_and_bytes_do_not_depend_on_out(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    for out in ("one", "two/deep", f"{shell.folder}/three/"):
        document = shell.json("compile", "a.srv", "--out", out)
        for file in document["deployments"][0]["candidates"][0]["files"]:
            assert file["path"].startswith(out.rstrip("/") + "/chat/")
    trees = [
        {
            p.relative_to(shell.folder / out).as_posix(): p.read_bytes()
            for p in (shell.folder / out).rglob("*")
            if p.is_file()
        }
        for out in ("one", "two/deep", "three")
    ]
    assert trees[0] and trees[0] == trees[1] == trees[2]


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
