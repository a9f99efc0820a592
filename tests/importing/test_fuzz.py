"""Hostile command lines give a spec in canonical style and findings, never an exception."""

from __future__ import annotations

import random

import pytest

from servec.dsl.format import format_text
from servec.targets.shared.importing.manifests.container import script_launches
from servec.targets.shared.table import load_table, versions
from tests.importing.recipes import read

JUNK = (
    *("", "-", "--", "=", "{}", "[]", '{"a":', '{"a": {"b": [1, {"c": null}]}}', '{"a-b": 1}'),
    *("NaN", "1e999", "-1", "0", "1.5", "true", "None", "x y", '"', "\n", "\x00", "\x1b[0m", "é"),
    *("a" * 300, "$(rm -rf /)", "${X}", "9" * 50, "auto", "128k", '{"import": 1}', '[1, "a"]'),
    *('{"method": 5, "model": 3}', '{"image": true}', "a=b", "import", "-tp", "8"),
)
FRONT_END = ("SRV0", "SRV101", "SRV102", "SRV104", "SRV11")
START = {
    "vllm": ["vllm", "serve", "Qwen/Qwen3-VL-30B-A3B-Instruct"],
    "sglang": ["sglang", "serve", "--model-path", "deepseek-ai/DeepSeek-V3"],
    "llamacpp": ["llama-server", "-m", "x.gguf"],
    "mlx": ["mlx_lm.server", "--model", "Qwen/Qwen3-8B"],
    "trtllm": ["trtllm-serve", "Qwen/Qwen3-8B"],
    "lmdeploy": ["lmdeploy", "serve", "api_server", "Qwen/Qwen3-8B"],
}


def line(runtime: str, source: random.Random) -> list[str]:
    flags = load_table(runtime, versions(runtime)[-1]).flags()
    words = list(START[runtime])
    for _ in range(source.randint(0, 10)):
        flag = source.choice(flags) + source.choice(["", "", "", ".a", ".b+"])
        value = source.choice(JUNK) if source.random() < 0.7 else str(source.randint(0, 64))
        words += [f"{flag}={value}"] if source.random() < 0.3 else [flag, value]
    return words


@pytest.mark.parametrize("runtime", sorted(START))
def test_hostile_lines(runtime: str) -> None:
    source = random.Random(runtime)
    for _ in range(25):
        words = line(runtime, source)
        found = read(words, {"A": source.choice(JUNK)}, minimal=source.random() < 0.3)
        text = found.imported.text
        assert format_text(text) == text
        wrong = [item.title for item in found.diagnostics if item.code.startswith(FRONT_END)]
        assert wrong == [], words


def test_hostile_scripts() -> None:
    source = random.Random(1)
    pieces = [
        "vllm serve m",
        "'",
        '"',
        "$",
        "${",
        "}",
        "$(",
        ")",
        "(",
        "\\",
        "\n",
        "A=(",
        "<<E",
        "#",
    ]
    pieces += ["if [ a = b ]; then ", "elif [[ x && ", "]]", "else ", "fi\n", "$((", "))", "1+"]
    pieces += ["docker run", "bash -c", " ", "&&", "|", ">", "${A[@]}", "${A:-", "é", "`", "export"]
    pieces += ["for i in a b; do ", "while true; do ", "done\n", "case $A in a) ", ";;", "esac\n"]
    pieces += ["f() {\n", "function g {", "\n}\n", "\nf 1\n", "$1", "$@", "${#A[@]}", "${A//a/*}"]
    pieces += [
        "${A:1:2}",
        "${A%%*}",
        "${A:+x y}",
        "$(printf '%d' ",
        "$(seq 1 9)",
        "eval ",
        "source E",
    ]
    for _ in range(700):
        text = "".join(source.choices(pieces, k=source.randint(0, 30)))
        for found in script_launches(text, {}):
            assert found.runtime


@pytest.mark.parametrize(
    "text",
    [
        *("docker run ", "if a; then ", "bash -c '", "$(", "${", "(", '"', "<<E\n", "`", "eval "),
        *("for i in a b; do ", "case a in a) ", "f() {\n", "while a; do ", "${A:-", "done;", "}\n"),
    ],
)
def test_deep_scripts(text: str) -> None:
    assert list(script_launches(text * 5000, {})) == []


@pytest.mark.parametrize(
    "text",
    [
        "for i in $(seq 1 4000); do for j in $(seq 1 4000); do :; done; done",
        "f() { f; f; f; f; }; f",
        "A=aaaaaaaa; " + "A=$A$A; " * 40 + "B=${A//a*a*a*b/c}; B=${A%%*b*c*d}",
        "A=$(printf '%0999999999d' 1); A=$(seq 1 99999999)",
        "case " + "a" * 300 + " in " + "*a" * 150 + "b) vllm serve m;; esac",
    ],
)
def test_what_would_run_long_ends(text: str) -> None:
    assert [item.words for item in script_launches(text + "\nvllm serve n", {})][-1:] in (
        [("n",)],
        [],
    )


def test_expansions_are_bounded() -> None:
    doubled = "\n".join('A=("${A[@]}" "${A[@]}" x)' for _ in range(60))
    found = list(script_launches(doubled + '\nvllm serve "${A[@]}"', {}))
    assert sum(len(item.words) for item in found) < 200_000
