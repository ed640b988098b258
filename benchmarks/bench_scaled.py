"""The scaled Beta likelihood and fit, against one `scipy.integrate.quad` per problem."""
from dataclasses import replace
from time import perf_counter

import numpy as np
from scipy.integrate import quad
from scipy.special import betaln, gammaln

from scaling_utils import LAWS, fit_counts, load

LAW = LAWS["scaled_beta"]


def plain(n, c, alpha, beta, s):
    """Log-probability of one count by adaptive quadrature in logit x around the peak."""
    shapes = -betaln(beta, alpha)
    choose = gammaln(n + 1) - gammaln(c + 1) - gammaln(n - c + 1)

    def log_integrand(t):
        log_x, log_rest = -np.logaddexp(0, -t), -np.logaddexp(0, t)
        log_fail = np.log1p(-s * np.exp(log_x))
        return (beta + c) * log_x + alpha * log_rest + c * np.log(s) + (n - c) * log_fail + shapes

    grid = np.linspace(-60 - 30 / beta, 60 + 30 / alpha, 4001)
    top = log_integrand(grid).max()
    inside = grid[log_integrand(grid) > top - 40]
    area, _ = quad(lambda t: np.exp(log_integrand(t) - top), inside[0] - 1, inside[-1] + 1,
                   limit=500, epsabs=0, epsrel=1e-10, points=[grid[np.argmax(log_integrand(grid))]])
    return choose + top + np.log(area)


def one(n, c):
    """Seconds per likelihood of the loop and of the panels, the fit's, and the largest gap."""
    begin = perf_counter()
    fit = fit_counts(LAW, n, c, n_resamples=0)
    fitted = perf_counter() - begin
    values = fit.values | {"s": min(fit.values["s"], 1 - 1e-9)}
    begin = perf_counter()
    slow = np.array([plain(a, b, **values) for a, b in zip(n, c, strict=True)])
    loop = perf_counter() - begin
    (dn, dc), back = np.unique(np.stack([n, c]), axis=1, return_inverse=True)
    begin = perf_counter()
    for _ in range(10):
        fast = LAW.difficulty.log_pmf(dn, dc, **values)[back]
    panels = (perf_counter() - begin) / 10
    return loop, panels, fitted, np.abs(fast - slow).max()


@np.vectorize
def by_quad(n, c, alpha, beta, s):
    """`plain` for every count and every row of parameters."""
    return plain(n, c, alpha, beta, min(s, 1 - 1e-9))


def fits(benchmark, model):
    """Seconds of the fit with quad and by differences, with panels and their slopes; gap."""
    rows = load("monkeys_counts").query("benchmark == @benchmark and model == @model")
    found = []
    slow = replace(LAW.difficulty, log_pmf=by_quad, derivatives=None)
    for law in (replace(LAW, difficulty=slow), LAW):
        begin = perf_counter()
        fit = fit_counts(law, rows.n_samples, rows.n_correct, n_resamples=0)
        found.append((perf_counter() - begin, fit.log_likelihood))
    (slow, likelihood), (fast, ours) = found
    return slow, fast, abs(ours - likelihood)


def main():
    """Print one row per configuration, then the smallest and the median ratio."""
    print("\nScaled Beta likelihood: Gauss-Legendre panels against one quad per problem")
    head = f"{'configuration':40s}{'quad, ms':>10s}{'panels, ms':>12s}{'ratio':>8s}{'gap':>9s}"
    print(head + f"{'fit, s':>9s}")
    ratios = []
    for name, rows in load("monkeys_counts").groupby(["benchmark", "model"]):
        loop, panels, fitted, gap = one(rows.n_samples.to_numpy(), rows.n_correct.to_numpy())
        ratios.append(loop / panels)
        print(f"{' '.join(name):40s}{1e3 * loop:10.0f}{1e3 * panels:12.2f}{ratios[-1]:8.0f}"
              f"{gap:9.0e}{fitted:9.2f}")
    print(f"smallest {min(ratios):.0f}, median {np.median(ratios):.0f}")
    slow, fast, gap = fits("MATH", "Pythia-70M")
    print(f"whole fit, MATH Pythia-70M: quad {slow:.1f} s, panels {fast:.2f} s, "
          f"ratio {slow / fast:.0f}, gap of the log-likelihoods {gap:.0e}")


if __name__ == "__main__":
    main()
