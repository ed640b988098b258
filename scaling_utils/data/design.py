"""How many samples a problem was given, and why: what the counts must then look like."""
from __future__ import annotations

import numpy as np

from .. import _check

DESIGNS = ("fixed", "first_success", "adaptive")


def check_design(samples) -> None:
    """A ValueError if the counts of a `Samples` contradict its design."""
    if samples.design not in DESIGNS:
        raise ValueError(f"design = {samples.design!r} must be one of {DESIGNS}")
    if samples.design != "first_success":
        for name in ("batch", "cap"):
            if getattr(samples, name) is not None:
                raise ValueError(f"{name} = {getattr(samples, name)} belongs to the design "
                                 f"'first_success', not to {samples.design!r}")
        return
    _first_success(samples.n_samples, samples.n_correct, samples.batch, samples.cap)


def _first_success(n, c, batch, cap):
    """Sampling ended with the first batch that held a success, or at the cap."""
    batch = 1 if batch is None else int(_check.whole("batch", batch, least=1))
    cap = np.inf if cap is None else int(_check.whole("cap", cap, least=1))
    last = np.where(n % batch == 0, batch, n % batch)  # samples of the last batch
    for bad, name, array, why in (
        (n > cap, "n_samples", n, f"is above the cap of {cap}"),
        ((n % batch > 0) & (n != cap), "n_samples", n, f"is no multiple of the batch of {batch}"),
        (c > last, "n_correct", c, "is more than the last batch holds, and earlier ones hold none"),
        ((c == 0) & (n < cap) & np.isfinite(cap), "n_samples", n,
         f"ends without a success before the cap of {cap}: leave cap out if runs were cut short"),
    ):
        _check.refuse(bad, name, array, f"contradicts the design: it {why}")


def in_words(samples) -> str:
    """A `Samples` on one line."""
    n, c, models = samples.n_samples, samples.n_correct, list(dict.fromkeys(samples.model))
    each = f"{n[0]} each" if (n == n[0]).all() else f"{n.min()} to {n.max()} each"
    who = f" of {len(models)} models" if len(models) > 1 else f" of {models[0]}" * bool(models[0])
    limits = "".join(f", {name} {getattr(samples, name)}" for name in ("batch", "cap")
                     if getattr(samples, name) is not None)
    rows = f"; rows with {', '.join(samples.rows.columns)}" if samples.rows else ""
    return (f"Samples of {len(samples)} problems{who}: {each}, {c.sum()} of {n.sum()} correct, "
            f"{np.sum(c > 0)} problems solved; design {samples.design}{limits}{rows}")
