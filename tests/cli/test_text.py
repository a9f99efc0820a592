"""The examples of the diagnostics reference, character by character."""

from __future__ import annotations

from servec.cli.render.text import render_text
from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label
from tests.cli.printed import figures, span, spec


def test_two_labels_figures_and_a_fix() -> None:
    file = "specs/qwen3-moe.srv"
    data = spec(
        {
            10: "    weights = fp8 # 128 x 128 blocks: a tensor split must respect them",
            14: "  parallel { tensor = 8; expert = 1 }",
        }
    )
    found = Diagnostic(
        "SRV403",
        "error",
        "`tensor = 8` cuts fp8 blocks in the experts of qwen3-235b-a22b for sglang",
        Label(span(file, data, "tensor = 8"), "gives each GPU 192 of 1536 expert columns"),
        (Label(span(file, data, "weights = fp8"), "stored in blocks of 128 x 128"),),
        figures(
            "1536 / 8 = 192 columns; 192 / 128 = 1.5 blocks, which must be whole",
            "also possible: pipeline = 2, tensor = 4 (384 / 128 = 3 blocks)",
        ),
        (
            Fix(
                "keep each expert whole, 128 / 8 = 16 experts on each GPU",
                (Edit(span(file, data, "1", "expert = 1"), "8"),),
            ),
        ),
    )
    assert render_text([found], {file: data}.get, [file]) == (
        """\
error[SRV403]: `tensor = 8` cuts fp8 blocks in the experts of qwen3-235b-a22b for sglang
  --> specs/qwen3-moe.srv:14:14
   |
10 |     weights = fp8 # 128 x 128 blocks: a tensor split must respect them
   |     ------------- stored in blocks of 128 x 128
...
14 |   parallel { tensor = 8; expert = 1 }
   |              ^^^^^^^^^^ gives each GPU 192 of 1536 expert columns
   |
   = 1536 / 8 = 192 columns; 192 / 128 = 1.5 blocks, which must be whole
   = also possible: pipeline = 2, tensor = 4 (384 / 128 = 3 blocks)
   = fix: keep each expert whole, 128 / 8 = 16 experts on each GPU
14 |   parallel { tensor = 8; expert = 8 }
   |                                   +

1 error in specs/qwen3-moe.srv; servec explain SRV403 says more
"""
    )


def test_inserted_letter_is_the_only_mark() -> None:
    file = "specs/llama70b-chat.srv"
    option = "long-prefil-token-threshold"
    data = spec({32: '    version = "0.33.0"', 33: f"    {option} = 4096"})
    found = Diagnostic(
        "SRV201",
        "error",
        "vllm 0.33.0 has no option `long-prefil-token-threshold`",
        Label(span(file, data, option), "not in the option table"),
        (Label(span(file, data, 'version = "0.33.0"'), "the table that was searched"),),
        figures("nearest: long-prefill-token-threshold"),
        (
            Fix(
                "rename the option",
                (Edit(span(file, data, option), "long-prefill-token-threshold"),),
                safe=True,
            ),
        ),
    )
    assert (
        render_text([found], {file: data}.get, [file])
        == """\
error[SRV201]: vllm 0.33.0 has no option `long-prefil-token-threshold`
  --> specs/llama70b-chat.srv:33:5
   |
32 |     version = "0.33.0"
   |     ------------------ the table that was searched
33 |     long-prefil-token-threshold = 4096
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ not in the option table
   |
   = nearest: long-prefill-token-threshold
   = fix: rename the option
33 |     long-prefill-token-threshold = 4096
   |                +

1 error in specs/llama70b-chat.srv; servec explain SRV201 says more
"""
    )


def test_a_line_that_a_deletion_leaves_blank_is_not_shown() -> None:
    file = "specs/old-chat.srv"
    data = spec({16: "    num-scheduler-steps = 8"})
    place = span(file, data, "num-scheduler-steps = 8")
    fix = Fix("delete it", (Edit(place, ""),))
    found = Diagnostic("SRV203", "error", "gone", Label(place, "removed"), (), (), (fix,))
    shown = render_text([found], {file: data}.get, [file])
    assert "= fix: delete it\n\n1 error" in shown


def test_deleted_line_is_not_shown() -> None:
    file = "specs/old-chat.srv"
    data = spec({15: '    version = "0.33.0"', 16: "    num-scheduler-steps = 8"})
    found = Diagnostic(
        "SRV203",
        "error",
        "vllm 0.33.0 no longer has `num-scheduler-steps`",
        Label(span(file, data, "num-scheduler-steps"), "removed"),
        (),
        figures("successor: none, scheduling overlaps by default"),
        (Fix("delete the line", (Edit(span(file, data, "    num-scheduler-steps = 8\n"), ""),)),),
    )
    assert render_text([found], {file: data}.get, [file]).endswith(
        """\
   = successor: none, scheduling overlaps by default
   = fix: delete the line

1 error in specs/old-chat.srv; servec explain SRV203 says more
"""
    )


def test_several_edits_of_one_line_and_a_narrow_gutter() -> None:
    file = "specs/long-chat.srv"
    data = spec(
        {
            5: "  precision { weights = bf16; kv = bf16 }",
            7: "  limits { context = 32Ki tokens; batch = 8 }",
        }
    )
    whole = "precision { weights = bf16; kv = bf16 }"
    found = Diagnostic(
        "SRV307",
        "error",
        "llama-3.3-70b does not fit: 109.7 GiB needed, 71.7 GiB usable on each GPU",
        Label(span(file, data, whole), "weights 65.7 GiB + KV 40.0 GiB on each GPU"),
        (Label(span(file, data, "context = 32Ki tokens; batch = 8"), "262144 tokens of KV"),),
        figures("sum                                                    109.7 GiB"),
        (
            Fix(
                "8-bit weights and KV need 32.9 + 20.0 + 4.0 = 56.9 GiB",
                (
                    Edit(span(file, data, "bf16"), "fp8"),
                    Edit(span(file, data, "bf16", "kv ="), "fp8"),
                ),
            ),
        ),
    )
    assert (
        render_text([found], {file: data}.get, [file])
        == """\
error[SRV307]: llama-3.3-70b does not fit: 109.7 GiB needed, 71.7 GiB usable on each GPU
 --> specs/long-chat.srv:5:3
  |
5 |   precision { weights = bf16; kv = bf16 }
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ weights 65.7 GiB + KV 40.0 GiB on each GPU
...
7 |   limits { context = 32Ki tokens; batch = 8 }
  |            -------------------------------- 262144 tokens of KV
  |
  = sum                                                    109.7 GiB
  = fix: 8-bit weights and KV need 32.9 + 20.0 + 4.0 = 56.9 GiB
5 |   precision { weights = fp8; kv = fp8 }
  |                         +++       +++

1 error in specs/long-chat.srv; servec explain SRV307 says more
"""
    )


def test_two_labels_on_one_line_and_a_shared_last_letter() -> None:
    file = "specs/llama70b-chat.srv"
    data = spec({28: "    tpot.p95 <= 25 tok/s"})
    found = Diagnostic(
        "SRV111",
        "error",
        "`tpot.p95` is a time, and `tok/s` is a rate",
        Label(span(file, data, "25 tok/s"), "expected us, ms, s, min or h"),
        (Label(span(file, data, "tpot.p95"), "time per output token"),),
        figures("1 / (25 tok/s) = 40 ms, and faster means a smaller time"),
        (Fix("state the time per token", (Edit(span(file, data, "25 tok/s"), "40ms"),)),),
    )
    assert (
        render_text([found], {file: data}.get, [file])
        == """\
error[SRV111]: `tpot.p95` is a time, and `tok/s` is a rate
  --> specs/llama70b-chat.srv:28:17
   |
28 |     tpot.p95 <= 25 tok/s
   |                 ^^^^^^^^ expected us, ms, s, min or h
   |     -------- time per output token
   |
   = 1 / (25 tok/s) = 40 ms, and faster means a smaller time
   = fix: state the time per token
28 |     tpot.p95 <= 40ms
   |                 +++

1 error in specs/llama70b-chat.srv; servec explain SRV111 says more
"""
    )
