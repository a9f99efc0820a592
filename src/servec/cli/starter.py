"""The spec that `servec init` writes."""

from __future__ import annotations

import re


def starter(path: str) -> str:
    """A commented spec for a chat service, named after the file it goes to; it compiles."""
    stem = path.replace("\\", "/").rpartition("/")[2].removesuffix(".srv")
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem)[:63].lstrip("_.-") or "chat"
    return TEXT.replace("NAME", name)


TEXT = """\
servec 1

# What is served, and under which promises. Each line is a relation between a name and a value;
# what no line states, the compiler decides and reports:
#   servec check      what is wrong, and what to write instead
#   servec plan       every way to serve this, with memory and predictions
#   servec compile    writes the scripts and manifests that start it
deployment "NAME" {
  model = qwen3-32b # a name from `servec models list`, a repository id in quotes, or "./folder"
  hardware = h100 x 2 # kind x devices per node; `servec hardware list` names the kinds
  target = auto # or a runtime: vllm, sglang

  limits { context = 16Ki tokens } # longest prompt plus answer

  # What arrives. Latency is predicted only where this is stated.
  workload {
    kind = chat
    input = 1k tokens
    output = 300 tokens
    concurrency = 16
  }

  # Promises. A prediction that misses one is a warning, with `--strict` an error.
  slo {
    ttft.p95 <= 2s
    tpot.p95 <= 50ms
  }

  # Lines you may want, without the `#`:
  # precision { weights = fp8; kv = fp8 }
  # parallel { tensor = 2 }
  # features { tools = auto; structured_output = true }
  # api { port = 8000; key_env = API_KEY } # the name of a variable, never the key itself
}
"""
