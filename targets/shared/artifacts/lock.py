"""`servec.lock.json`: everything a machine needs to see whether what runs is what was reviewed."""

from __future__ import annotations

import hashlib

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.seal import sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.targets.shared.artifacts.subject import Subject


def lock_file(subject: Subject, artifacts: Iterable[Artifact]) -> Artifact:
    """The lock: spec digest, versions, tables, argv and env by process, hash of each file."""
    document = {
        "schema": "servec.lock/1",
        "servec": subject.servec,
        "language": 1,
        "deployment": subject.deployment,
        "spec": subject.spec,
        "digest": subject.digest,
        "target": subject.target,
        "version": subject.launch.version,
        "image": subject.launch.image,
        "tables": dict(sorted(subject.tables.items())),
        "checkpoints": checkpoints(subject),
        "replicas": subject.replicas,
        "processes": [
            {
                "name": process.name,
                "role": process.role,
                "node_rank": process.node_rank,
                "argv": list(process.argv),
                "env": dict(sorted(process.env.items())),
                "secrets": list(process.secrets),
            }
            for process in subject.launch.processes
        ],
        "files": {artifact.path: digest(artifact.text) for artifact in artifacts},
    }
    return Artifact("servec.lock.json", "lock", sealed(document))


def digest(text: str) -> str:
    """SHA-256 of the file's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def checkpoints(subject: Subject) -> list[dict[str, str]]:
    """Each checkpoint that is loaded, with the revision the spec pins ("" where it pins none)."""
    out: dict[str, str] = {}
    for case in subject.cases:
        if case.plan:
            out[case.plan.checkpoint] = case.spec.word("checkpoint.revision") or ""
    return [{"repo": repo, "revision": revision} for repo, revision in out.items()]
