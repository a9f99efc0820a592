"""Prompts of a given number of tokens, by the server's own count."""

from __future__ import annotations

import random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = (
    *("time", "year", "people", "way", "day", "man", "thing", "woman", "life", "child", "world"),
    *("school", "state", "family", "student", "group", "country", "problem", "hand", "part"),
    *("place", "case", "week", "company", "system", "program", "question", "work", "number"),
    *("night", "point", "home", "water", "room", "mother", "area", "money", "story", "fact"),
    *("month", "lot", "right", "study", "book", "eye", "job", "word", "business", "issue"),
)
"""Common words: nearly all tokenizers have each as one token."""
TRIES = 3
NEAR = 0.02


class Prompts:
    """Makes prompts of `inputs` tokens, of which `shared` begin all of them alike."""

    def __init__(self, inputs: int, shared: int, seed: int = 1) -> None:
        """A word counts as a token until `fit` knows better."""
        self._inputs, self._shared = inputs, shared
        self._draw = random.Random(seed)
        self._rate, self._fixed = 1.0, 0.0
        self._head: tuple[str, ...] = ()

    def fit(self, count: Callable[[str], int]) -> None:
        """Measure how many tokens a word makes, and what stands around every prompt.

        `count` asks the server for the tokens of a prompt; 0 where it does not say.
        """
        few, many = max(1, self._inputs // 32), max(9, self._inputs // 8)
        low, high = count(self._text(few)), count(self._text(many))
        if low <= 0 or high <= low:
            return
        self._rate = (high - low) / (many - few)
        self._fixed = max(0.0, low - self._rate * few)
        for _ in range(TRIES):
            words = self._words(self._inputs)
            tokens = count(self._text(words))
            if tokens <= 0:
                return
            if abs(tokens - self._inputs) <= NEAR * self._inputs or words == 1:
                return
            self._rate *= max(0.1, tokens - self._fixed) / max(1.0, self._inputs - self._fixed)

    def make(self) -> str:
        """The next prompt."""
        whole = self._words(self._inputs)
        common = min(whole - 1, self._words(self._shared)) if self._shared else 0
        if len(self._head) != common:
            self._head = tuple(random.Random(0).choices(WORDS, k=common))
        return " ".join((*self._head, *self._draw.choices(WORDS, k=whole - common)))

    def _words(self, tokens: int) -> int:
        return max(1, round((tokens - self._fixed) / self._rate))

    def _text(self, words: int) -> str:
        return " ".join(self._draw.choices(WORDS, k=words))
