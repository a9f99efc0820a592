"""What a script sums up, and which of its branches are read."""

from __future__ import annotations

import pytest

from servec.targets.shared.importing.manifests.manifest import manifest_launches
from servec.targets.shared.importing.scripts.arithmetic import total
from servec.targets.shared.importing.scripts.conditions import decided
from servec.targets.shared.importing.scripts.script import Script


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ISL + OSL*2 - (3/2)", 17),
        ("-7 / 2", -3),
        ("7 % 4", 3),
        ("${ISL} + $OSL", 14),
        ("x + 1", None),
        ("1 +", None),
        ("1 / 0", None),
        ("(" * 300, None),
        ("9" * 11 + "*" + "9" * 11, None),
        ("ISL > 3 ? 1 : 2", 1),
        ("ISL < 4 && OSL < 9 ? OSL : (ISL == 10) + 1", 2),
        ("ISL > 3 ? 1", None),
        ("", None),
    ],
)
def test_sums(text: str, value: int | None) -> None:
    assert total(text, {"ISL": "10", "OSL": "4"}) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("[ true = true ]", True),
        ("[[ abc == a* ]]", True),
        ("[ ${X} = true ]", False),
        ("[ -n $X ]", False),
        ("[ -z $X ]", True),
        ("! [ 3 -gt 4 ]", True),
        ("test 4 -ge 4", True),
        ("[ -f file ]", None),
        ("grep -q x y", None),
        ("[ a = b", None),
    ],
)
def test_comparisons(words: str, value: bool | None) -> None:
    assert decided(words.split()) is value


SCRIPT = """
A=1
if [ "${E}" = true ]; then
  A=2
elif [[ -n "$X" && 1 ]]; then
  A=3
else
  B=4
fi
if [ "$A" -eq 1 ] && [ "$B" = 4 ]; then C=$((A + 20)); else C=6; fi
if some command; then D=7; fi
if [ "$A" = 2 ]; then
  F=(a b)
  vllm serve left out
else
  F=(c d)
fi
vllm serve m $A $B "$C" $D "${F[@]}" "${G:-${H:-9}}"
"""


def test_branches() -> None:
    made = [words for words, _ in Script(SCRIPT, {}).commands() if words[0] == "vllm"]
    assert made == [["vllm", "serve", "m", "1", "4", "21", "7", "c", "d", "9"]]


def test_a_branch_is_taken_by_what_is_given() -> None:
    (made,) = (words for words, _ in Script(SCRIPT, {"E": "true"}).commands() if "m" in words)
    assert made[3] == "2" and "6" in made


def test_defaults_in_defaults_of_a_manifest() -> None:
    text = "services:\n  a:\n    image: vllm/vllm-openai:v0.33.0\n    command: [--model, m]\n"
    text += '    environment: {T: "${A:-${B:-0.6}}"}\n'
    (found,) = manifest_launches(text, {})
    assert found.env == {"T": "0.6"}


def test_an_image_alone_is_no_launch() -> None:
    text = "services: {a: {image: 'vllm/vllm-openai:v0.33.0'}}"
    assert list(manifest_launches(text, {})) == []
    twin = "services: {a: {image: 'ghcr.io/ggml-org/llama.cpp:server', environment: {%s}}}"
    assert list(manifest_launches(twin % "LLAMA_ARG_CTX_SIZE: 2048", {}))
