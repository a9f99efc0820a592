"""Cloud instance types and the devices they have: `p4d.24xlarge`, `a2-highgpu-8g`."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.catalogue.store import fact

AWS = re.compile(
    r"(?<![\w.])(?:ml\.)?([a-z]+\d+[a-z]*(?:-(?:b\d+|flex))?)\.(\d*x?large|medium|\d+xl|metal)\b"
)
"""A type of EC2, or of SageMaker, which is named after one."""
FAMILY = re.compile(r"\b(?:aws|amazon|ec2|sagemaker)\s+(?:ec2\s+)?([a-z]+\d+[a-z]*)\b")
OTHER = re.compile(r"(?<![\w.-])(?:standard_)?([a-z]+\d+[a-z\d]*[-_][a-z\d_-]+)(?![\w.-])")
TPU = re.compile(r"(?<![\w.])(v5e|v5litepod|v6e)-(\d{1,4})\b")
TPUS = {"v5e": "tpu-v5e", "v5litepod": "tpu-v5e", "v6e": "tpu-v6e"}
"""Slices of Cloud TPUs, whose names count the chips (gpuhunt providers/gcp.py)."""
ORACLE = re.compile(r"\b(?:bm|vm)\.gpu\.?([a-z\d]+)\.(\d{1,2})\b")


def instance(text: str) -> tuple[str, int, str] | None:
    """The kind and number of devices of the type that a text names, and the words that name it.

    The number is 0 where a family is named without a size. None where no type is named.
    """
    low = text.lower()
    return _of_aws(low) or _of_others(low) or _of_family(low)


def _of_aws(low: str) -> tuple[str, int, str] | None:
    for found in AWS.finditer(low):
        kind, sizes = _families().get(found[1], (_cpus().get(found[1], ""), {}))
        if kind:
            return kind, sizes.get(re.sub(r"xl$", "xlarge", found[2]), 0), found[0]
    return None


def _of_others(low: str) -> tuple[str, int, str] | None:
    for found in OTHER.finditer(low):
        if found[1] in _types():
            return (*_types()[found[1]], found[0])
    for found in ORACLE.finditer(low):
        kind, number = _types().get(found[0], (_sole(found[1]), int(found[2])))
        if kind:
            return kind, number, found[0]
    for found in TPU.finditer(low):
        return TPUS[found[1]], int(found[2]), found[0]
    return None


def _of_family(low: str) -> tuple[str, int, str] | None:
    for found in FAMILY.finditer(low):
        if found[1] in _families():
            return _families()[found[1]][0], 0, found[0]
    return None


def _sole(word: str) -> str:
    """The device that a word stands for alone, "" where it is none or several."""
    from servec.compiler.catalogue.heard import heard

    found = heard(word)
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _families() -> dict[str, tuple[str, dict[str, int]]]:
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for cloud in fact("instances")["clouds"].values():
        for name, (kind, sizes) in cloud.get("families", {}).items():
            found[name] = (kind, sizes)
    return found


@lru_cache(maxsize=1)
def _cpus() -> dict[str, str]:
    """Families of instances without a device, and the architecture of their CPUs."""
    clouds = fact("instances")["clouds"].values()
    rows = [row for cloud in clouds for row in cloud.get("cpu", {}).items()]
    return {family: arch for arch, families in rows for family in families}


@lru_cache(maxsize=1)
def _types() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for cloud in fact("instances")["clouds"].values():
        for name, (kind, number) in cloud.get("types", {}).items():
            found[name] = (kind, number)
    return found


def most_of(kind: str) -> int:
    """The largest number of devices of a kind that one machine of a table has; 0 for none."""
    found = [number for each, number in _types().values() if each == kind]
    for each, sizes in _families().values():
        found += sizes.values() if each == kind else ()
    return max(found, default=0)
