"""Compose, Kubernetes, systemd and launchd output: valid, and every value is data."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import kubernetes_validate
import pytest
import yaml

from servec.dsl.record import replace
from servec.targets.shared.artifacts.forms import FORMS, applying, artifacts
from servec.targets.shared.artifacts.yaml import dump
from tests.artifacts.subjects import HOSTILE, MAC, subject

KUBERNETES = "1.33.0"
COMPOSE = json.loads(
    (
        Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    ).read_text()
)


def by_path(made: Any) -> dict[str, str]:
    return {artifact.path: artifact.text for artifact in artifacts(made)}


def documents(text: str) -> list[dict[str, Any]]:
    return [d for d in yaml.safe_load_all(text) if d is not None]


def test_compose_is_valid_and_keeps_every_word() -> None:
    made = subject(words=HOSTILE, env={"T_A": "$(x) $HOME"})
    document = yaml.safe_load(by_path(made)["compose.yaml"])
    jsonschema.validate(document, COMPOSE)
    service = document["services"]["server"]
    words = [w.replace("$$", "$") for w in service["entrypoint"] + service["command"]]
    assert words == list(made.launch.processes[0].argv)
    assert service["environment"]["T_A"] == "$$(x) $$HOME"
    assert service["deploy"]["resources"]["reservations"]["devices"][0]["count"] == 8


def test_compose_passes_secrets_by_name() -> None:
    made = subject(words=("--api-key", "${KEY}"), secrets=("KEY",))
    service = yaml.safe_load(by_path(made)["compose.yaml"])["services"]["server"]
    assert service["command"][-1] == "${KEY:?set KEY in the environment}"


@pytest.mark.parametrize("nodes", [1, 2])
def test_kubernetes_output_is_valid(nodes: int) -> None:
    made = subject(words=HOSTILE, env={"T_A": "$(x)"}, nodes=nodes, secrets=("HF_TOKEN",))
    kinds = []
    for path, text in by_path(made).items():
        if not path.startswith("k8s/"):
            continue
        for document in documents(text):
            kinds.append(document["kind"])
            if document["kind"] == "LeaderWorkerSet":
                group = document["spec"]["leaderWorkerTemplate"]
                assert group["size"] == nodes
                for name in ("leaderTemplate", "workerTemplate"):
                    job = {"apiVersion": "v1", "kind": "PodTemplate", "template": group[name]}
                    kubernetes_validate.validate(job, KUBERNETES, strict=True)
            else:
                kubernetes_validate.validate(document, KUBERNETES, strict=True)
    workload = "Deployment" if nodes == 1 else "LeaderWorkerSet"
    assert {workload, "Service", "PodDisruptionBudget", "PersistentVolumeClaim"} <= set(kinds)


def test_kubernetes_args_are_data() -> None:
    made = subject(words=HOSTILE)
    pod = documents(by_path(made)["k8s/serve.yaml"])[0]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    words = [w.replace("$$(", "$(") for w in container["command"] + container["args"]]
    assert words == list(made.launch.processes[0].argv)


def test_workers_of_a_group_learn_rank_and_address_from_it() -> None:
    made = subject(nodes=3)
    files = by_path(made)
    group = documents(files["k8s/serve.yaml"])[0]["spec"]["leaderWorkerTemplate"]
    container = group["workerTemplate"]["spec"]["containers"][0]
    assert container["args"][-1] == "$(LWS_WORKER_INDEX)"
    assert {"name": "SERVEC_MASTER_ADDR", "value": "$(LWS_LEADER_ADDRESS)"} in container["env"]
    script = documents(files["k8s/files.yaml"])[0]["data"]["launch.sh"]
    assert script == files["launch.sh"]


def test_secrets_are_references() -> None:
    made = subject(secrets=("HF_TOKEN",))
    pod = documents(by_path(made)["k8s/serve.yaml"])[0]["spec"]["template"]["spec"]
    entry = next(e for e in pod["containers"][0]["env"] if e["name"] == "HF_TOKEN")
    assert entry["valueFrom"]["secretKeyRef"]["key"] == "HF_TOKEN"
    assert "value" not in entry


def test_the_property_list_parses_to_the_same_words() -> None:
    words = tuple(w for w in HOSTILE if w)
    made = subject(words=words, device=MAC, env={"T_A": "<&>"})
    text = next(t for p, t in by_path(made).items() if p.endswith(".plist"))
    found = plistlib.loads(text.encode())
    assert found["ProgramArguments"][1:] == list(made.launch.processes[0].argv)
    assert found["EnvironmentVariables"] == {"T_A": "<&>"}


def test_a_unit_doubles_what_systemd_would_expand() -> None:
    text = by_path(subject(words=("%h", "$HOME", "a b")))["systemd/demo-vllm.service"]
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert line.endswith('"%%h" "$$HOME" "a b"')


@pytest.mark.parametrize("text", HOSTILE)
def test_yaml_scalars_survive(text: str) -> None:
    node: Any = {"a": text, text or "k": [text, {"b": text}], "n": 1, "t": True, "none": None}
    assert yaml.safe_load(dump(node)) == node


@pytest.mark.parametrize("number", [0.886, 0.5, 1.0, 1e-05, 123456.75, -0.25])
def test_yaml_numbers_survive(number: float) -> None:
    assert yaml.safe_load(dump({"a": number})) == {"a": number}


def test_ranks_that_one_process_starts_are_named_by_slurm() -> None:
    made = subject(nodes=2)
    first = replace(made.launch.processes[0], argv=("mpirun", "-H", "${SERVEC_HOSTS}", "serve"))
    launch = replace(made.launch, processes=(first, *made.launch.processes[1:]))
    of = replace(made, launch=launch)
    assert applying(of) == ("shell", "k8s", "slurm")
    text = by_path(of)["slurm.sbatch"]
    assert "#SBATCH --nodes=2" in text
    assert "srun" not in text
    assert "s/$/:8/" in text
    assert text.endswith('exec bash "$here/launch.sh" serve 0\n')


def test_ranks_that_one_process_starts_are_an_mpi_job() -> None:
    made = replace(subject(nodes=2), replicas=2)
    words = ("mpirun", "-n", "16", "-H", "${SERVEC_HOSTS}", "serve")
    first = replace(made.launch.processes[0], argv=words, env={"SERVEC_HOSTS": "localhost"})
    daemon = replace(made.launch.processes[1], argv=("/usr/sbin/sshd", "-D"))
    of = replace(made, launch=replace(made.launch, processes=(first, daemon)))
    one, two, service, budget = documents(by_path(of)["k8s/serve.yaml"])
    assert (one["kind"], two["kind"]) == ("MPIJob", "MPIJob")
    assert one["metadata"]["name"] != two["metadata"]["name"]
    assert one["spec"]["slotsPerWorker"] == 8
    launcher, worker = (one["spec"]["mpiReplicaSpecs"][name] for name in ("Launcher", "Worker"))
    assert (launcher["replicas"], worker["replicas"]) == (1, 2)
    for part in (launcher, worker):
        job = {"apiVersion": "v1", "kind": "PodTemplate", "template": part["template"]}
        kubernetes_validate.validate(job, KUBERNETES, strict=True)
    (container,) = launcher["template"]["spec"]["containers"]
    assert [*container["command"], *container["args"]] == ["mpirun", "-n", "16", "serve"]
    assert "limits" not in container["resources"]
    assert [item["name"] for item in container["env"]] == ["HF_TOKEN"]
    (container,) = worker["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": 8}
    selector = dict(service["spec"]["selector"])
    assert selector.pop("training.kubeflow.org/replica-index") == "0"
    assert selector.items() <= worker["template"]["metadata"]["labels"].items()
    assert not selector.items() <= launcher["template"]["metadata"]["labels"].items()
    assert budget["kind"] == "PodDisruptionBudget"
    assert "k8s/files.yaml" not in by_path(of)  # no pod of the job runs launch.sh


def test_only_forms_that_apply_are_written() -> None:
    assert applying(subject(device=MAC)) == ("shell", "launchd")
    assert applying(subject(nodes=2)) == ("shell", "k8s", "slurm")
    assert set(applying(subject())) <= set(FORMS)


def test_the_lock_names_every_other_file() -> None:
    files = by_path(subject())
    lock = json.loads(files["servec.lock.json"])
    assert set(lock["files"]) == set(files) - {"servec.lock.json"}
    assert lock["processes"][0]["argv"][:2] == ["vllm", "serve"]


def test_the_readme_is_a_page_and_escapes_what_the_spec_says() -> None:
    text = by_path(subject())["README.md"]
    assert len(text.splitlines()) < 80
    assert "first &lt;pick>" in text
    assert "look \\| twice" in text


def test_the_readme_names_files_that_pods_lack() -> None:
    from servec.dsl.record import replace

    plain = subject()
    first = plain.launch.processes[0]
    process = replace(
        first, argv=(*first.argv, "--lora-modules", "a=./a", "--template", "./t.jinja")
    )
    local = replace(plain, launch=replace(plain.launch, processes=(process,)))
    line = "put ./a, ./t.jinja below /servec"
    assert line in by_path(local)["README.md"]
    assert "below /servec" not in by_path(plain)["README.md"]
    assert line not in by_path(replace(local, forms=("shell",)))["README.md"]


def test_addresses_move_with_their_port() -> None:
    from servec.targets.shared.artifacts.words import at_host

    assert at_host("127.0.0.1", "$head") == "$head"
    assert at_host("127.0.0.1:20000", "$(LWS_LEADER_ADDRESS)") == "$(LWS_LEADER_ADDRESS):20000"
