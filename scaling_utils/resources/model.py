"""Records of what runs: a model with its sizes, and a workload with its lengths and batch."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._check import amount
from ..data.datasets import load


@dataclass(frozen=True)
class Model:
    """Sizes of a transformer: what is held, what is multiplied, what a token leaves in the cache.

    Parameters
    ----------
    parameters : float
        All weights that are held in memory, embeddings and every expert included.
    multiplied : float, optional
        Weights that one token is multiplied with: without the table of embeddings, and of the
        experts the chosen ones. All of them if left out.
    layers, width : int
        Layers and token dimension; 0 leaves attention out of the FLOPs.
    kv_heads, head_dim : int
        Heads that keep keys and values, and the width of each.
    heads, latent, rotary : int
        Latent attention keeps ``latent + rotary`` numbers per token and layer, shared by all
        ``heads`` (DeepSeek-V3: 128 heads, 512 + 64) and no separate values.
    experts, experts_per_token : int
        Routed experts of a layer, and how many a token chooses; 1 and 1 if there are none.
    vocabulary : int
        Tokens that the tokeniser knows.
    name : str

    Raises
    ------
    ValueError
        If a size is negative or not finite, there are no parameters, more are multiplied than
        held, or a token chooses more experts than there are.

    Examples
    --------
    >>> Model(7e9, layers=32, kv_heads=8, head_dim=128).cache_numbers  # 2 * 32 * 8 * 128
    65536
    """

    parameters: float
    multiplied: float | None = None
    layers: int = 0
    width: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    heads: int = 0
    latent: int = 0
    rotary: int = 0
    experts: int = 1
    experts_per_token: int = 1
    vocabulary: int = 0
    name: str = ""

    def __post_init__(self):
        if self.multiplied is None:
            object.__setattr__(self, "multiplied", self.parameters)
        for name in ("parameters", "multiplied", "experts", "experts_per_token"):
            amount(name, getattr(self, name), positive=True)
        for name in ("layers", "width", "kv_heads", "head_dim", "heads", "latent", "rotary"):
            amount(name, getattr(self, name))
        if self.multiplied > self.parameters:
            raise ValueError(f"multiplied = {self.multiplied:.12g} exceeds parameters = "
                             f"{self.parameters:.12g}: a token uses no weight that is not held")
        if self.experts_per_token > self.experts:
            raise ValueError(f"experts_per_token = {self.experts_per_token} exceeds experts = "
                             f"{self.experts}: a token chooses an expert once")

    @classmethod
    def named(cls, name: str) -> Model:
        """A model of the data set model_shapes; multiplied = l d (2 d + 2 d_k + 3 d_f) + d V.

        Parameters
        ----------
        name : str

        Returns
        -------
        Model
            With `multiplied` counted from the shape, the table of embeddings left out.

        Raises
        ------
        ValueError
            If the data set has no such model; the message lists those it has.

        Examples
        --------
        >>> Model.named("Llama-2-7B").cache_numbers  # 2 * 32 * 32 * 128
        262144
        """
        shapes = load("model_shapes").set_index("model")
        if name not in shapes.index:
            raise ValueError(f"name = {name!r} is none of {', '.join(shapes.index)}: "
                             "give the sizes to Model instead")
        row = {key: int(value) for key, value in shapes.loc[name].items()}
        d, d_k = row["width"], row["width"] * row["key_value_heads"] // row["heads"]
        each = 2 * d**2 + 2 * d * d_k + 3 * d * row["feed_forward"]
        return cls(row["parameters"], row["layers"] * each + d * row["vocabulary"],
                   layers=row["layers"], width=d, kv_heads=row["key_value_heads"],
                   head_dim=d // row["heads"], heads=row["heads"], vocabulary=row["vocabulary"],
                   name=name)

    @property
    def cache_numbers(self) -> int:
        """Numbers that a token leaves in the cache: 2 layers kv_heads head_dim, or latent."""
        each = self.latent + self.rotary if self.latent else 2 * self.kv_heads * self.head_dim
        return self.layers * each

    @property
    def attention_flops(self) -> float:
        """FLOPs per token of context: 4 layers width, or 2 layers heads (2 latent + rotary)."""
        if self.latent:
            return 2 * self.layers * self.heads * (2 * self.latent + self.rotary)
        return 4 * self.layers * self.width

    def intensity(self, samples: ArrayLike = 1, bits: ArrayLike = 16) -> np.ndarray:
        """FLOPs of attention per byte of cache read once for `samples` sequences.

        Parameters
        ----------
        samples : array_like of float
            Sequences that share the cache, as the samples of one prompt do.
        bits : array_like of float
            Bits per number of the cache.

        Returns
        -------
        ndarray
            FLOPs per byte.

        Raises
        ------
        ValueError
            If the model has no cache, or a number is not positive.

        Examples
        --------
        >>> v3 = Model(671e9, layers=61, heads=128, latent=512, rotary=64)
        >>> round(float(v3.intensity()), 1)  # 2 * 128 * 1088 / (2 * 576)
        241.8
        """
        numbers = amount("cache_numbers", self.cache_numbers, positive=True)
        samples = amount("samples", samples, positive=True)
        return samples * self.attention_flops / (numbers * amount("bits", bits, True) / 8)

    def weights_read(self, batch: ArrayLike = 1) -> np.ndarray:
        """Weights a step reads, P - (P - N) (1 - e / E)^(batch - 1); N without experts.

        Parameters
        ----------
        batch : array_like of float
            Tokens in the step; each chooses e of E experts, evenly and independently.

        Returns
        -------
        ndarray
            Between `multiplied`, for one token, and `parameters`.

        Raises
        ------
        ValueError
            If the batch is not positive.

        Examples
        --------
        >>> mixture = Model(10, 4, experts=4, experts_per_token=1)  # 2 shared, 8 in experts
        >>> [float(n) for n in mixture.weights_read([1, 2, 1000])]  # 10 - 6 * .75^(batch - 1)
        [4.0, 5.5, 10.0]
        """
        batch = amount("batch", batch, positive=True)
        if self.experts == self.experts_per_token:
            return np.full(batch.shape, float(self.multiplied))[()]
        missed = (1 - self.experts_per_token / self.experts) ** (batch - 1)
        return self.parameters - (self.parameters - self.multiplied) * missed


@dataclass(frozen=True)
class Workload:
    """Lengths, batch and bits of what a model is asked to do.

    Parameters
    ----------
    n_prompt, n_decode : array_like of float
        Tokens of the prompt and tokens that are decoded, for each sequence.
    batch : array_like of float
        Sequences at once.
    samples : array_like of float
        Sequences that share one prompt, whose cache is then held and read once for all of them.
    weight_bits, cache_bits : array_like of float
        Bits per weight, and per number of the cache.

    Raises
    ------
    ValueError
        If a number is negative or not finite, batch, samples or bits are 0, or more sequences
        share a prompt than there are.

    Examples
    --------
    >>> float(Workload(n_prompt=100, n_decode=10, batch=8, samples=4).tokens_held)  # 200 + 80
    280.0
    """

    n_prompt: ArrayLike = 0
    n_decode: ArrayLike = 1
    batch: ArrayLike = 1
    samples: ArrayLike = 1
    weight_bits: ArrayLike = 16
    cache_bits: ArrayLike = 16

    def __post_init__(self):
        for name in ("n_prompt", "n_decode"):
            amount(name, getattr(self, name))
        for name in ("batch", "samples", "weight_bits", "cache_bits"):
            amount(name, getattr(self, name), positive=True)
        if np.any(np.asarray(self.samples) > np.asarray(self.batch)):
            raise ValueError(f"samples = {self.samples} exceeds batch = {self.batch}: "
                             "only sequences of the batch can share a prompt")

    @property
    def tokens_held(self) -> np.ndarray:
        """Tokens in the cache at the end: batch (n_prompt / samples + n_decode)."""
        prompt = np.asarray(self.n_prompt) / np.asarray(self.samples)
        return np.asarray(self.batch) * (prompt + self.n_decode)

    @property
    def tokens_read(self) -> np.ndarray:
        """Tokens that a mean step reads: batch (n_prompt / samples + (n_decode + 1) / 2)."""
        prompt = np.asarray(self.n_prompt) / np.asarray(self.samples)
        return np.asarray(self.batch) * (prompt + (np.asarray(self.n_decode) + 1) / 2)
