"""Rows of a file of measured serving runs, as cases that can be predicted.

Columns: `backend, model_path, system, precision, isl, osl, concurrency, attn_tp, attn_dp, ep,
n_gpus, silicon_ttft_ms, silicon_tpot_ms`, and `usable`, `mode` where they are there. A row is used
where `usable` is 1 or absent, it is of one engine, and both times are positive.
"""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.catalogue.devices import find_device
from servec.compiler.plan import Degrees
from servec.compiler.predict.calibration.measured_model import measured_model
from servec.compiler.predict.keys import keys
from servec.compiler.predict.latency import Traffic
from servec.compiler.predict.shape import shape
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant
    from servec.compiler.predict.keys import Keys
    from servec.compiler.predict.shape import Shape


MEAN = 0.9
"""Mean of lengths over what a sweep of random lengths is named by: they are drawn from 80 % of that
to all of it (`--random-range-ratio 0.8`, utils/bench_serving of SemiAnalysisAI/InferenceX)."""
OWN = "servec bench"
"""The source of rows that this tool measured: their lengths are as stated, and their requests come
apart from each other."""


@record
class Sample:
    """One run. Times in seconds; `group` is its configuration, whatever the load.

    `missing` says why it cannot be predicted; then `shape` and `keys` are None. `lengths`: `fixed`
    where all requests were alike, else `random`. `apart`: requests did not come in a burst.
    """

    id: str
    group: str
    backend: str
    hardware: str
    concurrency: float
    inputs: float
    outputs: float
    ttft: float
    tpot: float
    shape: Shape | None = None
    keys: Keys | None = None
    missing: str = ""
    date: str = ""
    lengths: str = "random"
    apart: bool = False

    @property
    def traffic(self) -> Traffic:
        """The load, as `latency` takes it: nothing of a prompt was seen before."""
        mean = MEAN if self.lengths == "random" and not self.apart else 1.0
        inputs, outputs = mean * self.inputs, max(1.0, mean * self.outputs)
        return Traffic(self.concurrency, inputs, outputs, fresh=inputs, apart=self.apart)


def samples(rows: Iterable[Mapping[str, str]]) -> tuple[Sample, ...]:
    """The usable rows, in the order of the file."""
    return tuple(_sample(row) for row in rows if usable(row))


def usable(row: Mapping[str, str]) -> bool:
    """Whether a row is to be fitted and scored."""
    if row.get("usable", "1") not in ("1", "1.0", "true", "True"):
        return False
    if row.get("mode", "agg") not in ("", "agg"):
        return False
    return _number(row, "silicon_ttft_ms") > 0 and _number(row, "silicon_tpot_ms") > 0


def _sample(row: Mapping[str, str]) -> Sample:
    backend = row["backend"]
    tensor, data = int(_number(row, "attn_tp", 1)), int(_number(row, "attn_dp", 1))
    expert = int(_number(row, "ep", 1))
    made = _case(row, Degrees(tensor=tensor, data=data, expert=expert))
    layout = f"{tensor}.{data}.{expert}"
    found_shape, found_keys, missing = made
    return Sample(
        id=row["id"],
        group="|".join((backend, row["system"], row["model_path"], layout)),
        backend=backend,
        hardware=row["system"],
        concurrency=_number(row, "concurrency", 1),
        inputs=_number(row, "isl", 1),
        outputs=_number(row, "osl", 1),
        ttft=_number(row, "silicon_ttft_ms") / 1e3,
        tpot=_number(row, "silicon_tpot_ms") / 1e3,
        shape=found_shape,
        keys=found_keys,
        missing=missing,
        date=_date(row.get("silicon_data_source", "")),
        apart=row.get("silicon_data_source", "") == OWN,
        lengths="fixed" if "source_file=data/" in row.get("silicon_data_source", "") else "random",
    )


def _case(row: Mapping[str, str], degrees: Degrees) -> tuple[Shape | None, Keys | None, str]:
    device = measured_device(row["system"])
    if device is None:
        return None, None, f"hardware {row['system']} is not in the table"
    found = measured_model(row["model_path"], row.get("precision") or "bf16")
    if found is None:
        return None, None, f"model {row['model_path']} is not in the catalogue"
    model, quant = found
    kv = cache_type(row["backend"], model, quant, device)
    key = keys(row["backend"], model, quant, degrees, device)
    return shape(model, quant, kv, degrees, device), key, ""


def cache_type(backend: str, model: Model, quant: Quant, device: Device) -> str:
    """The cache's type in runs that do not say it: fp8 where the checkpoint asks for it, where the
    runtime takes it from quantized weights (TensorRT-LLM), and where the public scripts of such
    runs ask for it (SGLang with latent attention on Blackwell: `--kv-cache-dtype fp8_e4m3` in
    benchmarks/single_node/dsr1_fp8_b200.sh of SemiAnalysisAI/InferenceX)."""
    if quant.kv:
        return quant.kv
    narrow = float(quant.bits) < 12
    if backend == "sglang":
        narrow = narrow and model.family == "mla_moe" and "blackwell" in device.generation
    return "fp8" if narrow and backend in ("trtllm", "sglang") else "bf16"


@lru_cache(maxsize=64)
def measured_device(name: str) -> Device | None:
    """The device for a name as files of measurements spell it (`h100_sxm`)."""
    spelt = name.lower().replace("_", "-")
    return find_device(spelt) or find_device(spelt.removesuffix("-sxm"))


def _number(row: Mapping[str, str], name: str, default: float = 0.0) -> float:
    text = row.get(name) or ""
    try:
        return float(text)
    except ValueError:
        return default


def _date(text: str) -> str:
    """When a source's text says that it was measured, as `2026-04`; "" where it does not."""
    import re

    found = re.search(r"(?:measured=|source_file=|db-dump/)(20\d\d-[01]\d)", text)
    exact = re.search(r"measured=(20\d\d-[01]\d)", text)
    kept = exact or found
    return kept.group(1) if kept else ""
