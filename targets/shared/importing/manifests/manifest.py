"""The launches in compose files and Kubernetes manifests: every container, wherever it stands."""

from __future__ import annotations

import re

from servec.dsl.record import replace
from servec.targets.shared.importing.manifests.charts import charted
from servec.targets.shared.importing.manifests.config_maps import config_maps, map_volumes, mounted
from servec.targets.shared.importing.manifests.container import contained
from servec.targets.shared.importing.manifests.inference_service import is_service, served
from servec.targets.shared.importing.manifests.local_ai import configured
from servec.targets.shared.importing.manifests.nested import mappings
from servec.targets.shared.importing.manifests.told import told_launches
from servec.targets.shared.importing.scripts.script import Script
from servec.targets.shared.importing.scripts.shell import defaulted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.programs.program import Command

POD_VARIABLE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
"""What a chart or a controller is to fill in: `{{ .Values.port }}`."""
PODS = 64


def manifest_launches(text: str, env: Mapping[str, str]) -> Iterator[Command]:
    """The launches of a YAML text, in order; `ValueError` where it cannot be read."""
    import yaml

    try:
        documents = list(yaml.load_all(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(str(error).split("\n", 1)[0]) from error
    found = (
        *(item for document in documents for item in configured(document, env)),
        *_contained(documents, env),
    )
    yield from found or told_launches(documents, env, _variables)


def _contained(documents: list[Any], env: Mapping[str, str]) -> Iterator[Command]:
    maps = config_maps(documents)
    pods = any(isinstance(item, dict) and "apiVersion" in item for item in documents)
    for part, known in _parts(documents, env):
        volumes = map_volumes(part, maps) if maps else {}
        for container in _containers(part):
            files = mounted(container, volumes)
            for item in _launches(container, known, pods):
                yield replace(item, files={**files, **item.files}) if files else item


def _parts(documents: list[Any], env: Mapping[str, str]) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """The documents with the variables that are known in each; a group's pods one by one.

    What a LeaderWorkerSet tells its pods follows from it (kubernetes-sigs/lws 060ab4d
    pkg/utils/pod/pod_utils.go AddLWSVariables); `env` wins.
    """
    for document in documents:
        if is_service(document):
            yield served(document), env
            continue
        if (made := charted(document)) is not None:
            yield made, env
            continue
        spec = document.get("spec") if isinstance(document, dict) else None
        group = spec.get("leaderWorkerTemplate") if isinstance(spec, dict) else None
        if not isinstance(group, dict) or document.get("kind") != "LeaderWorkerSet":
            yield document, env
            continue
        name, size = _leader(document), group.get("size", 1)
        size = size if isinstance(size, int) and 0 < size <= PODS else 1
        told = {"LWS_LEADER_ADDRESS": name, "LWS_GROUP_SIZE": str(size), **env}
        for index in range(size):
            template = group.get("workerTemplate" if index else "leaderTemplate")
            yield (
                group.get("workerTemplate") if template is None else template,
                {"LWS_WORKER_INDEX": str(index), **told},
            )


def _leader(document: Mapping[str, Any]) -> str:
    """The name of the first group's leader in the cluster."""
    about = document.get("metadata")
    about = about if isinstance(about, dict) else {}
    name = _text(about.get("name"))
    return f"{name}-0.{name}.{_text(about.get('namespace')) or 'default'}"


def _containers(root: Any) -> Iterator[Mapping[str, Any]]:
    """Mappings that name an image or words to start."""
    return filter(_starts, mappings(root))


def _starts(node: Mapping[str, Any]) -> bool:
    words = [node.get(key) for key in ("command", "args", "entrypoint")]
    return isinstance(node.get("image"), str) or any(isinstance(w, (list, str)) for w in words)


def _launches(node: Mapping[str, Any], outer: Mapping[str, str], pods: bool) -> Iterator[Command]:
    env = _variables(node, outer)
    known = {**outer, **env}
    words: list[str] = []
    for key in ("entrypoint", "command", "args"):
        words += _words(node.get(key), known)
    image = node.get("image")
    image = _filled(image if isinstance(image, str) else "", known)
    # what is known outside stays there
    for item in contained(image, words, known, entered=_entered(node, pods)):
        own = {n: v for n, v in item.env.items() if n in env or outer.get(n) != v}
        yield replace(item, env=own)


def _entered(node: Mapping[str, Any], pods: bool) -> bool:
    """Whether the image's entry point runs: a pod's `command` takes its place, and so does a
    service's `entrypoint`; a pod's container has a name, or stands in a document of a cluster."""
    given = {key for key in ("entrypoint", "command", "args") if node.get(key) is not None}
    return given == ({"args"} if pods or "name" in node else {"command"})


def _words(given: Any, known: Mapping[str, str]) -> list[str]:
    if isinstance(given, str):
        made: list[str] = []
        for words, _ in Script(_untemplated(given.replace("$$", "$")), known).commands():
            made += words
        return made
    items = given if isinstance(given, list) else []
    return [_filled(_text(item), known) for item in items if not isinstance(item, (dict, list))]


def _variables(node: Mapping[str, Any], outer: Mapping[str, str]) -> dict[str, str]:
    """Variables as a mapping, a list of `K=V`, or a pod's list of `name` and `value`."""
    found: dict[str, str] = {}
    for given in (node.get(key) for key in ("environment", "envs", "env")):
        if isinstance(given, dict):
            found |= {str(key): _text(value) for key, value in given.items() if value is not None}
        for item in given if isinstance(given, list) else ():
            if isinstance(item, dict):
                name = item.get("name")
                found |= {name: _text(item["value"])} if name and "value" in item else {}
                continue
            key, equals, value = _text(item).partition("=")
            found |= {key: value} if equals else {}
    return {key: _filled(value, outer) for key, value in found.items() if NAME.fullmatch(str(key))}


def _untemplated(text: str) -> str:
    """A text with a variable that nothing sets where a template has a place."""
    return TEMPLATE.sub("${TEMPLATE}", text) if "{{" in text else text


def _filled(text: str, known: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return known.get(found[1]) or found[0]

    return POD_VARIABLE.sub(value, defaulted(_untemplated(text), known))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
