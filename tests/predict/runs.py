"""Serving runs that tests make up: the formulas' own answers, moved where a test wants it."""

from __future__ import annotations

from servec.compiler.predict.calibration.sample import samples

Layout = tuple[str, str, str, str, int, int, int]

LAYOUTS: list[Layout] = [
    ("vllm", "h100_sxm", "Qwen/Qwen3-32B", "bf16", 4, 1, 1),
    ("vllm", "h200_sxm", "meta-llama/Llama-3.1-70B", "fp8", 2, 1, 1),
    ("sglang", "h200_sxm", "Qwen/Qwen3-235B-A22B-FP8", "fp8", 8, 1, 8),
    ("trtllm", "b200_sxm", "openai/gpt-oss-120b", "fp4", 1, 1, 1),
]
LOADS = [(4, 1024, 1024), (16, 1024, 512), (64, 2048, 256), (32, 8192, 1024)]


def rows(factor: float = 1.0, layouts: list[Layout] | None = None) -> list[dict[str, str]]:
    """CSV rows whose times are the package's prediction times `factor`."""
    from servec.compiler.predict.latency import latency
    from servec.compiler.predict.neighbours import correction
    from servec.compiler.predict.parameters import table

    bare = [_row(*layout, *load) for layout in layouts or LAYOUTS for load in LOADS]
    made = []
    for row, sample in zip(bare, samples(bare), strict=True):
        assert sample.shape is not None and sample.keys is not None
        found = latency(sample.shape, table().values(sample.keys), sample.traffic)
        near = correction(table(), sample.keys)
        ttft, tpot = found.ttft * near.ttft * factor * 1e3, found.tpot * near.tpot * factor * 1e3
        made.append({**row, "silicon_ttft_ms": str(ttft), "silicon_tpot_ms": str(tpot)})
    return made


def _row(
    backend: str,
    system: str,
    model: str,
    precision: str,
    tensor: int,
    data: int,
    expert: int,
    concurrency: int,
    inputs: int,
    outputs: int,
) -> dict[str, str]:
    return {
        "id": f"{backend}-{system}-{model}-{concurrency}-{inputs}",
        "silicon_data_source": "measured=2026-05-01",
        "backend": backend,
        "system": system,
        "model_path": model,
        "precision": precision,
        "mode": "agg",
        "isl": str(inputs),
        "osl": str(outputs),
        "concurrency": str(concurrency),
        "attn_tp": str(tensor),
        "attn_dp": str(data),
        "ep": str(expert),
        "usable": "1",
        "silicon_ttft_ms": "1",
        "silicon_tpot_ms": "1",
    }
