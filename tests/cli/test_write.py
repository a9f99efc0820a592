"""Writing: all or nothing, only over servec's own files, never outside the output folder."""

from __future__ import annotations

import hashlib
import os
import signal
from typing import TYPE_CHECKING

import pytest

import servec.cli.stage
from servec.cli import write
from servec.cli.errors import UsageError
from servec.cli.write import FileSet, differences, write_sets
from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.seal import is_sealed, sealed

if TYPE_CHECKING:
    from pathlib import Path


def file_set(folder: str = "chat/vllm", **texts: str) -> FileSet:
    """Files (`launch_sh` is `launch.sh`, `k8s__a` is `k8s/a`) and the lock over them."""
    made = [
        Artifact(name.replace("__", "/").replace("_", "."), "shell", text, name == "launch_sh")
        for name, text in texts.items()
    ]
    files = {a.path: hashlib.sha256(a.text.encode()).hexdigest() for a in made}
    lock = Artifact("servec.lock.json", "lock", sealed({"files": files}))
    return FileSet(folder, (*made, lock))


def tree(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "generated"


def test_writes_and_finds_nothing_to_change_after(out: Path) -> None:
    made = file_set(launch_sh="a\n", k8s__a="b\n")
    assert len(write_sets("generated", [made])) == 3
    assert (out / "chat/vllm/launch.sh").stat().st_mode & 0o111
    assert not (out / "chat/vllm/k8s/a").stat().st_mode & 0o111
    assert differences("generated", [made]) == ()
    assert write_sets("generated", [made]) == ()


def test_replaces_and_removes_its_own_files(out: Path) -> None:
    write_sets("generated", [file_set(launch_sh="a\n", k8s__a="b\n")])
    (out / "chat/vllm/mine.txt").write_text("mine")
    (out / "chat/other").mkdir()
    new = file_set(launch_sh="c\n")
    changes = {c.path: c.change for c in differences("generated", [new])}
    assert changes == {
        "generated/chat/vllm/k8s/a": "stale",
        "generated/chat/vllm/launch.sh": "differs",
        "generated/chat/vllm/servec.lock.json": "differs",
    }
    write_sets("generated", [new])
    assert set(tree(out)) == {
        "chat/vllm/launch.sh",
        "chat/vllm/mine.txt",
        "chat/vllm/servec.lock.json",
    }
    assert not (out / "chat/vllm/k8s").exists()
    assert (out / "chat/other").is_dir()


@pytest.mark.parametrize("name", ["launch.sh", "servec.lock.json"])
def test_a_file_edited_by_hand_is_kept_unless_forced(out: Path, name: str) -> None:
    write_sets("generated", [file_set(launch_sh="a\n")])
    edited = out / "chat/vllm" / name
    edited.write_text(edited.read_text() + " ")
    before = tree(out)
    with pytest.raises(UsageError, match=f"{name} was not"):
        write_sets("generated", [file_set(launch_sh="new\n"), file_set("b/vllm", x="y")])
    assert tree(out) == before
    write_sets("generated", [file_set(launch_sh="new\n")], force=True)
    assert differences("generated", [file_set(launch_sh="new\n")]) == ()


def test_a_file_that_servec_did_not_write_is_kept(out: Path) -> None:
    (out / "chat/vllm").mkdir(parents=True)
    (out / "chat/vllm/launch.sh").write_text("mine\n")
    with pytest.raises(UsageError, match=r"launch\.sh"):
        write_sets("generated", [file_set(launch_sh="a\n")])
    assert tree(out) == {"chat/vllm/launch.sh": "mine\n"}


def test_an_edited_file_that_is_no_longer_emitted_stays(out: Path) -> None:
    write_sets("generated", [file_set(launch_sh="a\n", k8s__a="b\n")])
    (out / "chat/vllm/k8s/a").write_text("edited")
    write_sets("generated", [file_set(launch_sh="a\n")])
    assert (out / "chat/vllm/k8s/a").read_text() == "edited"


def test_a_seal_shows_any_edit() -> None:
    text = sealed({"files": {}, "argv": ["a"]})
    assert is_sealed(text.encode())
    assert not is_sealed(text.replace('"a"', '"b"').encode())
    assert not is_sealed(text.replace("  ", " ").encode())
    assert not is_sealed(b"[]")


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "C:x", "a//x", "."])
def test_no_path_leaves_the_output_folder(out: Path, path: str) -> None:
    bad = FileSet("chat/vllm", (Artifact(path, "config", "x"),))
    with pytest.raises(UsageError, match="does not stay below"):
        write_sets("generated", [bad])
    assert not out.exists()


@pytest.mark.parametrize("link", ["chat", "chat/vllm", "chat/vllm/k8s"])
def test_no_link_is_written_through(out: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    (outside / "vllm").mkdir(parents=True)
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(outside, target_is_directory=True)
    with pytest.raises(UsageError, match="link"):
        write_sets("generated", [file_set(launch_sh="a", k8s__a="b")], force=True)
    assert tree(outside) == {}


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (out / "chat/vllm").mkdir(parents=True)
    (out / "chat/vllm/launch.sh").symlink_to(tmp_path / "victim")
    with pytest.raises(UsageError):
        write_sets("generated", [file_set(launch_sh="a")])
    write_sets("generated", [file_set(launch_sh="a")], force=True)
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (out / "chat/vllm/launch.sh").is_symlink()


def test_a_forged_manifest_removes_nothing_outside(out: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    write_sets("generated", [file_set(launch_sh="a")])
    digest = hashlib.sha256(b"precious").hexdigest()
    forged = sealed({"files": {"../../../victim": digest, "/etc/hostname": digest}})
    (out / "chat/vllm/servec.lock.json").write_text(forged)
    write_sets("generated", [file_set(launch_sh="a")], force=True)
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '{"files": []}', "[" * 100_000])
def test_a_broken_lock_owns_nothing(out: Path, text: str) -> None:
    write_sets("generated", [file_set(launch_sh="a")])
    (out / "chat/vllm/servec.lock.json").write_text(text)
    with pytest.raises(UsageError):
        write_sets("generated", [file_set(launch_sh="b")])


@pytest.mark.parametrize("failing", range(3))
def test_a_failure_while_staging_leaves_the_old_set(
    out: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    write_sets("generated", [file_set(launch_sh="a\n")])
    before = tree(out)
    calls = iter(range(10))
    real = servec.cli.stage.stage

    def stage(path: str, data: bytes, executable: bool, made: list[str]) -> str:
        if next(calls) == failing:
            raise OSError(28, "No space left on device", path)
        return real(path, data, executable, made)

    monkeypatch.setattr(write, "stage", stage)
    with pytest.raises(UsageError, match="No space left"):
        write_sets("generated", [file_set(launch_sh="b\n"), file_set("new/vllm", y="c")])
    assert tree(out) == before
    assert not (out / "new").exists()


def test_an_interrupt_between_two_renames_leaves_the_new_set(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = file_set(launch_sh="a\n", b="1"), file_set(launch_sh="b\n", b="2")
    write_sets("generated", [old])
    real = os.replace

    def replace(source: str, target: str) -> None:
        real(source, target)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_sets("generated", [new])
    monkeypatch.setattr(os, "replace", real)
    assert differences("generated", [new]) == ()


def test_the_output_folder_may_be_absolute_or_slashed(tmp_path: Path) -> None:
    write_sets(f"{tmp_path}/x/", [file_set(launch_sh="a")])
    assert (tmp_path / "x/chat/vllm/launch.sh").read_text() == "a"
    write_sets(f"{tmp_path}/x//", [FileSet("chat/vllm", ())])
    assert tree(tmp_path / "x") == {}
    write_sets(f"{tmp_path}/deep/er/", [file_set(launch_sh="a")])
    assert (tmp_path / "deep/er/chat/vllm/launch.sh").is_file()


def test_an_output_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in ("", f"{tmp_path}/file", f"{tmp_path}/file/x"):
        with pytest.raises(UsageError):
            write_sets(out, [file_set(launch_sh="a")])


def test_what_a_killed_run_left_is_swept_and_a_running_one_left_alone(out: Path) -> None:
    (out / "chat/vllm/k8s").mkdir(parents=True)
    dead, alive = out / "chat/vllm/k8s/.servec-tmp-4194305-a", f".servec-tmp-{os.getpid()}-b"
    dead.touch()
    (out / "chat/vllm" / alive).touch()
    write_sets("generated", [file_set(launch_sh="a", k8s__a="b")])
    assert not dead.exists()
    assert (out / "chat/vllm" / alive).exists()
