"""Prices of a plan file: which `Cost` a group of keys asks for."""
from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from ..data.samples import Samples
from ..resources.model import Model
from ..resources.roofline import Device
from .costs import Cost

PRICE = re.compile(r"([a-z]{3})_per_(million_tokens|million_prompt_tokens|sample|card_hour)")
KEYS = ("tokens_per_sample", "tokens_per_prompt", "prompt_each", "parameters", "shape", "device",
        "n_devices", "batch", "weight_bits", "tokens_per_second")


def cost_from(name: str, given: Mapping, samples: Samples) -> Cost:
    """A `Cost` from its keys: tokens and prices, a price a sample, FLOPs, or a card.

    Parameters
    ----------
    name : str
        Place in the file, for errors.
    given : mapping
    samples : Samples
        Their mean tokens stand in where tokens_per_sample is left out.

    Returns
    -------
    Cost

    Raises
    ------
    ValueError
        If a price is missing or impossible, currencies are mixed, or a key is not used.

    Examples
    --------
    >>> cost_from("cost", {"usd_per_sample": 0.5}, None).unit
    'usd'
    """
    known(name, given, KEYS, PRICE)
    prices = {m[2]: (m[1], given[key]) for key in given if (m := PRICE.fullmatch(key))}
    currencies = sorted({currency for currency, _ in prices.values()})
    if len(currencies) > 1:
        raise ValueError(f"{name}: prices in {' and '.join(currencies)}: one currency for all")
    plain = {key: value for key, value in given.items() if key in KEYS}
    if "sample" not in prices and "tokens_per_sample" not in plain:
        plain["tokens_per_sample"] = _mean_tokens(name, samples)
    try:
        return _priced(plain, {key: value for key, (_, value) in prices.items()},
                       currencies[0] if currencies else None)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from None


def _priced(plain, prices, currency):
    """The constructor that the keys ask for."""
    if "sample" in prices:
        _alone("a price per sample", prices, ("sample",))
        return Cost(currency, prices["sample"], **_only(plain, "tokens_per_sample"))
    model = _model(plain)
    if "device" in plain:
        _alone("a card", prices, ("card_hour",))
        card = Device.named(plain.pop("device")).times(plain.pop("n_devices", 1))
        if model is None or "batch" not in plain:
            raise ValueError("a card needs batch, and parameters or shape")
        money = {"per_card_hour": prices["card_hour"], "currency": currency} if prices else {}
        return Cost.of_card(model, card, **money, **_only(
            plain, "tokens_per_sample", "tokens_per_prompt", "batch", "weight_bits",
            "tokens_per_second"))
    if model is not None:
        _alone("FLOPs", prices, ())
        return Cost.of_flops(model, **_only(plain, "tokens_per_sample", "tokens_per_prompt"))
    if "million_tokens" not in prices:
        raise ValueError("no price: give usd_per_million_tokens, usd_per_sample, or a model by "
                         "parameters or shape")
    _alone("tokens", prices, ("million_tokens", "million_prompt_tokens"))
    return Cost.of_tokens(
        per_million_tokens=prices["million_tokens"], currency=currency,
        per_million_prompt_tokens=prices.get("million_prompt_tokens"),
        **_only(plain, "tokens_per_sample", "tokens_per_prompt", "prompt_each"))


def _model(plain):
    """The model by its shape or its parameters; None where neither is given."""
    if "shape" in plain:
        if "parameters" in plain:
            raise ValueError("give shape or parameters, not both")
        return Model.named(plain.pop("shape"))
    return Model(float(plain.pop("parameters"))) if "parameters" in plain else None


def _alone(what, prices, allowed):
    """Refuse prices that this way of paying does not read."""
    for key in prices:
        if key not in allowed:
            raise ValueError(f"{what} has no price per {key.replace('_', ' ')}")


def _only(plain, *allowed):
    """The keys, or an error for one that this way of paying does not read."""
    for key in plain:
        if key not in allowed:
            raise ValueError(f"{key} is not used by this way of paying, which takes "
                             f"{', '.join(allowed)}")
    return plain


def _mean_tokens(name, samples):
    """Mean tokens of a sample, where the log holds them."""
    tokens = samples.rows.tokens if samples.rows is not None else None
    if tokens is None or not np.isfinite(np.asarray(tokens, float)).all():
        raise ValueError(f"{name}: tokens_per_sample is missing, and the samples hold no tokens")
    return float(np.mean(np.asarray(tokens, float)))


def known(name: str, content: Mapping, keys, pattern: re.Pattern | None = None):
    """Refuse what is no mapping, and keys that nobody reads."""
    if not isinstance(content, Mapping):
        raise ValueError(f"{name}: must hold names and values, not {type(content).__name__}")
    for key in content:
        if key not in keys and not (pattern and pattern.fullmatch(str(key))):
            more = f" or {pattern.pattern}" if pattern else ""
            raise ValueError(f"{name}: {key!r} is unknown; it takes {', '.join(keys)}{more}")
