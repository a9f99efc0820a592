"""compile: what is written, compared, left alone and refused."""

from __future__ import annotations

import os

import jsonschema

from servec.cli.documents.schema import schema_of
from tests.cli.shell import GOOD, WRONG_NAME, Shell


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
