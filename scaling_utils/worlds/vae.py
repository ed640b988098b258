"""A small variational autoencoder, and its training.

Weights are nested tuples, ((hidden, latent), (hidden, pixels)): an encoder and a decoder of two
layers each, a layer being a matrix and its offsets.
"""
from __future__ import annotations

import autograd.numpy as anp
import numpy as np
from autograd import grad
from autograd.extend import defvjp, primitive
from autograd.misc.optimizers import adam
from autograd.scipy.special import expit
from numpy.typing import ArrayLike

Weights = tuple  # ((hidden, latent), (hidden, pixels)), a layer being a matrix and its offsets

tanh = primitive(np.tanh)
defvjp(tanh, lambda out, _: lambda g: g * (1 - out**2))  # autograd's own one overflows


def encode(weights: Weights, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior of each image, a normal one: z ~ N(mu, sigma^2), unit by unit.

    Parameters
    ----------
    weights : nested tuple of ndarray
    images : ndarray, shape (n_images, n_pixels)
        Grey values from 0 to 1.

    Returns
    -------
    mu, log_sigma : ndarray, each of shape (n_images, n_latent)

    Examples
    --------
    >>> weights = train(np.eye(4), n_latent=2, rng=np.random.default_rng(1), steps=1, batch=4)
    >>> encode(weights, np.eye(4))[0].shape
    (4, 2)
    """
    return anp.split(_layers(weights[0], images), 2, axis=1)


def decode(weights: Weights, latents: np.ndarray) -> np.ndarray:
    """Images that latents stand for: logistic(two layers), values from 0 to 1.

    Parameters
    ----------
    weights : nested tuple of ndarray
    latents : ndarray, shape (n, n_latent)

    Returns
    -------
    ndarray, shape (n, n_pixels)

    Examples
    --------
    >>> layer = (np.zeros((1, 1)), np.zeros(1))
    >>> decode((None, (layer, layer)), np.ones((1, 1))).tolist()
    [[0.5]]
    """
    return expit(_layers(weights[1], latents))


def kl_per_unit(weights: Weights, images: np.ndarray) -> np.ndarray:
    """Nats that each latent unit carries, (mu^2 + sigma^2 - 1)/2 - log sigma, mean over images.

    Parameters
    ----------
    weights, images
        As in `encode`.

    Returns
    -------
    ndarray, shape (n_latent,)
        Zero for a unit that says nothing about the image.

    Examples
    --------
    >>> silent = ((np.zeros((1, 1)), np.zeros(1)), (np.zeros((1, 2)), np.zeros(2)))
    >>> kl_per_unit((silent, None), np.ones((3, 1))).tolist()
    [0.0]
    """
    return np.mean(_nats(*encode(weights, images)), axis=0)


def loss(weights: Weights, images: np.ndarray, noise: ArrayLike, prior_weight: float = 1.0,
         pixel_sd: float = 0.15) -> float:
    """|x - decode(mu + sigma noise)|^2 / (2 pixel_sd^2) + prior_weight KL, mean over images.

    Parameters
    ----------
    weights, images
        As in `encode`.
    noise : ndarray, shape (n_images, n_latent)
        Standard normal numbers.
    prior_weight : float
        Weight of the divergence from the prior; 1 is the variational bound.
    pixel_sd : float
        Standard deviation of a pixel around its decoded value, in grey values.

    Returns
    -------
    float
        In nats per image, up to a constant.

    Notes
    -----
    Both terms are sums: over pixels, and over latent units. A mean over pixels would weaken the
    first by their number, and the posterior would collapse onto the prior.

    Examples
    --------
    >>> layer, two = (np.zeros((1, 1)), np.zeros(1)), (np.zeros((1, 2)), np.zeros(2))
    >>> float(loss(((layer, two), (layer, layer)), np.ones((1, 1)), 0.0, pixel_sd=0.5))
    0.5
    """
    mu, log_sigma = encode(weights, images)
    misfit = anp.sum((images - decode(weights, mu + anp.exp(log_sigma) * noise)) ** 2)
    divergence = anp.sum(_nats(mu, log_sigma))
    return (misfit / (2 * pixel_sd**2) + prior_weight * divergence) / len(images)


def train(images: ArrayLike, n_latent: int, rng: np.random.Generator, *,
          prior_weight: float = 1.0, pixel_sd: float = 0.15, n_hidden: int = 64,
          steps: int = 600, batch: int = 100, step_size: float = 0.005) -> Weights:
    """Weights that make `loss` small, by Adam on random batches of images.

    Parameters
    ----------
    images : array_like, shape (n_images, n_pixels)
        Grey values from 0 to 1.
    n_latent : int
    rng : numpy.random.Generator
        Draws the first weights, the batches and the noise.
    prior_weight, pixel_sd : float
        As in `loss`.
    n_hidden, steps, batch : int
        Width of the hidden layers; number of steps; images per step.
    step_size : float

    Returns
    -------
    nested tuple of ndarray

    Raises
    ------
    ValueError
        If images are not a table of grey values, or a batch is larger than the set.

    Examples
    --------
    >>> weights = train(np.eye(4), n_latent=1, rng=np.random.default_rng(1), steps=1, batch=4)
    >>> decode(weights, np.zeros((1, 1))).shape
    (1, 4)
    """
    images = grey_values(images)
    if batch > len(images):
        raise ValueError(f"batch = {batch} exceeds the {len(images)} images")
    ends = [(images.shape[1], 2 * n_latent), (n_latent, images.shape[1])]
    sizes = [size for m, n in ends for size in ((m, n_hidden), (n_hidden, n))]
    start = np.concatenate([_first_weights(m, n, rng) for m, n in sizes])
    slope = grad(lambda flat, *rest: loss(_weights(flat, sizes), *rest))

    def step(flat, _):
        some = rng.choice(len(images), batch, replace=False)
        noise = rng.standard_normal((batch, n_latent))
        return slope(flat, images[some], noise, prior_weight, pixel_sd)

    return _weights(adam(step, start, num_iters=steps, step_size=step_size), sizes)


def grey_values(images: ArrayLike) -> np.ndarray:
    """Images as a table of floats, checked.

    Parameters
    ----------
    images : array_like, shape (n_images, n_pixels)

    Returns
    -------
    ndarray of float

    Raises
    ------
    ValueError
        If they are not a table of numbers from 0 to 1; the message names the first bad pixel.

    Examples
    --------
    >>> grey_values([[0, 1]]).tolist()
    [[0.0, 1.0]]
    """
    images = np.asarray(images, float)
    if images.ndim != 2 or images.size == 0:
        raise ValueError(f"images of shape {images.shape} are not (n_images, n_pixels)")
    bad = ~((images >= 0) & (images <= 1))
    if bad.any():
        i, j = np.argwhere(bad)[0]
        raise ValueError(f"images[{i}, {j}] = {images[i, j]} is not a grey value from 0 to 1")
    return images


def _layers(layers, x):
    """Two layers, the first of them with a hyperbolic tangent."""
    (inner, a), (outer, b) = layers
    return anp.dot(tanh(anp.dot(x, inner) + a), outer) + b


def _nats(mu, log_sigma):
    """Divergence of each posterior from the prior, unit by unit."""
    return 0.5 * (mu**2 + anp.exp(2 * log_sigma) - 1) - log_sigma


def _weights(flat, sizes):
    """Weights cut from one vector: of each layer the matrix, then its offsets."""
    layers, end = [], 0
    for m, n in sizes:
        begin, end = end, end + (m + 1) * n
        layers.append((anp.reshape(flat[begin:end - n], (m, n)), flat[end - n:end]))
    return tuple(layers[:2]), tuple(layers[2:])


def _first_weights(m, n, rng):
    """A layer as a vector: a random matrix that keeps the size of its input, and no offsets."""
    return np.append(rng.normal(0, m**-0.5, m * n), np.zeros(n))
