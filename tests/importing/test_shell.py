"""What a script's words become is what they become in a shell."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from servec.targets.shared.importing.scripts.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

BASH = shutil.which("bash")
SHOWN = "run() { printf '%s\\037' run \"$@\"; printf '\\036'; }\n"
TEXT = r"""
M=org/Name-8B.gguf; A=(x y z); A+=(w); S=a; S+=" b"; E=(); L=$(echo "x  y"); K2=$L
J=${J:-'{"a": 1}'}; C="-p q"
run ${M##*/} ${M%.gguf} ${M/8B/9B} ${M,,} ${#A[@]} ${A[1]} $S ${M:+--m "$M c"} ${N:+no} ${N:-${S}}
run "${E[@]}" "${A[*]}" ${A[@]:1} `echo ok` $(printf '{"n":%d,"m":"%s"}' 3 "$M")
run $C "$J" "$K2" "${M:0:3}" ${M%%-*} ${M#*/} ${A[@]/x/q} "pre${E[@]}post" ${#M} "${S^^}"
for i in 0 $(seq 1 2); do run --port $((8000 + i)); done
case "fp4" in fp8|int8) Z=1 ;; (fp*) Z=2
 Y=3 ;; *) Z=4 ;; esac
run $Z $Y
R=(run); [ -n "$X" ] && R+=(--x "$X"); [[ -z $X ]] && R+=(--none) && R+=(--more); [ "$X" ] ||
  R+=(--or)
true && B=1 || B=2
"${R[@]}" $B
f() { local m=$1 p="${2:-8000}"; shift 2; run "$m" "$p" "$@" $#; }
f a 8001 --seed 1 "x y"
T=$((3 > 2 ? 10 * 2 : 1)); U="a 'b c' d"; run $T $U "$U"
run --tp 1 2>/dev/null
V='--json {"a":1}'; run $V; eval "run '$U'" ; W=~/x; run "a\"b" 'c\d' e\ f "$(echo "n
m")"
H=("${A[@]:0:2}" "lit $S"); run "${H[@]}" "${H[@]}"; run ${A[-1]:-none} "${A[@]}"
if [[ "$M" == org/* ]]; then run yes; else run no; fi
if [ "$S" = "a b" ] && (( 2 > 1 )); then run both; fi
while [ $# -gt 0 ]; do run never; shift; done
run "${UNSET-dflt}" ${UNSET:=set it} "$UNSET" "${M//[0-9]/_}" ${S// /_}
"""


def words_of(text: str) -> Iterator[list[str]]:
    for words, _ in Script(text, {}).commands():
        if words[0] == "eval":
            yield from words_of(" ".join(words[1:]))
        elif words[0] == "run":
            yield words


def modern() -> bool:
    """Whether there is a bash that changes the case of letters, which macOS has not."""
    if BASH is None:
        return False
    done = subprocess.run([BASH, "-c", "A=a; echo ${A^^}"], capture_output=True, check=False)
    return done.stdout == b"A\n"


@pytest.mark.skipif(not modern(), reason="no bash of this age")
def test_as_a_shell_has_them() -> None:
    assert BASH
    env = {"PATH": "/usr/bin:/bin", "HOME": "/"}
    done = subprocess.run(
        [BASH, "-c", SHOWN + TEXT], capture_output=True, check=True, text=True, env=env
    )
    real = [line.split("\x1f")[:-1] for line in done.stdout.split("\x1e")[:-1]]
    assert list(words_of(TEXT)) == real
