"""Coverage as a grader reports it that accepts a share of the wrong samples."""
import numpy as np
from scipy.special import xlog1py
from scipy.stats import beta as beta_distribution

from . import _beta_binomial, scaled_beta
from ._forms import BetaGuess, beta_coverage, log_failure
from ._record import Difficulty, Law, Limit, Symbol
from ._symbols import ALPHA, BETA, COVERAGE, K

F = Symbol("f", "f", "false-positive rate: share of wrong samples that is accepted", "1", (0, 1))


def false_positives(k, alpha, beta, f):
    """Coverage reported, c(k) = 1 - (1 - f)^k B(alpha + k, beta) / B(alpha, beta)."""
    return -np.expm1(log_failure(k, alpha, beta) + xlog1py(k, -np.asarray(f, float)))


def log_pmf(n_samples, n_correct, alpha, beta, f):
    """Log-likelihood of n_correct accepted samples at rate q + (1 - q) f, q ~ Beta(beta, alpha).

    A sample is rejected at rate (1 - f)(1 - q): rejections follow the scaled Beta law.
    """
    rejected = np.subtract(n_samples, n_correct)
    return scaled_beta.log_pmf(n_samples, rejected, beta, alpha, 1 - np.asarray(f, float))


def derivatives(n, c, log_alpha, log_beta, f):
    """log_pmf up to a constant, gradient (a, b, f) and Hessian (aa, ab, bb, fa, fb, ff)."""
    value, (g_b, g_a, g_s), (bb, ab, aa, sb, sa, ss) = scaled_beta.derivatives(
        n, n - c, log_beta, log_alpha, 1 - f)
    return value, (g_a, g_b, -g_s), (aa, ab, bb, -sa, -sb, ss)


def density(q, alpha, beta, f):
    """Density of the rate at which samples are accepted, from f to one."""
    return beta_distribution.pdf((q - f) / (1 - f), beta, alpha) / (1 - f)


def starts(n_samples, n_correct):
    """No false positives, and rates a little and well below the least that was observed."""
    least = np.min(n_correct / n_samples)
    rates = (0.0, *(part * least for part in (0.5, 0.9) if 0 < part * least < 0.99))
    return tuple(
        _beta_binomial.starts(n_samples, (n_correct - f * n_samples) / (1 - f))[0] | {"f": f}
        for f in rates
    )


def edge(n_samples, n_correct, times):
    """Limits of the plain Beta law; the false-positive rate is then not determined."""
    found = _beta_binomial.edge(n_samples, n_correct, times)
    return found and found.open("f")


EXAMPLE = {"alpha": 5.0, "beta": 0.8, "f": 0.02}

LAW = Law(
    key="false_positives",
    title="Coverage with false positives",
    tex=r"c(k) = 1 - (1 - f)^{k}\,\frac{\mathrm{B}(\alpha + k, \beta)}{\mathrm{B}(\alpha, \beta)}",
    f=false_positives,
    inputs=(K,),
    output=COVERAGE,
    params=(ALPHA, BETA, F),
    guess=BetaGuess(false_positives, {"f": 0.01}),
    example=EXAMPLE,
    domain={"k": (1, 300)},
    limits=(
        Limit(
            r"$f = 0$ is the plain Beta law",
            lambda f: np.isclose(f(30.0, alpha=5.0, beta=0.35, f=0.0),
                                 beta_coverage(30.0, 5.0, 0.35), rtol=1e-14),
        ),
        Limit(
            r"$c(1) = (\beta + f \alpha) / (\alpha + \beta)$: right, or wrong and accepted",
            lambda f: np.isclose(f(1.0, **EXAMPLE), (0.8 + 0.02 * 5) / 5.8),
        ),
        Limit(
            r"$\beta \to 0$, nothing is right: $c = 1 - (1 - f)^{k} \to 1$",
            lambda f: np.isclose(f(90.0, alpha=5.0, beta=1e-12, f=0.02), 1 - 0.98**90),
        ),
        Limit(
            r"$-\,d \log(1 - c) / d \log k \to \beta + k f$ for small $f$ and $k \gg \alpha$",
            lambda f: np.isclose(
                np.log((1 - f(1e5, alpha=5.0, beta=0.35, f=1e-5))
                       / (1 - f(1.001e5, alpha=5.0, beta=0.35, f=1e-5))) / np.log(1.001),
                0.35 + 1.0005, rtol=1e-3),
        ),
    ),
    references=("stroebl2024inference", "dragoi2025beyond"),
    chapter="false_positives",
    difficulty=Difficulty(log_pmf, density, starts, derivatives, edge,
                          contains={"beta_failure": {"f": 0.0}}),
)  # fmt: skip
