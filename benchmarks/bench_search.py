"""Search strategies on 500 problems: seconds for the number of solutions or expansions."""
from functools import partial
from time import perf_counter

from scaling_utils import allocation, mcts, reasoning, search

STRATEGIES = {
    "sampling": (partial(search.stepwise, scored=False), (16, 64, 256)),
    "beam of 4": (partial(search.stepwise, allocate=partial(allocation.beam, width=4)),
                  (16, 64, 256)),
    "REBASE": (partial(search.stepwise, allocate=allocation.rebase), (16, 64, 256)),
    "REBASE, sequential": (partial(search.stepwise, allocate=allocation.rebase_sequential),
                           (16, 64, 256)),
    "MCTS": (mcts.mcts, (32, 64, 128)),
}


def main():
    """Print one row per strategy and size."""
    world = reasoning.simulated(500)
    print("\nSearch strategies on 500 problems")
    print(f"{'strategy':22s}{'size':>6s}{'seconds':>9s}{'million tokens':>16s}{'solutions':>11s}")
    for name, (run, sizes) in STRATEGIES.items():
        for size in sizes:
            begin = perf_counter()
            found = run(world, size)
            seconds = perf_counter() - begin
            print(f"{name:22s}{size:6d}{seconds:9.2f}{found.drawn_tokens.sum() / 1e6:16.2f}"
                  f"{found.n_solutions.mean():11.1f}")


if __name__ == "__main__":
    main()
