"""Units and manifests that the samples compile to, as their own tools and schemas take them."""

from __future__ import annotations

import json
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import check_jsonschema
import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.artifacts.emitted import emissions, text_of

if TYPE_CHECKING:
    from servec.api import Emission

KUBERNETES = "1.33.0"


def unit_words(line: str) -> list[str]:
    """A command line as systemd reads it."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
    return [
        re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%").replace("$$", "$") or bare
        for quoted, bare in words
    ]


def units(kind: str) -> list[tuple[Emission, str]]:
    return [
        (emission, artifact.path)
        for emission in emissions().values()
        for artifact in emission.artifacts
        if artifact.kind == kind
    ]


def test_service_units_run_the_words_of_the_json(tmp_path: Path) -> None:
    found = units("systemd")
    assert found
    for emission, path in found:
        line = next(
            line.partition("=")[2]
            for line in text_of(emission, path).splitlines()
            if line.startswith("ExecStart=")
        )
        assert unit_words(line)[1:] == list(emission.launch.processes[0].argv)
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    paths = []
    for emission, path in found:
        place = tmp_path / path.rpartition("/")[2]
        place.write_text(text_of(emission, path))
        paths.append(str(place))
    done = subprocess.run(
        ["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if any(path in line for path in paths)]
    assert said == []


def test_property_lists_run_the_words_of_the_json() -> None:
    found = units("launchd")
    assert found
    for emission, path in found:
        words = plistlib.loads(text_of(emission, path).encode())["ProgramArguments"]
        assert words[1:] == list(emission.launch.processes[0].argv)


def test_compose_files_are_valid() -> None:
    schemas = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    found = units("compose")
    assert found
    for emission, path in found:
        validator.validate(yaml.safe_load(text_of(emission, path)))


def test_manifests_are_valid() -> None:
    kinds: dict[str, int] = {}
    for emission, path in units("k8s"):
        for document in documents(text_of(emission, path)):
            kinds[document["kind"]] = kinds.get(document["kind"], 0) + 1
            if "." not in document["apiVersion"].split("/")[0]:
                kubernetes_validate.validate(document, KUBERNETES, strict=True)
    assert {"Service", "LeaderWorkerSet", "Deployment"} <= set(kinds)


def documents(text: str) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(text, loader) if document is not None]
