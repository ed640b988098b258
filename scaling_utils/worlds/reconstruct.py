"""Repeated reconstructions of an image: their errors, the smallest of k, and the floor."""
from __future__ import annotations

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from numpy.typing import ArrayLike
from scipy.optimize import minimize

from .. import _check
from ..estimate.coverage import log_fail_at_k
from .vae import Weights, decode, encode, grey_values


def draw_errors(weights: Weights, images: ArrayLike, temperature: float, n_runs: int, n_tries: int,
                rng: int | np.random.Generator, shared: float = 0.0) -> np.ndarray:
    """Error |decode(mu + T sigma eta) - x| of repeated reconstructions, in runs of tries.

    Parameters
    ----------
    weights, images
        As in `vae.encode`.
    temperature : float
        T, the factor on the posterior's standard deviation.
    n_runs, n_tries : int
        Runs per image, tries per run.
    rng : int or Generator
    shared : float
        Share of the noise's variance that the tries of a run have in common, from 0 to 1; every
        single try is distributed alike whatever it is.

    Returns
    -------
    ndarray, shape (n_images, n_runs, n_tries)
        Euclidean distances over the pixels.

    Raises
    ------
    ValueError
        If images are not a table of grey values, or temperature or shared is out of range.

    Examples
    --------
    >>> layer = (np.zeros((1, 1)), np.zeros(1))
    >>> weights = ((layer, (np.zeros((1, 2)), np.zeros(2))), (layer, layer))
    >>> draw_errors(weights, [[1.0]], 1.1, 1, 2, np.random.default_rng(1)).tolist()
    [[[0.5, 0.5]]]
    """
    images, rng = grey_values(images), _check.generator(rng)
    _check.amount("temperature", temperature)
    _check.between("shared", shared, 0, 1)
    mu, log_sigma = encode(weights, images)
    errors = np.empty((len(images), n_runs, n_tries))
    for image, m, s, row in zip(images, mu, temperature * np.exp(log_sigma), errors, strict=True):
        eta = np.sqrt(1 - shared) * rng.standard_normal((n_runs, n_tries, m.size))
        if shared:
            eta += np.sqrt(shared) * rng.standard_normal((n_runs, 1, m.size))
        found = decode(weights, (m + s * eta).reshape(-1, m.size))
        row[:] = np.linalg.norm(found - image, axis=1).reshape(n_runs, n_tries)
    return errors


def floors(weights: Weights, images: ArrayLike, rng: int | np.random.Generator,
           n_draws: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Smallest error that any latent can give, min over z of |decode(z) - x|, for each image.

    Parameters
    ----------
    weights, images
        As in `vae.encode`.
    rng : int or Generator
    n_draws : int
        Latents drawn per image, at a temperature of 1.5; the search starts at the best of them.

    Returns
    -------
    floor : ndarray, shape (n_images,)
    latents : ndarray, shape (n_images, n_latent)
        Where it is reached.

    Notes
    -----
    A local search by gradients (L-BFGS), all images at once, with the posterior's standard
    deviation as its unit of length; it stops after 300 steps: an upper bound of the true floor.

    Examples
    --------
    >>> layer = (np.zeros((1, 1)), np.zeros(1))
    >>> weights = ((layer, (np.zeros((1, 2)), np.zeros(2))), (layer, layer))
    >>> floors(weights, [[1.0]], np.random.default_rng(1))[0].tolist()
    [0.5]
    """
    images, rng = grey_values(images), _check.generator(rng)
    mu, log_sigma = encode(weights, images)
    start = np.empty_like(mu)
    for i, image in enumerate(images):
        latents = mu[i] + 1.5 * np.exp(log_sigma[i]) * rng.standard_normal((n_draws, mu.shape[1]))
        start[i] = latents[np.sum((decode(weights, latents) - image) ** 2, axis=1).argmin()]
    latents = _descend(weights, images, start, np.exp(log_sigma))
    return np.linalg.norm(decode(weights, latents) - images, axis=1), latents


def best_of_k(errors: ArrayLike, k: ArrayLike) -> np.ndarray:
    """Expected smallest of k errors out of n: sum over ranks j of e_(j) [F(j - 1) - F(j)].

    Here F(j) = C(n - j, k) / C(n, k) is the chance that k draws avoid the j smallest.

    Parameters
    ----------
    errors : array_like, shape (..., n)
    k : array_like of int
        Draws without replacement, at most n.

    Returns
    -------
    ndarray, shape (..., *shape of k)

    Raises
    ------
    ValueError
        If k exceeds n; the message names its position.

    Examples
    --------
    >>> best_of_k([3.0, 1.0, 2.0], [1, 3]).round(12).tolist()
    [2.0, 1.0]
    """
    errors = np.sort(np.asarray(errors, float), axis=-1)
    n = errors.shape[-1]
    k = _check.draws(k, np.array(n))
    avoid = np.exp(log_fail_at_k(n, np.arange(n + 1), k))
    return np.tensordot(errors, avoid[:-1] - avoid[1:], axes=1)


def solved_in_runs(solved: ArrayLike, k: int) -> np.ndarray:
    """Share of an image's runs of k tries, cut one after another, that hold a success.

    Parameters
    ----------
    solved : array_like of bool, shape (n_images, n_tries)
    k : int
        Tries per run; tries that do not fill a run are left out.

    Returns
    -------
    ndarray, shape (n_images,)

    Raises
    ------
    ValueError
        If there are fewer than k tries.

    Examples
    --------
    >>> solved_in_runs([[True, False, False, False]], 2).tolist()
    [0.5]
    """
    solved = np.asarray(solved)
    k = int(_check.draws(k, np.array(solved.shape[1])))
    runs = solved.shape[1] // k
    return solved[:, : runs * k].reshape(-1, runs, k).any(axis=2).mean(axis=1)


def _descend(weights, images, start, unit):
    """Latents near a local minimum of the squared error, all images at once, in steps of a unit."""
    def total(flat):
        latents = anp.reshape(flat, start.shape) * unit
        return anp.sum((decode(weights, latents) - images) ** 2)

    options = dict(maxiter=300, maxfun=600, ftol=1e-15, gtol=1e-7)
    end = minimize(value_and_grad(total), (start / unit).ravel(), jac=True, method="L-BFGS-B",
                   options=options)  # fmt: skip
    return end.x.reshape(start.shape) * unit
