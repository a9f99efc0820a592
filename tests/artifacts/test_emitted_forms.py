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

from servec import api
from tests.artifacts.emitted import emissions, text_of
from tests.artifacts.matrix import REFUSED, specs, text
from tests.artifacts.valid import coherent, pods, valid

if TYPE_CHECKING:
    from servec.emissions import Emission


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
    kinds: set[str] = set()
    found: dict[str, list[dict[str, Any]]] = {}
    for emission, path in units("k8s"):
        found.setdefault(emission.folder, []).extend(documents(text_of(emission, path)))
    for each in found.values():
        coherent(each)
        for document in each:
            kinds.add(document["kind"])
            valid(document)
    assert kinds >= {
        *("Service", "Deployment", "PodDisruptionBudget", "PersistentVolumeClaim", "ConfigMap"),
        *("LeaderWorkerSet", "MPIJob", "RayService"),
    }


def test_a_manifest_with_a_wrong_word_is_seen() -> None:
    emission, path = next(item for item in units("k8s") if item[1] == "k8s/rayservice.yaml")
    (service,) = documents(text_of(emission, path))
    service["spec"]["rayClusterConfig"]["workerGroupSpecs"][0]["replica"] = 1
    with pytest.raises(jsonschema.ValidationError):
        valid(service)
    (service,) = documents(text_of(emission, path))
    pod = service["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]
    pod["containers"][0]["ports"][0]["containerPorts"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        valid(service)


@pytest.mark.parametrize(("shape", "runtime"), [(s, r) for s, rs in REFUSED.items() for r in rs])
def test_a_shape_that_a_runtime_lacks_is_refused_with_the_reason(shape: str, runtime: str) -> None:
    found = api.compile({"x.srv": text(shape, runtime)})
    assert not found.emissions
    wrong = [item for item in found.diagnostics if item.severity == "error"]
    assert wrong and all(item.figures or item.secondary for item in wrong)


@pytest.mark.parametrize("name", sorted(specs()))
def test_every_other_shape_is_emitted(name: str) -> None:
    (folder,) = (each for each in emissions() if each.startswith(name.removesuffix(".srv") + "/"))
    assert emissions()[folder].artifacts


def documents(text: str) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(text, loader) if document is not None]


def test_what_steps_make_is_made_on_the_volume_of_the_pods() -> None:
    made = [e for e in emissions().values() if e.launch.steps and text_of(e, "k8s/serve.yaml")]
    assert {e.launch.runtime for e in made} >= {"vllm", "trtllm", "lmdeploy"}
    for emission in made:
        (job,) = documents(text_of(emission, "k8s/build.yaml"))
        (builder,) = job["spec"]["template"]["spec"]["containers"]
        (server,) = pods(documents(text_of(emission, "k8s/serve.yaml"))[0])[0]["spec"]["containers"]
        place = {"name": "weights", "mountPath": "/servec", "subPath": "project"}
        assert place in builder["volumeMounts"] and place in server["volumeMounts"]
        assert builder["workingDir"] == server["workingDir"] == "/servec"
        heavy = {step.kind for step in emission.launch.steps} & {"quantize", "build"}
        assert bool(heavy) == ("limits" in builder["resources"])
        held = documents(text_of(emission, "k8s/files.yaml"))[0]["data"]
        assert held["build.sh"] == text_of(emission, "build.sh")
        assert "apply k8s/build.yaml first" in text_of(emission, "README.md")


def test_weights_are_kept_where_the_image_or_the_spec_has_the_cache() -> None:
    kept = {
        "m-single-vllm/vllm": "/root/.cache/huggingface",
        "m-single-tgi/tgi": "/data",
        "m-single-rayserve/rayserve": "/home/ray/.cache/huggingface",
    }
    for folder, place in kept.items():
        compose = yaml.safe_load(text_of(emissions()[folder], "compose.yaml"))
        (service,) = compose["services"].values()
        assert f"weights:{place}" in service["volumes"]
    told = text("single", "vllm").replace("x 1", 'x 1\n  env { HF_HOME = "/var/hf" }')
    (emission,) = api.compile({"x.srv": told}).emissions
    assert "weights:/var/hf" in text_of(emission, "compose.yaml")
    assert "mountPath: /var/hf" in text_of(emission, "k8s/serve.yaml")
