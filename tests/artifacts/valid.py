"""What judges a manifest: schemas of Kubernetes and of operators, and what refers to what."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import kubernetes_validate
from kubernetes_validate import utils

if TYPE_CHECKING:
    from collections.abc import Iterator

KUBERNETES = "1.33.0"
CRDS: dict[str, Any] = json.loads((Path(__file__).parent / "crds.json").read_text())
# Workloads whose controllers make a headless service of their own name.
GROUPS = ("LeaderWorkerSet", "MPIJob")
# The library reads a megabyte of schemas again for each document.
utils.schema_contents = cache(utils.schema_contents)


def valid(document: dict[str, Any]) -> None:
    """One document by its schema; the pod templates within by Kubernetes' own."""
    if "." not in document["apiVersion"].split("/")[0] or document["kind"] == "PodTemplate":
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
        return
    key = f"{document['apiVersion']} {document['kind']}"
    if key not in CRDS:  # a group of Kubernetes' own, as policy/v1 is not written with a dot
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
        return
    schema = CRDS[key]["schema"]
    jsonschema.Draft202012Validator(schema).validate(document)
    for template in templates(schema, document):
        pod = {"apiVersion": "v1", "kind": "PodTemplate", "template": template}
        kubernetes_validate.validate(pod, KUBERNETES, strict=True)


def templates(schema: dict[str, Any], node: Any) -> Iterator[dict[str, Any]]:
    """The pod templates of a document, where its schema has them."""
    if schema.get("pod"):
        yield node
    elif isinstance(node, dict):
        rest = schema.get("additionalProperties")
        for name, value in node.items():
            inner = schema.get("properties", {}).get(name, rest)
            if isinstance(inner, dict):
                yield from templates(inner, value)
    elif isinstance(node, list) and isinstance(schema.get("items"), dict):
        for value in node:
            yield from templates(schema["items"], value)


def pods(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The pod templates of a workload of any kind."""
    if document["kind"] in ("Deployment", "Job"):
        return [document["spec"]["template"]]
    key = f"{document['apiVersion']} {document['kind']}"
    return [*templates(CRDS[key]["schema"], document)] if key in CRDS else []


def coherent(found: list[dict[str, Any]]) -> None:
    """What the manifests of one deployment refer to is among them, or a Secret of the user's."""
    names = [(each["kind"], each["metadata"]["name"]) for each in found]
    assert len(names) == len(set(names)), names
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        assert len(name) <= 63
        by_kind.setdefault(kind, set()).add(name)
    groups = set().union(*(by_kind.get(kind, set()) for kind in GROUPS))
    assert not groups & by_kind.get("Service", set())
    every = [pod for each in found for pod in pods(each)]
    assert every
    for pod in every:
        _pod(pod, by_kind)
    labels = [pod.get("metadata", {}).get("labels", {}) for pod in every]
    for each in found:
        if each["kind"] == "Service":
            selector = each["spec"]["selector"]
            assert any(_matches(selector, own) for own in labels), selector
        if each["kind"] == "PodDisruptionBudget":
            selector = each["spec"]["selector"]["matchLabels"]
            assert any(_matches(selector, own) for own in labels), selector


def _matches(selector: dict[str, str], labels: dict[str, str]) -> bool:
    """Whether a pod is selected; labels with a dot in their first part are its controller's."""
    given = {k: v for k, v in selector.items() if not k.startswith("training.kubeflow.org/")}
    return given.items() <= labels.items()


def _pod(pod: dict[str, Any], by_kind: dict[str, set[str]]) -> None:
    spec = pod["spec"]
    volumes = {volume["name"]: volume for volume in spec.get("volumes", ())}
    for volume in volumes.values():
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        assert claim is None or claim in by_kind["PersistentVolumeClaim"]
        files = volume.get("configMap", {}).get("name")
        assert files is None or files in by_kind["ConfigMap"]
    assert spec.get("restartPolicy") == "OnFailure" or spec["terminationGracePeriodSeconds"] >= 60
    for container in spec["containers"]:
        _container(container, volumes)


def _container(container: dict[str, Any], volumes: dict[str, Any]) -> None:
    assert ":" in container["image"] and not container["image"].endswith(":latest")
    assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes.keys()
    assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
    for item in container.get("env", ()):
        plain = "value" in item
        assert plain or item["valueFrom"].keys() & {"secretKeyRef", "fieldRef"}
        secret = "TOKEN" in item["name"] or item["name"].endswith("_KEY")
        assert not (plain and secret) or item["value"].startswith("$(")
    if "startupProbe" in container:
        probe = container["startupProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] >= 1800
        assert {"readinessProbe", "livenessProbe", "lifecycle"} <= container.keys()
