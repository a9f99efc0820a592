"""The version of a runtime that the tag of an image states."""

from __future__ import annotations

import re

from servec.targets.shared.importing.programs.dynamo import DYNAMO, engine_of

VERSION = re.compile(r"(?:^|[-v])v?(\d+\.\d+(?:\.\d+)?(?:\.?(?:post|rc)\d+)?|b\d{3,})(?:$|[-_.+])")
NAMED = re.compile(r"(?:vllm|sglang|lmdeploy)[-_]?v?(\d+\.\d+\.\d+(?:\.?(?:post|rc)\d+)?)(?![\w.])")
"""A release beside the runtime's name, among those of what lies beneath: `cuda12.8-vllm0.13.0`."""
MONTH = re.compile(r"2\d\.(?:0\d|1[0-2])(?:$|[-_.])")
"""NVIDIA's containers, by the month they came out in: `nvcr.io/nvidia/vllm:25.11-py3`."""
DAY = re.compile(r"(?<!\d)20\d{6}(?!\d)")
"""A build of some day is of what came after the release that its tag names, too."""
THREE = ("vllm", "sglang")
"""Images whose own tags have three numbers; fewer are of somebody's own image."""
BELOW_ONE = ("vllm", "sglang")
"""Runtimes that have no release from 1 on: such a tag is of somebody's own image."""
OTHERS = ("llm-d/", "lmcache/", "/nim/", "rhaiis/", "djl-inference", "djl-serving")
"""Whose images hold a runtime and are numbered by their own releases."""
WITHIN = {
    "worker-v1-vllm": "workervllm",
    "huggingfaceserver": "kserve",
    "xprobe/xinference": "xinference",
    "localai/localai": "localai",
    "gpustack/gpustack": "gpustack",
    "hiyouga/llamafactory": "llamafactory",
}
"""Images of programs around a runtime whose releases tell which is inside (within.json)."""


LMI = re.compile(r"-lmi(\d+\.\d+\.\d+)")
"""The release of LMI in a tag of DJL Serving's image: `0.33.0-lmi15.0.0-cu128`."""


FIRST = re.compile(r"v?(\d+\.\d+(?:\.\d+)?(?:\.?(?:post|rc)\d+)?)")
"""The release of the program whose image it is: `v2.7.0stable-cuda12.1.0`."""


def version_of(image: str) -> str:
    """The version that an image's tag states, "" for none: a month is none of the runtime, and
    a day's build is of no release."""
    path = image.partition("@")[0]
    tag = path.rpartition("/")[2].partition(":")[2]
    found = NAMED.search(tag) or VERSION.search(tag)
    dated = MONTH.match(tag) or DAY.search(tag)
    version = found[1] if found and not dated else ""
    if DYNAMO in path:
        return engine_of(path.partition(":")[0], version)
    return "" if version.count(".") == 1 and any(part in path for part in THREE) else version


def beneath(image: str, runtime: str) -> str:
    """The version of a runtime in an image that it runs in: by the tag, or by the release of the
    program whose image it is."""
    path = image.partition("@")[0]
    version = version_of(image)
    tag = path.rpartition("/")[2].partition(":")[2]
    if NAMED.search(tag):
        return version
    if found := LMI.search(tag):
        from servec.targets.shared.wrapped import held

        return held("lmi", found[1], runtime)
    for part, program in WITHIN.items():
        if part in path:
            from servec.targets.shared.wrapped import held

            first = FIRST.match(tag)
            return held(program, first[1] if first else "", runtime)
    if any(part in path for part in OTHERS):
        return ""
    return "" if runtime in BELOW_ONE and version[:2] not in ("0.", "") else version
