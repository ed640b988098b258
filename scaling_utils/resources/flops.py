"""FLOPs of sampling from a dense transformer: the prompt is read once, each trial is decoded."""
import numpy as np
from numpy.typing import ArrayLike

from .._check import amount as _amount
from .._check import refuse
from .model import Model, Workload


def flops_per_token(parameters: ArrayLike | Model, context: ArrayLike = 0, *,
                    layers: ArrayLike = 0, width: ArrayLike = 0) -> np.ndarray:
    """FLOPs of one token, 2 (parameters + 2 layers width context).

    Parameters
    ----------
    parameters : array_like of float, or Model
        Parameters of the model, one multiplication and one addition each; a `Model` counts
        those that are multiplied, and brings its attention.
    context : array_like of float
        Tokens that the token attends to, itself included.
    layers, width : array_like of float
        Layers and token dimension; with layers = 0 attention is left out. Not beside a `Model`.

    Returns
    -------
    ndarray, shape broadcast of the arguments
        FLOPs per token.

    Raises
    ------
    ValueError
        If there are no parameters, a number is negative or not finite, or only one of layers and
        width is given; the message names argument and position.

    Notes
    -----
    The estimate of Brown et al. 2024 (arXiv:2407.21787), section 2.3.

    Examples
    --------
    >>> float(flops_per_token(8e9))
    16000000000.0
    >>> float(flops_per_token(10, context=3, layers=1, width=2))  # 2 (10 + 2 * 1 * 2 * 3)
    44.0
    """
    size, attention = _model(parameters, layers, width)
    return (2 * size + attention * _amount("context", context))[()]


def prompt_flops(parameters: ArrayLike | Model, n_prompt: ArrayLike | Workload, *,
                 layers: ArrayLike = 0, width: ArrayLike = 0) -> np.ndarray:
    """FLOPs of reading the prompt: the sum of flops_per_token over contexts 1 to n_prompt.

    Parameters
    ----------
    parameters, layers, width : array_like of float
        As in `flops_per_token`.
    n_prompt : array_like of float, or Workload
        Tokens of the prompt.

    Returns
    -------
    ndarray, shape broadcast of the arguments
        FLOPs per problem, 2 parameters n_prompt + 2 layers width n_prompt (n_prompt + 1).

    Raises
    ------
    ValueError
        As in `flops_per_token`.

    Examples
    --------
    >>> float(prompt_flops(10, 3))  # 2 * 10 * 3
    60.0
    """
    size, attention = _model(parameters, layers, width)
    prompt, _ = _lengths(n_prompt)
    return _tokens(size, attention, 0.0, _amount("n_prompt", prompt))[()]


def trial_flops(parameters: ArrayLike | Model, n_prompt: ArrayLike | Workload,
                n_decode: ArrayLike | None = None, *,
                layers: ArrayLike = 0, width: ArrayLike = 0) -> np.ndarray:
    """FLOPs of one trial: the sum of flops_per_token over the contexts after the prompt.

    Parameters
    ----------
    parameters, layers, width : array_like of float
        As in `flops_per_token`.
    n_prompt, n_decode : array_like of float
        Tokens of the prompt, which the trial attends to, and tokens that it decodes; a
        `Workload` in place of `n_prompt` brings both.

    Returns
    -------
    ndarray, shape broadcast of the arguments
        FLOPs per trial, contexts n_prompt + 1 to n_prompt + n_decode.

    Raises
    ------
    ValueError
        As in `flops_per_token`, or if a trial decodes nothing.

    Examples
    --------
    >>> float(trial_flops(10, 3, 2))  # 2 * 10 * 2
    40.0
    >>> float(trial_flops(Model(10), Workload(n_prompt=3, n_decode=2)))
    40.0
    """
    size, attention = _model(parameters, layers, width)
    prompt, decode = _lengths(n_prompt, n_decode)
    decode = _amount("n_decode", decode, positive=True)
    return _tokens(size, attention, _amount("n_prompt", prompt), decode)[()]


def total_flops(k: ArrayLike, parameters: ArrayLike | Model, n_prompt: ArrayLike | Workload,
                n_decode: ArrayLike | None = None, *,
                layers: ArrayLike = 0, width: ArrayLike = 0) -> np.ndarray:
    """FLOPs of k trials at one problem, C(k) = prompt + k trial.

    Parameters
    ----------
    k : array_like of float
        Trials per problem.
    parameters, n_prompt, n_decode, layers, width : array_like of float
        As in `trial_flops`.

    Returns
    -------
    ndarray, shape broadcast of the arguments
        FLOPs per problem.

    Raises
    ------
    ValueError
        As in `trial_flops`.

    Examples
    --------
    >>> float(total_flops(5, 10, 3, 2))  # 60 for the prompt, 5 times 40
    260.0
    """
    trial = trial_flops(parameters, n_prompt, n_decode, layers=layers, width=width)
    prompt = prompt_flops(parameters, n_prompt, layers=layers, width=width)
    return (prompt + _amount("k", k) * trial)[()]


def samples_for_flops(flops: ArrayLike, parameters: ArrayLike | Model,
                      n_prompt: ArrayLike | Workload, n_decode: ArrayLike | None = None, *,
                      layers: ArrayLike = 0, width: ArrayLike = 0) -> np.ndarray:
    """Trials that a budget buys, k(C) = (C - prompt) / trial: the inverse of `total_flops`.

    Parameters
    ----------
    flops : array_like of float
        Budget per problem, in FLOPs.
    parameters, n_prompt, n_decode, layers, width : array_like of float
        As in `trial_flops`.

    Returns
    -------
    ndarray, shape broadcast of the arguments
        Trials per problem, not rounded.

    Raises
    ------
    ValueError
        As in `trial_flops`, or if the budget does not even pay for the prompt.

    Examples
    --------
    >>> float(samples_for_flops(260, 10, 3, 2))
    5.0
    """
    budget = _amount("flops", flops)
    trial = trial_flops(parameters, n_prompt, n_decode, layers=layers, width=width)
    prompt = prompt_flops(parameters, n_prompt, layers=layers, width=width)
    budget, prompt = np.broadcast_arrays(budget, prompt)
    refuse(budget < prompt, "flops", budget, "does not pay for reading the prompt")
    return ((budget - prompt) / trial)[()]


def _tokens(size, attention, before, n):
    """FLOPs of n tokens after `before` others: an arithmetic series of contexts."""
    return n * (2 * size + attention * (before + (n + 1) / 2))


def _lengths(n_prompt, n_decode=None):
    """Lengths of prompt and answer, given as numbers or as a workload."""
    if isinstance(n_prompt, Workload):
        if n_decode is not None:
            raise ValueError(f"n_decode = {n_decode} beside a Workload: give the lengths once")
        return n_prompt.n_prompt, n_prompt.n_decode
    return n_prompt, n_decode


def _model(parameters, layers, width):
    """Checked parameters, and FLOPs of attention per token of context."""
    if isinstance(parameters, Model):
        if np.any(layers) or np.any(width):
            raise ValueError("layers and width are the Model's own: leave them out beside it")
        return np.asarray(float(parameters.multiplied)), parameters.attention_flops
    layers, width = _amount("layers", layers), _amount("width", width)
    if ((layers > 0) != (width > 0)).any():
        raise ValueError("layers and width go together: give both, or none to leave out attention")
    return _amount("parameters", parameters, positive=True), 4 * layers * width
