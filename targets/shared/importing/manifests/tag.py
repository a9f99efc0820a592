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
