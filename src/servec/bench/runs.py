"""A test as rows that `servec accuracy` and `servec calibrate` read.

Runtimes of data centres: a line of a CSV file of serving runs. llama.cpp and MLX: speed points in a
JSON file, which say how fast one request is served.
"""

from __future__ import annotations

import csv
import io
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.bench.measure import Measured
    from servec.compiler.plan import Plan
    from servec.compiler.predict.trial import Trial
    from servec.compiler.target import Case

EDGE = {"llamacpp": "llama.cpp", "mlx": "mlx"}
COLUMNS = (
    "id", "silicon_data_source", "backend", "backend_version", "model_path", "system", "precision",
    "mode", "isl", "osl", "concurrency", "n_gpus", "attn_tp", "attn_dp", "ep", "silicon_ttft_ms",
    "silicon_tpot_ms", "usable",
)  # fmt: skip
INTEGERS = {"awq": "int4", "gptq": "int4", "w4a16": "int4", "int8_w8a8": "int8"}


def ending(case: Case) -> str:
    """How the file has to end that rows of this runtime go into."""
    return ".json" if case.target.name in EDGE else ".csv"


def unusable(case: Case, plan: Plan, load: Trial, measured: Measured) -> str:
    """Why the predictor cannot learn from a test, "" where it can."""
    if measured.ttft is None or measured.tpot is None:
        return "its answers do not come token by token"
    if measured.failed:
        return "requests failed"
    if load.shared:
        return "prompts share a part, and what a cache saves is not told apart"
    if load.rate:
        return "it is an open load"
    if not measured.counted:
        return "the server does not count tokens"
    if case.target.name in EDGE and load.concurrency > 1:
        return "of this runtime only single requests are learnt from"
    return "" if plan.degrees.pipeline == 1 else "of pipelines nothing is learnt"


def with_runs(
    text: str, case: Case, plan: Plan, load: Trial, measured: Measured, version: str
) -> str:
    """The text of a file of runs with this one at its end. `ValueError` where it is no such file.

    A row that the predictor cannot learn from is marked so (CSV), or left out (points).
    """
    if case.target.name in EDGE:
        return _points(text, case, plan, load, measured)
    return _line(text, case, plan, load, measured, version)


def _line(text: str, case: Case, plan: Plan, load: Trial, measured: Measured, version: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    head = tuple(rows[0]) if rows else COLUMNS
    if not set(COLUMNS) <= set(head):
        raise ValueError("it lacks columns of serving runs")
    ttft, tpot = measured.ttft, measured.tpot
    rows.append(
        {
            "id": f"{case.spec.name}-{case.target.name}-{len(rows) + 1}",
            "silicon_data_source": "servec bench",
            "backend": case.target.name,
            "backend_version": version,
            "model_path": plan.checkpoint,
            "system": case.device.name if case.device else "",
            "precision": INTEGERS.get(plan.weights_word, plan.weights_word),
            "mode": "agg",
            "isl": str(round(measured.inputs)),
            "osl": str(round(measured.outputs)),
            "concurrency": str(load.concurrency),
            "n_gpus": str(plan.gpus),
            "attn_tp": str(plan.degrees.tensor),
            "attn_dp": str(plan.degrees.data),
            "ep": str(plan.degrees.expert),
            "silicon_ttft_ms": f"{ttft.mean * 1e3:.6g}" if ttft else "",
            "silicon_tpot_ms": f"{tpot.mean * 1e3:.6g}" if tpot else "",
            "usable": "0" if unusable(case, plan, load, measured) else "1",
        }
    )
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, head, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _points(text: str, case: Case, plan: Plan, load: Trial, measured: Measured) -> str:
    points: list[dict[str, Any]] = json.loads(text) if text.strip() else []
    if not isinstance(points, list):
        raise ValueError("it is no list of points")
    ttft, tpot = measured.ttft, measured.tpot
    if not unusable(case, plan, load, measured) and ttft and tpot and ttft.mean and tpot.mean:
        common = {
            "runtime": EDGE[case.target.name],
            "hardware": case.device.name if case.device else "",
            "gpus": plan.gpus,
            "model": plan.checkpoint,
            "precision": plan.weights_word,
        }
        common |= {"batch": 1, "source": "servec bench"}
        for metric, value, tokens in (
            ("decode_tps", 1 / tpot.mean, {"output_tokens": round(measured.outputs)}),
            ("prefill_tps", measured.inputs / ttft.mean, {"input_tokens": round(measured.inputs)}),
        ):
            name = f"{case.spec.name}-{metric}-{len(points) + 1}"
            figure = {"metric": metric, "value": round(value, 3), "unit": "tokens/s"}
            points.append({"id": name, **common, **figure, **tokens})
    if not points:
        return text
    return "[\n" + ",\n".join(json.dumps(point) for point in points) + "\n]\n"
