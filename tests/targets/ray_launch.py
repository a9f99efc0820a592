"""What is launched on Ray Serve for a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from tests.plan.compiling import codes, compiled

if TYPE_CHECKING:
    from servec.compiler.target import Launch


VERSION = "2.60.0"

HEAD = "servec 1\ndeployment d {\ntarget = rayserve\n"

CHAT = HEAD + "model = qwen3-8b\nhardware = h100 x 1\n"


def launched(text: str) -> Launch:
    (found,) = compiled(text + "}\n").deployments
    assert found.chosen is not None, codes(compiled(text + "}\n"))
    return found.chosen.launch()


def application(launch: Launch) -> dict[str, Any]:
    (file,) = launch.configs
    assert file.path == "ray/serve.yaml"
    found: dict[str, Any] = yaml.safe_load(file.text)
    return found


def model(text: str) -> dict[str, Any]:
    (app,) = application(launched(text))["applications"]
    assert app["import_path"] == "ray.serve.llm:build_openai_app"
    (found,) = app["args"]["llm_configs"]
    assert isinstance(found, dict)
    return found
