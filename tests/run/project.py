"""A project whose tools are stand-ins: they say what they were called with and do what is asked.

`hf`, `python3` (which is called with a converter) and `llama-quantize` write their product, slowly
where a file `slow` names them, badly where `fail` does. `llama-server` is a small HTTP server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.edge.serving import free_port
from tests.golden import ROOT

if TYPE_CHECKING:
    import signal
    from pathlib import Path

SPEC = """servec 1

deployment "tiny" {{
  model = qwen3-4b
  hardware = rtx-4090 x 1

  precision {{ weights = q5_k_s }}

  limits {{ context = 4096 tokens }}

  api {{ port = {port}; host = "127.0.0.1"{api} }}
}}
"""
TOOL = f"""#!{sys.executable}
import json, os, sys, time
name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
here = @PLACE@
with open(here + "/calls", "a") as file:
    file.write(json.dumps([name, *words]) + chr(10))
def asked(what):
    try:
        return name in open(here + "/" + what).read().split()
    except OSError:
        return False
if name == "hf":
    made = words[words.index("--local-dir") + 1]
elif name == "python3":
    made = words[words.index("--outfile") + 1]
else:
    made = words[1]
def write(text):
    if name == "hf":
        os.makedirs(made, exist_ok=True)
        open(made + "/config.json", "w").write(text)
    else:
        open(made, "w").write(text)
write("half")
if asked("slow"):
    open(here + "/at-" + name, "w").write(str(os.getpid()))
    time.sleep(60)
if asked("fail"):
    print("it went wrong, says", os.environ.get("TINY_KEY"))
    sys.exit(9)
write("whole " + name)
"""
SERVER = f"""#!{sys.executable}
import http.server, json, os, sys
here = @PLACE@
open(here + "/calls", "a").write(json.dumps(["llama-server", *sys.argv[1:]]) + chr(10))
if os.path.exists(here + "/fail"):
    sys.exit(7)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({{}})
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({{"choices": [{{"finish_reason": "stop"}}]}})
    def answer(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
PROGRAM = "import sys; from servec.cli.main import main; sys.exit(main(sys.argv[1:]))"


class Project:
    """The folder, and `servec run` in it."""

    def __init__(self, root: Path, api: str = "") -> None:
        """A spec whose model is fetched, converted and quantised."""
        self.root = root
        self.port = free_port()
        (root / "servec.toml").touch()
        (root / "llama.cpp").mkdir()
        (root / "llama.cpp" / "convert_hf_to_gguf.py").touch()
        (root / "bin").mkdir()
        for name in ("hf", "python3", "llama-quantize"):
            self.tool(name, TOOL)
        self.tool("llama-server", SERVER)
        (root / "a.srv").write_text(SPEC.format(port=self.port, api=api))
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("SERVEC_", "TINY_"))}
        self.env = {
            **keep,
            "PATH": f"{root / 'bin'}:{keep.get('PATH', '/usr/bin:/bin')}",
            "PYTHONPATH": str(ROOT),
        }

    def tool(self, name: str, text: str) -> None:
        """A stand-in on the path."""
        path = self.root / "bin" / name
        path.write_text(text.replace("@PLACE@", repr(str(self.root))))
        path.chmod(0o755)

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """`servec run a.srv` with `words`, behind."""
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "run", "a.srv", "--target", "llamacpp", *words],
            cwd=self.root,
            env={**self.env, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, code: int = 0, **env: str) -> tuple[str, str]:
        """What it prints, after it has ended with `code`."""
        process = self.start(*words, **env)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, (process.returncode, err, out)
        return out, err

    def document(self, *words: str, code: int = 0, **env: str) -> dict[str, Any]:
        """Its JSON document."""
        found: dict[str, Any] = json.loads(
            self.run("--format", "json", *words, code=code, **env)[0]
        )
        return found

    def states(self, *words: str, code: int = 0, **env: str) -> dict[str, str]:
        """The state of each step by its kind."""
        return {
            each["kind"]: each["state"] for each in self.document(*words, code=code, **env)["steps"]
        }

    def calls(self) -> list[str]:
        """The tools that were called, in order."""
        try:
            lines = (self.root / "calls").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line)[0] for line in lines]

    def asked(self, what: str, *tools: str) -> None:
        """From now on these tools are `slow`, or `fail`."""
        (self.root / what).write_text(" ".join(tools))

    def at(self, tool: str) -> int:
        """Wait until a slow tool is at work; its process."""
        path = self.root / f"at-{tool}"
        for _ in range(400):
            text = path.read_text() if path.exists() else ""
            if text:
                return int(text)
            time.sleep(0.05)
        raise AssertionError(f"{tool} was never called")

    def files(self) -> list[str]:
        """What lies below `models`."""
        return sorted(path.name for path in (self.root / "models").iterdir())


def gone(process: int) -> bool:
    """Whether a process ends within a few seconds."""
    for _ in range(200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if _is_zombie(process):
            return True
        time.sleep(0.05)
    return False


def _is_zombie(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def kill(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """Signal servec alone, as a terminal or an out-of-memory killer does; its exit code."""
    os.kill(process.pid, number)
    process.communicate(timeout=30)
    return process.returncode
