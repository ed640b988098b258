"""Tokens per second of the chain models in NumPy, beside a pass that shares nothing."""
import time

import numpy as np

from scaling_utils.worlds.chain_model import ChainModel
from scaling_utils.worlds.chain_task import LENGTH, PROMPT, STOP, ChainTask, encode

PROMPTS = ChainTask.benchmark().prompts[:16]
N_SAMPLES = (1, 16, 256)


def naive(model, prompts, n_samples, rng):
    """A row per sample, its own prompt, kept to the last place until all have ended; tokens."""
    rows = np.repeat(np.stack([encode(p) for p in prompts]), n_samples, axis=0).astype(int)
    cache, open_rows = model.empty_cache(len(rows)), np.ones(len(rows), bool)
    logits = model.outputs(rows[:, :PROMPT], 0, cache)[:, -1]
    tokens = 0
    for place in range(PROMPT, LENGTH):
        score = model._log_softmax(logits)
        drawn = (score - np.log(-np.log(rng.random(score.shape)))).argmax(axis=1)
        tokens += int(open_rows.sum())
        open_rows &= drawn != STOP
        if not open_rows.any() or place == LENGTH - 1:
            return tokens
        logits = model.outputs(drawn[:, None], np.full(len(rows), place), cache)[:, 0]


def main():
    for name in ("chain-64x2", "chain-128x4"):
        model = ChainModel.load(name)
        start = time.process_time()
        tokens = naive(model, PROMPTS, 16, np.random.default_rng(0))
        base = tokens / (time.process_time() - start)
        print(f"{name}: {base:,.0f} tokens/s without sharing, 16 samples of a problem")
        for n in N_SAMPLES:
            start = time.process_time()
            drawn = model.sample(PROMPTS, n, rng=0)
            speed = (drawn.n_samples * drawn.n_tokens).sum() / (time.process_time() - start)
            print(f"  {n:4} samples: {speed:10,.0f} tokens/s, {speed / base:.1f} times")


if __name__ == "__main__":
    main()
