"""check: findings, exit codes, safe fixes, --strict and --locked."""

from __future__ import annotations

import os
import stat

import pytest

from tests.cli.shell import BROKEN, GOOD, TWO_WRONG, WRONG_NAME, Shell, stdin


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
    for words in (["-"], ["-", "-"]):
        stdin(monkeypatch, GOOD)
        assert shell("check", *words) == 0


def test_a_fix_leaves_tidy_lines(shell: Shell) -> None:
    body = 'target = vllm; on vllm { max-num-seqs = 8; version = "0.33.0" }; limits { batch = 8 }'
    shell.write("a.srv", GOOD.replace("limits { context = 16Ki tokens }", body))
    (found,) = shell.json("check", "a.srv")["diagnostics"]
    assert found["code"] == "SRV206"
    text = (shell.folder / "a.srv").read_text()
    for edit in found["fixes"][0]["edits"]:
        text = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
    assert 'on vllm { version = "0.33.0" };' in text


def test_a_target_of_commas_alone_is_wrong_usage(shell: Shell) -> None:
    shell.write("a.srv", GOOD)
    assert shell("check", "a.srv", "--target", ",") == 2


def test_a_folder_is_its_specs_and_those_below(shell: Shell) -> None:
    for folder in ("specs/team", "specs/.git", "specs/generated"):
        (shell.folder / folder).mkdir(parents=True)
    shell.write("specs/b.srv", GOOD)
    shell.write("specs/team/c.srv", WRONG_NAME)
    for name in ("specs/.git/d.srv", "specs/generated/e.srv", "specs/team/note.txt"):
        shell.write(name, BROKEN)
    assert shell("check", "specs") == 1
    assert "--> specs/team/c.srv" in shell.err and "in 2 files" in shell.err


@pytest.mark.parametrize("word", ["none.srv", "folder", "secret.srv", "pipe"])
def test_what_cannot_be_read_is_exit_2(shell: Shell, word: str) -> None:
    (shell.folder / "folder").mkdir()
    shell.write("secret.srv", GOOD)
    (shell.folder / "secret.srv").chmod(0)
    os.mkfifo(shell.folder / "pipe")
    if word == "secret.srv" and os.geteuid() == 0:
        return  # root reads everything
    told = f"there is no .srv file in {word}" if word == "folder" else f"cannot read {word}: "
    for command in ("check", "compile", "fmt", "plan"):
        assert told in shell.json(command, word, code=2)["error"]


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
