"""The schema of the catalogue's files, checked when one is written and by the tests.

pydantic is imported here alone, and nothing that answers a spec imports this module.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Text = Annotated[str, Field(min_length=2)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$")]
Positive = Annotated[int, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Published(_Strict):
    """What a publisher or the hub states: weights, weights a token uses, bytes of the files."""

    total: Positive | None = None
    active: Positive | None = None
    bytes: Positive | None = None
    kind: Literal["hub_total", "packed", "rounded", "name"] | None = None


class ModelEntry(_Strict):
    """`models/<file>.json`: a config of its own, another entry's with a patch, or a whole model.

    `stored`: bytes of each part as the files' headers have them. `model`: the record of a GGUF
    file, which has no config. `vision`: weights of towers and projectors that no formula counts.
    `reduced`: the config lacks parts of the published one, which a runtime would need.
    """

    id: Text
    aliases: list[Word] = []
    base: Text | None = None
    like: Text | None = None
    task: Literal["generate", "embed", "rerank", "classify"] | None = None
    pooling: Literal["mean", "cls", "last"] | None = None
    source: dict[
        Literal[
            "config", "quant_config", "quantisation", "context", "total", "active", "bytes",
            "stored", "model", "vision",
        ],
        Text,
    ]  # fmt: skip
    published: Published = Published()
    notes: list[Text] = []
    patch: dict[str, Any] = {}
    reduced: bool = False
    config: dict[str, Any] | None = None
    quant_config: dict[str, Any] | None = None
    stored: dict[str, Positive] = {}
    vision: Positive | None = None
    model: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _whole(self) -> ModelEntry:
        if [self.config, self.like, self.model].count(None) != 2:
            raise ValueError("an entry has a config, is like another one, or holds a model")
        wanted = {
            "config" if self.model is None else "model",
            *(("stored",) if self.stored else ()),
            *(("vision",) if self.vision else ()),
            *(k for k in ("total", "active", "bytes") if getattr(self.published, k)),
        }
        missing = wanted - set(self.source)
        if missing:
            raise ValueError(f"no source for {', '.join(sorted(missing))}")
        if (self.published.total is None) != (self.published.kind is None):
            raise ValueError("a published total says of what kind it is")
        return self


class Link(_Strict):
    """How devices of one kind reach each other; bandwidth one way, in bytes/s."""

    kind: Text
    bandwidth: Annotated[int, Field(ge=0)]
    domain: Positive
    pcie: str


class DeviceRow(_Strict):
    """`hardware/<id>.json`: figures of one device, with a source for each."""

    id: Text
    title: Text
    names: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$")]]
    loosely: list[Word] = []
    reported_as: list[str]
    vendor: Literal[
        "nvidia", "amd", "apple", "intel", "google", "huawei", "hygon", "moorethreads", "arm",
        "broadcom", "any",
    ]  # fmt: skip
    kind: Literal["gpu", "cpu", "apple", "tpu", "npu", "hpu"]
    arch: Text
    generation: Text
    capability: Annotated[int, Field(ge=0)]
    memory: Annotated[int, Field(ge=0)] = 0
    nominal: Positive | None = None
    usable: Positive | None = None
    options: list[Positive] = []
    bandwidth: Positive
    flops: dict[Literal["bf16", "fp16", "fp32", "fp8", "fp4", "int8"], Positive]
    link: Link
    per_node: Positive | None = None
    native: list[str]
    backends: list[str]
    unified: bool
    edge: bool
    power: Positive | None = None
    power_modes: list[Positive] = []
    price: Annotated[float, Field(gt=0)] | None = None
    aside: bool = False
    confidence: Literal["high", "medium", "low"]
    note: str = ""
    source: dict[Literal["memory", "usable", "bandwidth", "flops", "link", "power", "price"], Text]

    @model_validator(mode="after")
    def _sourced(self) -> DeviceRow:
        figures = {
            "memory": self.memory or self.options,
            "usable": self.usable or self.kind == "apple",
            "bandwidth": self.bandwidth,
            "flops": self.flops,
            "link": self.link.bandwidth,
            "power": self.power,
            "price": self.price,
        }
        missing = [name for name, held in figures.items() if held and name not in self.source]
        if missing:
            raise ValueError(f"no source for {', '.join(missing)}")
        return self


def faults(kind: Literal["model", "device"], data: object) -> tuple[str, ...]:
    """What is wrong with an entry, one sentence each; empty where nothing is."""
    schema = ModelEntry if kind == "model" else DeviceRow
    try:
        schema.model_validate(data)
    except ValidationError as bad:
        return tuple(
            f"{'.'.join(str(part) for part in error['loc']) or kind}: {error['msg']}"
            for error in bad.errors()
        )
    return ()
