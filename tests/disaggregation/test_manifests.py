"""Roles on Kubernetes and in compose find each other where they run, copy by copy."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jsonschema
import kubernetes_validate
import pytest
import yaml

from servec import api
from tests.artifacts.test_manifests import COMPOSE, KUBERNETES, documents
from tests.disaggregation.compared import FOLDER, NAMES

SMALL = """servec 1
deployment pd {
  model = qwen3-30b-a3b-2507
  target = vllm
  hardware = h100 x 4
  transfer = nixl
  role prefill { parallel { tensor = 4 } }
  role decode { replicas = 2; parallel { tensor = 4 } }
}
"""


def files(text: str) -> dict[str, str]:
    found = api.compile({"x.srv": text})
    (emission,) = found.emissions
    return {file.path: file.text for file in emission.artifacts}


def manifests(text: str) -> list[dict[str, Any]]:
    return [
        document
        for path, held in files(text).items()
        if path.startswith("k8s/")
        for document in documents(held)
    ]


def named(found: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}


def hosts(router: dict[str, Any]) -> set[str]:
    (container,) = router["spec"]["template"]["spec"]["containers"]
    urls = [item["value"] for item in container["env"] if "_URL" in item["name"]]
    assert urls
    return {str(urlsplit(url).hostname) for url in urls}


@pytest.mark.parametrize("text", [SMALL, *((FOLDER / f"{n}.srv").read_text() for n in NAMES)])
def test_everything_is_valid_and_no_name_is_taken_twice(text: str) -> None:
    found = manifests(text)
    groups = {**named(found, "LeaderWorkerSet"), **named(found, "MPIJob")}
    assert not groups.keys() & named(found, "Service").keys()  # their controllers make one so named
    for document in found:
        if document["kind"] not in ("LeaderWorkerSet", "MPIJob"):
            kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_each_copy_of_a_role_has_a_service_that_the_router_names() -> None:
    found = manifests(SMALL)
    services = named(found, "Service")
    roles = {name for name in services if name != "pd-vllm-router"}
    assert roles == {"pd-vllm-prefill", "pd-vllm-decode", "pd-vllm-decode-2"}
    assert all(services[name]["spec"]["clusterIP"] == "None" for name in roles)
    deployments = named(found, "Deployment")
    assert {each["spec"]["replicas"] for each in deployments.values()} == {1}
    assert hosts(deployments["pd-vllm-router"]) == roles


def test_groups_are_reached_at_their_leaders() -> None:
    found = manifests((FOLDER / "sglang-deepseek-v3.srv").read_text())
    services = named(found, "Service")
    leaders = {"deepseek-sglang-prefill-leader", "deepseek-sglang-decode-leader"}
    assert hosts(named(found, "Deployment")["deepseek-sglang-router"]) == leaders
    assert all(services[name]["spec"]["selector"]["role"] == "leader" for name in leaders)


def test_ranks_that_answer_by_themselves_are_reached_at_their_pods() -> None:
    found = manifests((FOLDER / "vllm-deepseek-r1.srv").read_text())
    pods = hosts(named(found, "Deployment")["wide-ep-vllm-router"])
    assert pods == {
        f"{name}-0{node}.{name}"
        for name in ("wide-ep-vllm-prefill", "wide-ep-vllm-decode")
        for node in ("", "-1")
    }


def test_the_file_of_a_front_names_the_services() -> None:
    found = manifests((FOLDER / "trtllm-deepseek-r1.srv").read_text())
    (held,) = named(found, "ConfigMap").values()
    front = yaml.safe_load(held["data"]["disagg.yaml"])
    urls = [*front["context_servers"]["urls"], *front["generation_servers"]["urls"]]
    names = [url.partition(":")[0] for url in urls]
    assert len(set(names)) == 3
    assert set(names) <= named(found, "Service").keys()


def test_on_one_host_roles_share_the_network_and_no_device() -> None:
    document = yaml.safe_load(files(SMALL)["compose.yaml"])
    jsonschema.validate(document, COMPOSE)
    services = document["services"]
    assert {each["network_mode"] for each in services.values()} == {"host"}
    assert not any("ports" in each for each in services.values())
    taken = [
        number
        for name in ("prefill", "decode")
        for each in services[name]["deploy"]["resources"]["reservations"]["devices"]
        for number in each["device_ids"]
    ]
    assert taken == [str(number) for number in range(8)]


def test_roles_that_tell_a_front_where_they_are_name_pods_and_its_service() -> None:
    found = manifests(
        SMALL.replace("target = vllm", "target = lmdeploy").replace("nixl", "mooncake")
    )
    for role in ("prefill", "decode"):
        (container,) = named(found, "Deployment")[f"pd-lmdeploy-{role}"]["spec"]["template"][
            "spec"
        ]["containers"]
        env = {item["name"]: item for item in container["env"]}
        own = env[f"SERVEC_{role.upper()}_HOST"]["valueFrom"]["fieldRef"]["fieldPath"]
        assert own == "status.podIP"
        assert env["SERVEC_PROXY_URL"]["value"] == "http://pd-lmdeploy-router:23333"
    assert "pd-lmdeploy-router" in named(found, "Service")


def test_a_router_holds_no_weights() -> None:
    found = named(manifests(SMALL), "Deployment")
    router = found["pd-vllm-router"]["spec"]["template"]["spec"]
    assert "volumes" not in router and "env" in router["containers"][0]
    assert not any("TOKEN" in item["name"] for item in router["containers"][0]["env"])
    assert "volumes" in found["pd-vllm-prefill"]["spec"]["template"]["spec"]
