"""Puts the `Wrong` or `Right` snippet of an explain page into a whole spec.

A snippet that begins with `servec` is a file of its own. One that begins with a top-level word
(`import let profile deployment fleet`) stands above the base deployment. Any other stands inside
the base deployment, which takes its defaults from a profile, so a snippet may say anything anew.
"""

from __future__ import annotations

NAME = "example.srv"
TOP = ("import", "let", "profile", "deployment", "fleet")

BASE = """\
profile "base" {
  model = llama-3.3-70b
  hardware = h100 x 8
  precision { weights = fp8; kv = fp8 }
}
"""

BESIDE = {
    "profiles.srv": """\
servec 1

let patience = 800ms

profile "interactive" {
  slo { ttft.p95 <= $patience }
}

profile "frugal" {
  limits { batch <= 64 }
}
"""
}


def example(snippet: str) -> dict[str, str]:
    """The files of a snippet's spec by path: `NAME` is the spec, the rest may be imported."""
    word = snippet.split(None, 1)[0] if snippet.strip() else ""
    if word == "servec":
        text = snippet + "\n"
    elif word in TOP:
        text = f'servec 1\n\n{snippet}\n\n{BASE}\ndeployment "base" {{\n  extends = [base]\n}}\n'
    else:
        body = "".join(f"  {line}\n" if line else "\n" for line in snippet.split("\n"))
        text = f'servec 1\n\n{BASE}\ndeployment "base" {{\n  extends = [base]\n{body}}}\n'
    return {NAME: text, **BESIDE}
