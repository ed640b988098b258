"""Seconds and memory of a forecast, from a hundred problems to ten million."""
import resource
from time import perf_counter

import numpy as np

from scaling_utils import forecast

K = [1000, 10_000]
SIZES = (10**2, 10**3, 10**4, 10**5, 10**6, 10**7)


def samples(n_problems, rng):
    """Hundred samples of each problem, success rates from a Beta law."""
    return 100, rng.binomial(100, rng.beta(0.3, 10, n_problems))


def main():
    """Print one row per size; the bank is built by the first call."""
    rng = np.random.default_rng(0)
    begin = perf_counter()
    forecast(samples(100, rng), K)
    print(f"\nForecast at k = {K} from 100 samples; first call with the bank "
          f"{perf_counter() - begin:.1f} s")
    print(f"{'problems':>12s}{'seconds':>10s}{'peak memory, MB':>18s}")
    for size in SIZES:
        counts = samples(size, rng)
        begin = perf_counter()
        forecast(counts, K)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>12,}{perf_counter() - begin:>10.2f}{peak:>18,.0f}")


if __name__ == "__main__":
    main()
