"""True reward under best of n by an imperfect reward model: it rises, turns and falls."""
import numpy as np

from ._record import Law, Limit, Symbol


def over_optimisation(d, alpha_bon, beta_bon):
    """Gain in true reward R(d) = d (alpha_bon - beta_bon d)."""
    return d * (alpha_bon - beta_bon * d)


def guess(d, R):
    """Linear least squares."""
    (alpha_bon, minus_beta), *_ = np.linalg.lstsq(np.stack([d, d * d], axis=1), R, rcond=None)
    return {"alpha_bon": float(alpha_bon), "beta_bon": float(-minus_beta)}


EXAMPLE = {"alpha_bon": 0.8, "beta_bon": 0.2}

LAW = Law(
    key="over_optimisation",
    title="Over-optimisation by best of n",
    tex=r"R(d) = d\,(\alpha_\mathrm{bon} - \beta_\mathrm{bon}\,d)",
    f=over_optimisation,
    inputs=(Symbol("d", "d", r"root of the divergence, $d = \sqrt{\mathrm{KL}(n)}$",
                   r"$\sqrt{\text{nats}}$", (0, np.inf)),),
    output=Symbol("R", "R", "gain in true reward over one sample"),
    params=(
        Symbol("alpha_bon", r"\alpha_\mathrm{bon}", "gain for each unit of $d$ at the beginning"),
        Symbol("beta_bon", r"\beta_\mathrm{bon}", "how fast that gain is lost"),
    ),
    guess=guess,
    example=EXAMPLE,
    domain={"d": (0.1, 3.2)},
    limits=(
        Limit("$R(0) = 0$", lambda f: f(0.0, **EXAMPLE) == 0),
        Limit(r"$R / d \to \alpha_\mathrm{bon}$ as $d \to 0$",
              lambda f: np.isclose(f(1e-9, **EXAMPLE) / 1e-9, 0.8)),
        Limit(
            r"largest at $d^{*} = \alpha_\mathrm{bon} / (2 \beta_\mathrm{bon})$, where "
            r"$R = \alpha_\mathrm{bon}^2 / (4 \beta_\mathrm{bon})$",
            lambda f: np.isclose(f(2.0, **EXAMPLE), 0.8)
            and f(2.0, **EXAMPLE) > max(f(1.9, **EXAMPLE), f(2.1, **EXAMPLE)),
        ),
        Limit(r"all of it is lost at $2 d^{*}$", lambda f: np.isclose(f(4.0, **EXAMPLE), 0)),
    ),
    references=("gao2022scaling",),
    chapter="over_optimisation",
)
