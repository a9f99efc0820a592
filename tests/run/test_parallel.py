"""Steps that do not wait for each other run side by side; the first failure ends the others."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.jobs import own_devices
from servec.cli.running import Silent
from servec.compiler.steps.node import Node
from servec.compiler.target import Process
from servec.run.job import Job
from servec.run.place import Place
from servec.run.runner import Runner
from tests.edge.serving import free_port
from tests.run.project import Project, gone, kill
from tests.run.test_run import ROLES

if TYPE_CHECKING:
    from pathlib import Path

    from servec.run.outcome import Outcome

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are shell scripts")
# Says that it is there, then waits until the other is, too: alone it never ends well.
MEET = """import os, sys, time
own, other, made = sys.argv[1:4]
open(own, "w").close()
end = time.time() + 20
while not os.path.exists(other):
    if time.time() > end:
        sys.exit(5)
    time.sleep(0.02)
open(made, "w").write("whole")
"""
HANG = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
FAIL = """import os, sys, time
while not (os.path.exists(sys.argv[1]) and open(sys.argv[1]).read()):
    time.sleep(0.02)
sys.exit(9)
"""


class Seen(Silent):
    """Notes what ends."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def end(self, node: Node, outcome: Outcome) -> None:
        self.ended.append(f"{node.name} {outcome.state}")


def work(name: str, code: str, *words: str, after: tuple[str, ...] = (), **more: Any) -> Node:
    argv = (sys.executable, "-c", code, *words)
    return Node(name, "build", argv, makes=(f"{name}.out",), after=after, **more)


def ran(root: Path, *nodes: Node) -> tuple[dict[str, Outcome], list[str]]:
    place = Place(str(root), "d/t")
    place.make()
    seen = Seen()
    job = Job(place, nodes, dict(os.environ), {})
    runner = Runner(job, seen)
    try:
        return {each.name: each for each in runner.run()}, seen.ended
    finally:
        runner.close()


def test_work_that_does_not_wait_goes_on_side_by_side(tmp_path: Path) -> None:
    one = work("one", MEET, "a", "b", "one.out")
    two = work("two", MEET, "b", "a", "two.out")
    last = work("last", "import sys; open(sys.argv[1], 'w')", "last.out", after=("one", "two"))
    found, ended = ran(tmp_path, one, two, last)
    assert [each.state for each in found.values()] == ["done"] * 3
    assert ended[-1] == "last done"
    again, _ = ran(tmp_path, one, two, last)
    assert {each.state for each in again.values()} == {"skipped"}


def test_a_failure_ends_what_runs_beside_it(tmp_path: Path) -> None:
    slow = work("slow", HANG, "pid")
    wrong = work("wrong", FAIL, "pid")
    last = work("last", "pass", after=("slow", "wrong"))
    found, ended = ran(tmp_path, slow, wrong, last)
    assert (found["wrong"].state, found["wrong"].status) == ("failed", 9)
    assert (found["slow"].state, found["slow"].why) == ("not_run", "stopped: wrong failed")
    assert (found["last"].state, found["last"].why) == ("not_run", "")
    assert gone(int((tmp_path / "pid").read_text()))
    assert ended == ["wrong failed", "slow not_run"]
    assert not list(tmp_path.glob("*.part"))


def test_what_was_ended_with_a_sibling_runs_the_next_time(tmp_path: Path) -> None:
    whole = work("one", MEET, "a", "a", "one.out")
    wrong = work("two", "import sys; sys.exit(3)")
    ran(tmp_path, whole, wrong)
    good = work("two", MEET, "b", "b", "two.out")
    found, _ = ran(tmp_path, whole, good)
    assert {each.state for each in found.values()} <= {"done", "skipped"}
    assert (tmp_path / "one.out").read_text() == "whole"


# A server that answers once its partner has come as well: one after the other never gets there.
PARTNER = """#!{python}
import http.server, os, sys, time
here, port = {root!r}, int(sys.argv[sys.argv.index("--port") + 1])
words = dict(zip(sys.argv, sys.argv[1:]))
mode = words.get("--disaggregation-mode", "")
name = mode or "router"
if os.path.exists(here + "/fail-" + name):
    sys.exit(7)
open(here + "/devices-" + name, "w").write(os.environ.get("CUDA_VISIBLE_DEVICES", ""))
open(here + "/pid-" + name, "w").write(str(os.getpid()))
end = time.time() + 30
while mode and not all(os.path.exists(here + "/pid-" + m) for m in ("prefill", "decode")):
    time.sleep(0.02)
    if time.time() > end:
        sys.exit(8)
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b'{{"choices": [{{"finish_reason": "stop"}}]}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
    do_GET = do_POST = answer
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def roles(project: Project) -> None:
    project.port = free_port()
    (project.root / "a.srv").write_text(ROLES.format(port=project.port))
    project.tool("python3", PARTNER.format(python=sys.executable, root=str(project.root)))


def test_roles_come_up_together_each_with_devices_of_its_own(project: Project) -> None:
    roles(project)
    steps = project.document("--target", "sglang", CUDA_VISIBLE_DEVICES="4,5")["steps"]
    assert [(each["name"], each["state"]) for each in steps] == [
        ("prefill", "done"), ("decode", "done"), ("router", "done"), ("probe", "done")
    ]  # fmt: skip
    seen = {name: (project.root / f"devices-{name}").read_text() for name in ("prefill", "decode")}
    assert sorted(seen.values()) == ["4", "5"]
    logs = project.root / ".servec" / "run" / "tiny" / "sglang" / "logs"
    assert {"prefill.log", "decode.log", "router.log", "probe.log"} <= {
        path.name for path in logs.iterdir()
    }


def test_a_role_that_fails_ends_the_other(project: Project) -> None:
    roles(project)
    (project.root / "fail-decode").touch()
    steps = project.document("--target", "sglang", code=1)["steps"]
    states = {each["name"]: each["state"] for each in steps}
    assert states == {
        "prefill": "not_run", "decode": "failed", "router": "not_run", "probe": "not_run"
    }  # fmt: skip
    pid = project.root / "pid-prefill"
    assert not pid.exists() or gone(int(pid.read_text()))


def test_an_interrupt_ends_both_roles(project: Project) -> None:
    roles(project)
    process = project.start("--target", "sglang", "--stay")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("serving"):
            break
    assert kill(process, signal.SIGINT) == 0
    for name in ("prefill", "decode", "router"):
        assert gone(int((project.root / f"pid-{name}").read_text()))
    with socket.socket() as found:
        assert found.connect_ex(("127.0.0.1", project.port)) != 0


def test_one_of_several_replicas_is_said_to_be_one(project: Project) -> None:
    roles(project)
    path = project.root / "a.srv"
    path.write_text(path.read_text().replace("role decode {", "role decode { replicas = 2;"))
    assert "one of 2 replicas runs here" in project.run("--target", "sglang")[1]


def process(name: str, gpus: int) -> Process:
    return Process(name, "serve", 0, (), gpus=gpus)


@pytest.mark.parametrize(
    ("gpus", "visible", "expected"),
    [
        ((4,), "", {}),
        ((2, 2), "", {"a": "0,1", "b": "2,3"}),
        ((1, 2), "7,6,5", {"a": "7", "b": "6,5"}),
        ((2, 2), "0,1", {}),
        ((0, 2), "", {}),
    ],
)
def test_devices_are_shared_out_in_order(
    gpus: tuple[int, ...], visible: str, expected: dict[str, str]
) -> None:
    servers = [process(name, count) for name, count in zip("abc", gpus, strict=False)]
    made = own_devices(servers, visible)
    assert {name: env["CUDA_VISIBLE_DEVICES"] for name, env in made.items()} == expected
