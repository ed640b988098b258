"""What k samples of a problem cost: money, FLOPs or seconds of a card."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..resources import flops, memory, roofline
from ..resources.model import Model, Workload
from ..resources.roofline import Device

COLUMNS = {"flops": "flops_per_problem", "card_seconds": "card_seconds_per_problem"}
ROUNDING = 1e-9  # relative: a budget of three samples buys three


@dataclass(frozen=True)
class Cost:
    """Cost of k samples of a problem: per_problem + k per_sample, in one unit.

    Parameters
    ----------
    unit : str
        "flops", "card_seconds", or a currency by its three letters in lower case, as "usd".
    per_sample : float
        Positive.
    per_problem : float
        Paid once, whatever k: reading the prompt.
    tokens_per_sample : float, optional
        Mean tokens that are decoded, for the table of a plan.

    Raises
    ------
    ValueError
        If the unit is unknown, a price is negative, missing or not finite, or a sample is free.

    Examples
    --------
    >>> Cost("usd", per_sample=0.02, per_problem=0.01).of([1, 10]).tolist()
    [0.03, 0.21000000000000002]
    """

    unit: str
    per_sample: float
    per_problem: float = 0.0
    tokens_per_sample: float | None = None

    def __post_init__(self):
        currency = isinstance(self.unit, str) and len(self.unit) == 3 and self.unit.isascii()
        if self.unit not in COLUMNS and not (currency and self.unit.islower()):
            raise ValueError(f"unit = {self.unit!r} must be 'flops', 'card_seconds' or a currency "
                             "by its three letters, as 'usd'")
        for name, positive in (("per_sample", True), ("per_problem", False),
                               ("tokens_per_sample", True)):
            given = getattr(self, name)
            if given is not None or name != "tokens_per_sample":
                object.__setattr__(self, name, _number(name, given, positive))

    @classmethod
    def of_tokens(cls, tokens_per_sample: float, per_million_tokens: float, currency: str, *,
                  tokens_per_prompt: float = 0.0, per_million_prompt_tokens: float | None = None,
                  prompt_each: bool = False) -> Cost:
        """tokens_per_sample per_million_tokens / 10^6 a sample, and the prompt once or each time.

        Parameters
        ----------
        tokens_per_sample : float
            Mean tokens that a sample decodes; thinking tokens that are charged included.
        per_million_tokens : float
            Price of a million decoded tokens, in `currency`.
        currency : str
            Three letters in lower case.
        tokens_per_prompt : float
            Mean tokens of a prompt.
        per_million_prompt_tokens : float, optional
            Needed where a prompt has tokens.
        prompt_each : bool
            Whether every sample pays the prompt again, as separate requests do.

        Returns
        -------
        Cost

        Raises
        ------
        ValueError
            If a price or a length is missing, negative or not finite.

        Examples
        --------
        >>> Cost.of_tokens(500, 2.0, "usd").per_sample
        0.001
        """
        prompt = _number("tokens_per_prompt", tokens_per_prompt)
        if prompt and per_million_prompt_tokens is None:
            raise ValueError(f"per_million_prompt_tokens is missing, and a prompt has {prompt:g} "
                             "tokens: give its price, 0 if it is free")
        read = prompt * _number("per_million_prompt_tokens", per_million_prompt_tokens or 0) / 1e6
        tokens = _number("tokens_per_sample", tokens_per_sample, True)
        each = tokens * _number("per_million_tokens", per_million_tokens, True) / 1e6
        return cls(currency, each + read * prompt_each, read * (not prompt_each), tokens)

    @classmethod
    def of_flops(cls, model: Model | float, tokens_per_sample: float, *,
                 tokens_per_prompt: float = 0.0) -> Cost:
        """FLOPs: prompt_flops once, trial_flops for each sample.

        Parameters
        ----------
        model : Model or float
            A number is its parameters, attention left out.
        tokens_per_sample, tokens_per_prompt : float

        Returns
        -------
        Cost

        Raises
        ------
        ValueError
            As in `flops.trial_flops`.

        Examples
        --------
        >>> Cost.of_flops(1e9, 100).per_sample  # 2 * 1e9 * 100
        200000000000.0
        """
        tokens = _number("tokens_per_sample", tokens_per_sample, True)
        prompt = _number("tokens_per_prompt", tokens_per_prompt)
        return cls("flops", float(flops.trial_flops(model, prompt, tokens)),
                   float(flops.prompt_flops(model, prompt)), tokens)

    @classmethod
    def of_card(cls, model: Model, device: Device, tokens_per_sample: float, batch: int, *,
                tokens_per_prompt: float = 0.0, weight_bits: float = 16,
                tokens_per_second: float | None = None, per_card_hour: float | None = None,
                currency: str | None = None) -> Cost:
        """Seconds of a card for a sample, tokens / tokens_per_second; money with its price an hour.

        Parameters
        ----------
        model : Model
        device : Device
            One card, or several that work as one and have one price an hour.
        tokens_per_sample, tokens_per_prompt : float
        batch : int
            Sequences at once; they must fit into the card's memory.
        weight_bits : float
        tokens_per_second : float, optional
            Of the whole batch, as measured. Left out, `roofline.tokens_per_second`, which real
            serving does not reach.
        per_card_hour : float, optional
        currency : str, optional
            Given together or not at all; without them the unit is card_seconds.

        Returns
        -------
        Cost

        Raises
        ------
        ValueError
            If the batch does not fit, or a price comes without a currency.

        Examples
        --------
        >>> card = Device("d", flops_per_second=1e3, bytes_per_second=100.0, memory_bytes=1e4)
        >>> Cost.of_card(Model(50), card, 10, batch=4).per_sample  # 10 steps of 1 s for 4
        2.5
        """
        tokens = _number("tokens_per_sample", tokens_per_sample, True)
        prompt = _number("tokens_per_prompt", tokens_per_prompt)
        work = Workload(prompt, tokens, batch, weight_bits=weight_bits)
        _must_fit(model, device, work)
        if tokens_per_second is None:
            tokens_per_second = roofline.tokens_per_second(device, model, work)
        each = tokens / _number("tokens_per_second", tokens_per_second, True)
        once = float(flops.prompt_flops(model, prompt)) / device.flops_per_second
        if (per_card_hour is None) != (currency is None):
            raise ValueError(f"per_card_hour = {per_card_hour} and currency = {currency!r} must "
                             "be given together, or neither")
        if currency is None:
            return cls("card_seconds", each, once, tokens)
        second = _number("per_card_hour", per_card_hour, True) / 3600
        return cls(currency, each * second, once * second, tokens)

    @property
    def column(self) -> str:
        """Name of the column, with the unit in it: cost_usd_per_problem, flops_per_problem."""
        return COLUMNS.get(self.unit, f"cost_{self.unit}_per_problem")

    def of(self, k: ArrayLike) -> np.ndarray:
        """Cost of k samples of a problem."""
        return self.per_problem + self.per_sample * np.asarray(k, float)

    def samples(self, budget: float) -> int:
        """Largest k with of(k) <= budget; 0 if not even one sample can be paid."""
        k = (budget - self.per_problem) / self.per_sample * (1 + ROUNDING)
        return int(min(max(k, 0), _check.MOST))

    def plus(self, other: Cost) -> Cost:
        """Both together, as sampling and scoring."""
        if other.unit != self.unit:
            raise ValueError(f"scorer is paid in {other.unit} and the samples in {self.unit}: "
                             "give both in one unit")
        return Cost(self.unit, self.per_sample + other.per_sample,
                    self.per_problem + other.per_problem, self.tokens_per_sample)


def _number(name, value, positive=False):
    """One price or length as a float, or an error that names it."""
    if value is None:
        raise ValueError(f"{name} is missing")
    number = _check.amount(name, value, positive)
    if number.ndim:
        raise ValueError(f"{name} is {number.shape}: give one number")
    return float(number)


def _must_fit(model, device, work):
    """Refuse a batch that the card cannot hold."""
    if not np.isfinite(device.memory_bytes) or not model.cache_numbers:
        room = memory.weight_bytes(model, work.weight_bits) <= device.memory_bytes
        most = np.inf if room else 0
    else:
        most = memory.largest_batch(device.memory_bytes, model, work)
    if work.batch > most:
        raise ValueError(f"batch = {work.batch} does not fit into the {device.memory_bytes:.3g} "
                         f"bytes of {device.name}: at most {int(most)} sequences of "
                         f"{work.n_prompt + work.n_decode:g} tokens do")
