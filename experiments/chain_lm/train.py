"""Training: every example once, several lengths of training that share their beginning.

The rate rises over `WARM_UP` steps, stays, and falls to zero over the last fifth. A training of
L steps is therefore the trunk up to .8 L and a fall of its own; it sees the first L batches.
"""
from __future__ import annotations

import copy

import numpy as np
import torch
import torch.nn.functional as F

from scaling_utils.worlds.chain_task import CHARS, PROMPT, draw, encode, solve

WARM_UP, FALL = 100, 0.2  # steps; share of a training in which the rate falls
WIDE = 384  # from this width on a pass is worth its launch, and batches go in parts
MOST_OPERATIONS = 6
PEAK = {64: 3e-3, 96: 3e-3, 128: 2e-3, 192: 1.5e-3, 256: 1e-3, 384: 8e-4}  # rate, by width


def draw_rows(seed: tuple[int, ...], n: int) -> np.ndarray:
    """Token codes of n random problems of 1 to 6 operations with their solutions."""
    rng = np.random.default_rng(seed)
    prompts = [draw(rng, int(rng.integers(1, MOST_OPERATIONS + 1))) for _ in range(n)]
    return np.stack([encode(prompt, solve(prompt)) for prompt in prompts])


def examples(n: int, seed: int, pool) -> np.ndarray:
    """n rows of `draw_rows`, in blocks with seeds of their own; `pool` has a `starmap`."""
    sizes = [len(part) for part in np.array_split(np.arange(n), min(n, 64))]
    return np.concatenate(pool.starmap(draw_rows, [((seed, i), m) for i, m in enumerate(sizes)]))


def by_length(rows: np.ndarray, batch: int, parts: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Rows sorted by length within each batch, and the longest row of each part of a batch.

    Shape (n_batches, parts, batch / parts, places) and (n_batches, parts). Lengths are rounded up
    to multiples of 8. Rows beyond the last whole batch are left out.
    """
    places = rows.shape[1]
    rows = rows[: len(rows) // batch * batch].reshape(-1, batch, places)
    lengths = places - (rows[:, :, ::-1] > 0).argmax(2)
    order = lengths.argsort(1)
    longest = np.take_along_axis(lengths, order, 1).reshape(len(rows), parts, -1).max(2)
    rows = np.take_along_axis(rows, order[..., None], 1)
    return rows.reshape(len(rows), parts, -1, places), -(-longest // 8) * 8


def next_token_loss(model, rows, *_, start=PROMPT):
    """Sum over the tokens from place `start` on of -log p, and their number."""
    ids = rows.long()
    logits = model(ids[:, :-1])[:, start - 1:].float()
    target = ids[:, start:]
    loss = F.cross_entropy(logits.reshape(-1, len(CHARS)), target.reshape(-1), ignore_index=0,
                           reduction="sum")
    return loss, (target > 0).sum()


def step_loss(model, rows, labels):
    """Sum over the ends of lines of the loss of a score, and their number; label 2 is no end."""
    score, use = model(rows.long())[..., 0].float(), labels < 2
    loss = F.binary_cross_entropy_with_logits(score, labels.clamp(max=1).float(), reduction="none")
    return (loss * use).sum(), use.sum()


class Trainer:
    """AdamW on batches in their order; `tables` are arrays (n_batches, parts, ., LENGTH)."""

    def __init__(self, model, tables, longest, peak, loss):
        self.model, self.tables, self.longest = model.train(), tables, longest
        self.peak, self.loss, self.losses = peak, loss, []
        self.device = model.head.weight.device.type
        self.optimizer = self._optimizer(model)

    def _optimizer(self, model):
        return torch.optim.AdamW(model.parameters(), lr=self.peak, betas=(0.9, 0.98),
                                 weight_decay=0.01, fused=self.device == "cuda")

    def step(self, index: int, share: float, model=None, optimizer=None) -> torch.Tensor:
        """One step on batch `index` at `share` of the peak rate; mean loss of a token."""
        model, optimizer = model or self.model, optimizer or self.optimizer
        for group in optimizer.param_groups:
            group["lr"] = self.peak * share
        optimizer.zero_grad(set_to_none=True)
        parts = []
        for part in range(self.longest.shape[1]):
            inputs = [table[index, part, :, : self.longest[index, part]] for table in self.tables]
            with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
                parts.append(self.loss(model, *inputs))
            parts[-1][0].backward()
        total, number = (torch.stack(column).sum() for column in zip(*parts, strict=True))
        for weight in model.parameters():
            weight.grad.div_(number)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return total.detach() / number

    def run(self, marks: list[int]) -> dict[int, dict]:
        """Weights, in half precision, of trainings of `marks` steps."""
        states, forks = {}, {mark - max(1, round(FALL * mark)): mark for mark in marks}
        for index in range(max(forks) + 1):
            if index in forks:
                states[forks[index]] = self._fall(index, forks[index])
            if index < max(forks):
                loss = self.step(index, min(1, (index + 1) / WARM_UP))
                if index % 50 == 0:
                    self.losses.append((index, round(loss.item(), 4)))
        return states

    def _fall(self, start: int, end: int) -> dict:
        """Weights at the end of a training whose rate falls from step `start` to `end`."""
        model = copy.deepcopy(self.model)
        optimizer = self._optimizer(model)
        optimizer.load_state_dict(copy.deepcopy(self.optimizer.state_dict()))
        for index in range(start, end):
            loss = self.step(index, min(1, start / WARM_UP) * (end - index) / (end - start),
                             model, optimizer)
        self.losses.append((end, round(loss.item(), 4)))
        return {name: value.detach().half().cpu() for name, value in model.state_dict().items()}


def trained(model, batches, marks, peak, loss=next_token_loss, label=None):
    """Weights after each of `marks` steps on the `batches` of `by_length`, and the losses.

    `label` makes the labels of rows (n, LENGTH), for a loss that needs them.
    """
    device = model.head.weight.device
    tables, longest = batches
    if model.width < WIDE:  # as one part
        tables = tables.reshape(len(tables), 1, -1, tables.shape[-1])
        longest = longest.max(1, keepdims=True)
    inputs = [torch.tensor(tables, device=device)]
    if label is not None:
        labels = label(tables.reshape(-1, tables.shape[-1])).reshape(tables.shape)
        inputs.append(torch.tensor(labels, device=device))
    trainer = Trainer(model, inputs, longest, peak, loss)
    return trainer.run(marks), trainer.losses
