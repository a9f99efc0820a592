"""A form that was asked for and does not apply is told, never left out in silence."""

from __future__ import annotations

import pytest

import servec
from servec.targets.shared.artifacts.forms import FORMS

SPEC = """servec 1

deployment "d" {{
  model = qwen3-4b
  hardware = {hardware}
  target = {target}
{more}}}
"""
CONVERTED = "  precision { weights = q5_k_m }\n"


def told(hardware: str, target: str, more: str = "", forms: tuple[str, ...] = ()) -> list[str]:
    text = SPEC.format(hardware=hardware, target=target, more=more)
    made = servec.compile({"d.srv": text}, forms=forms)
    assert made.emissions
    return [item.title for item in made.diagnostics if item.code == "SRV318"]


@pytest.mark.parametrize(
    ("hardware", "target", "more", "forms", "missing"),
    [
        ("l4 x 1", "vllm", "", ("k8s", "systemd"), []),
        ("l4 x 1", "vllm", "", ("shell", "ray"), ["ray"]),
        ("l4 x 1", "vllm", "", FORMS, []),
        ("l4 x 1", "vllm", "  forms = [launchd]\n", (), ["launchd"]),
        ("l4 x 1", "vllm", "  forms = [launchd]\n", ("shell",), []),
        ("l4 x 1", "triton", "", ("triton",), []),
        ("l4 x 1", "llamacpp", CONVERTED, ("k8s", "compose"), ["k8s", "compose"]),
        ("m3-max-64g x 1", "mlx", "", ("launchd", "systemd"), ["systemd"]),
    ],
)
def test_each_is_told(
    hardware: str, target: str, more: str, forms: tuple[str, ...], missing: list[str]
) -> None:
    found = told(hardware, target, more, forms)
    assert sorted(found) == sorted(f"d on {target} is not written as `{f}`" for f in missing)


def test_strict_writes_nothing_then() -> None:
    text = SPEC.format(hardware="l4 x 1", target="vllm", more="")
    assert not servec.compile({"d.srv": text}, forms=("launchd",), strict=True).emissions
