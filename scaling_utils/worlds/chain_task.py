"""Chains of arithmetic, solved one line per operation: problems, exact solutions, exact checks.

    57*8+346-29=  ->  57*8=456;456+346=802;802-29=773.

Operations are carried out from left to right. Every line of a solution can be checked exactly, so
a right answer can be told from a right answer with a mistake on the way.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

CHARS = "_0123456789+-*=;."  # the vocabulary; _ pads
CODE = {char: code for code, char in enumerate(CHARS)}
TABLE = bytes.maketrans(bytes(range(len(CHARS))), CHARS.encode())
PAD, LINE, STOP = CODE["_"], CODE[";"], CODE["."]
PROMPT, TRACE = 28, 108  # places of a prompt, which ends at the last of them, and of a solution
LENGTH = PROMPT + TRACE
LIMIT = 10**6  # every value of a chain is below
OPERATORS, SHARES = "*+-", np.cumsum([0.4, 0.3, 0.3])
DEPTHS = (2, 3, 4, 5, 6)  # operations of the benchmark's problems, in turn
BENCHMARK = 256, 20261126  # number of its problems, seed
UNREADABLE = -1
DIGITS = 8  # an answer of more is not read


class Verdict(NamedTuple):
    """What a solution answers, and how far it is right."""

    answer: int  # UNREADABLE if the solution is not finished or ends in no number
    n_right: int  # lines before the first mistake
    n_lines: int

    @property
    def sound(self) -> bool:
        """Whether every line is right and the solution is finished."""
        return self.n_right == self.n_lines and self.answer != UNREADABLE


@dataclass(frozen=True)
class ChainTask:
    """Problems with their exact solutions.

    Examples
    --------
    >>> task = ChainTask(["57*8+346-29="])
    >>> task.solutions, task.answers.tolist(), task.depths.tolist()
    (('57*8=456;456+346=802;802-29=773.',), [773], [3])
    """

    prompts: Sequence[str]

    @classmethod
    def benchmark(cls, n_problems: int = BENCHMARK[0], seed: int = BENCHMARK[1]) -> ChainTask:
        """Problems with 2, 3, 4, 5 and 6 operations in turn; by default the 256 of the data sets.

        Examples
        --------
        >>> ChainTask.benchmark().prompts[:2]
        ('16*9*5=', '44*7+851-413=')
        """
        rng = np.random.default_rng(seed)
        return cls(tuple(draw(rng, DEPTHS[i % len(DEPTHS)]) for i in range(n_problems)))

    def __len__(self) -> int:
        return len(self.prompts)

    @cached_property
    def solutions(self) -> tuple[str, ...]:
        """The one solution of each problem in which every line is right."""
        return tuple(map(solve, self.prompts))

    @cached_property
    def answers(self) -> np.ndarray:
        """Right answers, shape (n_problems,)."""
        return np.array([judge(p, s).answer for p, s in zip(self.prompts, self.solutions,
                                                            strict=True)])

    @cached_property
    def depths(self) -> np.ndarray:
        """Operations of each problem."""
        return np.array([len(read(prompt)[1]) for prompt in self.prompts])

    @cached_property
    def rows(self) -> np.ndarray:
        """Prompts as token codes, shape (n_problems, PROMPT)."""
        return np.stack([encode(prompt)[:PROMPT] for prompt in self.prompts])


def draw(rng: np.random.Generator, depth: int) -> str:
    """Prompt of a random problem of `depth` operations.

    Operands have one to three digits; a multiplication (chance .4; + and - .3 each) that would
    reach a million gives way to a subtraction, one that would fall below 1 to an addition.

    Examples
    --------
    >>> draw(np.random.default_rng(0), 2)
    '86*7*68='
    """
    value = int(rng.integers(10, 100))
    prompt = str(value)
    for _ in range(depth):
        operator = OPERATORS[int(SHARES.searchsorted(rng.random(), side="right"))]
        operand = _operand(rng, operator)
        if operator == "*" and value * operand >= LIMIT:
            operator, operand = "-", int(rng.integers(10, 1000))
        if operator == "-" and operand >= value:
            operator = "+"
        if operator == "+" and value + operand >= LIMIT:
            operator = "-"
        prompt += f"{operator}{operand}"
        value = apply(value, operator, operand)
    return prompt + "="


def _operand(rng, operator):
    """One or two digits for a multiplication, two or three for the others."""
    if operator == "*":
        return int(rng.integers(2, 10) if rng.random() < 0.5 else rng.integers(10, 100))
    return int(rng.integers(10, 1000))


def apply(value: int, operator: str, operand: int) -> int:
    """value operator operand, in whole numbers.

    Examples
    --------
    >>> apply(57, "*", 8)
    456
    """
    if operator == "*":
        return value * operand
    return value + operand if operator == "+" else value - operand


def read(prompt: str) -> tuple[int, list[tuple[str, int]]]:
    """First number of a prompt, and its operations.

    Raises
    ------
    ValueError
        If the text is not a chain such as "57*8+346=".

    Examples
    --------
    >>> read("57*8+346=")
    (57, [('*', 8), ('+', 346)])
    """
    if not prompt.endswith("=") or not prompt[0].isdigit():
        raise ValueError(f"prompt {prompt!r} is not a chain such as '57*8+346='")
    numbers, operators = [""], []
    for char in prompt[:-1]:
        if char in OPERATORS:
            operators.append(char)
            numbers.append("")
        else:
            numbers[-1] += char
    if not all(map(str.isdecimal, numbers)):
        raise ValueError(f"prompt {prompt!r} is not a chain such as '57*8+346='")
    first, *rest = map(int, numbers)
    return first, list(zip(operators, rest, strict=True))


@lru_cache(4096)
def lines(prompt: str) -> tuple[str, ...]:
    """The right lines of a solution.

    Examples
    --------
    >>> lines("57*8+346=")
    ('57*8=456', '456+346=802')
    """
    value, operations = read(prompt)
    right = []
    for operator, operand in operations:
        result = apply(value, operator, operand)
        right.append(f"{value}{operator}{operand}={result}")
        value = result
    return tuple(right)


def solve(prompt: str) -> str:
    """The solution in which every line is right.

    Examples
    --------
    >>> solve("57*8+346=")
    '57*8=456;456+346=802.'
    """
    return ";".join(lines(prompt)) + "."


def judge(prompt: str, text: str) -> Verdict:
    """Answer of a solution, and the number of its lines before the first mistake.

    A line is right if it is the line that the problem asks for, character by character. The last
    line is right only if it also ends the solution in the right place.

    Examples
    --------
    >>> judge("57*8+346=", "57*8=456;456+346=802.")
    Verdict(answer=802, n_right=2, n_lines=2)
    >>> judge("57*8+346=", "57*8=446;446+346=802.")  # right by luck
    Verdict(answer=802, n_right=0, n_lines=2)
    """
    ended = text.endswith(".")
    got, right = (text[:-1] if ended else text).split(";"), lines(prompt)
    n_right = next((i for i, (a, b) in enumerate(zip(got, right, strict=False)) if a != b),
                   min(len(got), len(right)))
    if n_right == len(got) and not (ended and len(got) == len(right)):
        n_right -= 1
    _, equals, tail = got[-1].rpartition("=")
    readable = ended and equals and tail.isdecimal() and len(tail) <= DIGITS
    return Verdict(int(tail) if readable else UNREADABLE, n_right, len(got))


def encode(prompt: str, solution: str = "") -> np.ndarray:
    """Token codes of a prompt, which ends at place PROMPT, and a solution, which begins there.

    Returns
    -------
    ndarray of uint8, shape (LENGTH,)

    Raises
    ------
    ValueError
        If a text is too long, or has a character outside CHARS.

    Examples
    --------
    >>> encode("3+4=", "3+4=7.")[PROMPT - 4 : PROMPT + 6].tolist()
    [4, 11, 5, 14, 4, 11, 5, 14, 8, 16]
    """
    for name, text, most in (("prompt", prompt, PROMPT), ("solution", solution, TRACE)):
        if len(text) > most or not set(text) <= set(CHARS):
            raise ValueError(f"{name} {text!r} must have at most {most} characters out of {CHARS}")
    row = np.full(LENGTH, PAD, np.uint8)
    row[PROMPT - len(prompt):PROMPT + len(solution)] = [CODE[char] for char in prompt + solution]
    return row


def decode(tokens: np.typing.ArrayLike) -> str:
    """Text of token codes, without padding before and after it.

    Examples
    --------
    >>> decode(encode("3+4=", "3+4=7."))
    '3+4=3+4=7.'
    """
    return np.asarray(tokens, np.uint8).tobytes().translate(TABLE).decode().strip("_")
