"""The transformer: a decoder with learned positions, heads of one width and no biases."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from scaling_utils.worlds.chain_task import CHARS, LENGTH

TOKENS = len(CHARS)
HEAD = 32  # width of a head
SIZES = {"64x2": (64, 2), "96x3": (96, 3), "128x4": (128, 4), "192x5": (192, 5),
         "256x6": (256, 6), "384x6": (384, 6)}  # fmt: skip
SPREAD = 0.6  # times 1 / sqrt(inputs): standard deviation of a weight before training


class Block(torch.nn.Module):
    """Attention and a layer of four times the width, each after a norm and around a shortcut."""

    def __init__(self, width: int):
        super().__init__()
        self.heads = width // HEAD
        self.a, self.b = (torch.nn.LayerNorm(width, bias=False) for _ in range(2))
        self.qkv = torch.nn.Linear(width, 3 * width, bias=False)
        self.out = torch.nn.Linear(width, width, bias=False)
        self.up = torch.nn.Linear(width, 4 * width, bias=False)
        self.down = torch.nn.Linear(4 * width, width, bias=False)

    def forward(self, x, cache=None, at=0):
        n, t, width = x.shape
        q, k, v = self.qkv(self.a(x)).view(n, t, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        if cache is not None:
            cache[0, :n, :, at:at + t], cache[1, :n, :, at:at + t] = k, v
            k, v = cache[:, :n, :, :at + t]
        y = F.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
        x = x + self.out(y.transpose(1, 2).reshape(n, t, width))
        return x + self.down(F.gelu(self.up(self.b(x)), approximate="tanh"))


class Model(torch.nn.Module):
    """`outputs` numbers at each token: logits of the next one, or a score."""

    def __init__(self, width: int, layers: int, outputs: int = TOKENS, places: int = LENGTH):
        super().__init__()
        self.width, self.places = width, places
        self.token, self.place = (torch.nn.Embedding(n, width) for n in (TOKENS, places))
        self.blocks = torch.nn.ModuleList(Block(width) for _ in range(layers))
        self.norm = torch.nn.LayerNorm(width, bias=False)
        self.head = torch.nn.Linear(width, outputs, bias=False)
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                many = 2 * layers if name.split(".")[-2] in ("out", "down") else 1
                fan = weight.shape[1] * many
                torch.nn.init.normal_(weight, std=SPREAD / math.sqrt(fan))

    def forward(self, ids, caches=None, at=0):
        """Outputs of tokens (n, t) that stand from place `at` on; `caches` hold those before."""
        if self.training:  # a product, because the gradient of a look-up among 17 is slow
            x = F.one_hot(ids, TOKENS).to(self.token.weight.dtype) @ self.token.weight
        else:
            x = self.token(ids)
        x = x + self.place.weight[at:at + ids.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, caches and caches[i], at)
        return self.head(self.norm(x))

    def empty_cache(self, rows: int) -> torch.Tensor:
        """Room for keys and values of `rows` sequences in one block."""
        weight = self.head.weight
        return torch.empty(2, rows, self.width // HEAD, self.places, HEAD, device=weight.device,
                           dtype=weight.dtype)

    @property
    def row_bytes(self) -> int:
        """Bytes that one sequence takes in the caches of all blocks."""
        return 2 * len(self.blocks) * self.width * self.places * self.head.weight.element_size()

    @property
    def n_params(self) -> int:
        """Number of trained numbers."""
        return sum(weight.numel() for weight in self.parameters())


def loaded(size: str, state: dict, dtype=torch.float32, device="cpu", outputs=TOKENS) -> Model:
    """A model of one size with the given weights, ready to be asked."""
    model = Model(*SIZES[size], outputs, len(state["place.weight"]))
    model.load_state_dict(state)
    return model.to(device, dtype).eval()
