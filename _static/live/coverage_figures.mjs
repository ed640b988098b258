/* Live figures of coverage: the power law, the Beta law with a ceiling, any against all of k. */
import { law } from "./laws.mjs";
import { logGammaRatio } from "./numbers.mjs";
import { along } from "./plot.mjs";
import { figure, percent, short } from "./kit.mjs";
import { RECORDS } from "./records.mjs";

const share = label => ({ min: 0, max: 1, label });
const samples = (max, label = "samples per problem k") => ({ min: 1, max, log: true, label });
const CURVES = Object.keys(RECORDS.curves);

/* c(k) = exp(-a k^-b) over measured coverage. */
export const coverage_power_law = figure({
  title: "Move the coverage power law over measured coverage",
  controls: [
    { key: "a", label: "a, minus log coverage at one sample", min: 0.1, max: 12, log: true,
      value: 3 },
    { key: "b", label: "b, exponent", min: 0.05, max: 1.5, log: true, value: 0.4 },
    { key: "data", label: "measured on", kind: "choice", options: [...CURVES, "nothing"],
      value: CURVES[0] },
    { key: "scale", label: "axes", kind: "choice", options: ["coverage", "minus log coverage"],
      value: "coverage" },
  ],
  draw: ({ a, b, data, scale }) => {
    const x = samples(1e5), k = along(x), c = law("coverage_power_law", { k, a, b });
    const seen = RECORDS.curves[data], lines = scale !== "coverage";
    const height = v => (lines ? -Math.log(v) : v);
    const y = lines ? { min: 0.02, max: 12, log: true, label: "minus log coverage" }
      : share("coverage");
    const layers = [{ kind: "line", x: k, y: c.map(height) }];
    if (seen) layers.push({ kind: "points", x: seen.k, y: seen.coverage.map(height), color: 2 });
    const needed = (a / -Math.log(0.9)) ** (1 / b);
    const words = [`Coverage is ${percent(c[0])} at one sample and ${percent(c.at(-1))} at 100,000; `
      + `nine in ten problems would take ${short(needed)} samples each.`];
    if (seen) {
      const off = law("coverage_power_law", { k: seen.k, a, b }).map((v, i) => v - seen.coverage[i]);
      const miss = Math.sqrt(off.reduce((sum, v) => sum + v * v, 0) / off.length);
      words.push(`From the ${seen.k.length} measured points (${seen.problems} problems) the curve is `
        + `off by ${short(100 * miss, 2)} percentage points (root mean square).`);
    }
    return { charts: [{ x, y, layers, alt: `Coverage against samples: ${words[0]}` }], text: words,
             legend: [[1, "the law"], ...(seen ? [[2, `measured, ${data}`]] : [])] };
  },
});

/* c(k) of the Beta law with a share of impossible problems. */
export const beta_failure = figure({
  title: "Move the Beta law, its power-law tail and a ceiling",
  controls: [
    { key: "alpha", label: "α, weight of failures", min: 0.05, max: 500, log: true, value: 5 },
    { key: "beta", label: "β, weight of successes", min: 0.05, max: 3, log: true, value: 0.35 },
    { key: "pi0", label: "π₀, share of impossible problems", min: 0, max: 0.9, value: 0 },
    { key: "data", label: "measured on", kind: "choice", options: ["nothing", ...CURVES],
      value: "nothing" },
  ],
  draw: ({ alpha, beta, pi0, data }) => {
    const x = samples(1e6), k = along(x), c = law("zero_inflated_beta", { k, alpha, beta, pi0 });
    const seen = RECORDS.curves[data], reach = k.filter(v => v > alpha);
    const amplitude = Math.exp(logGammaRatio(alpha, beta));
    const layers = [
      { kind: "line", x: reach, y: reach.map(v => (1 - pi0) * (1 - amplitude * v ** -beta)),
        color: 3, dash: true },
      { kind: "line", x: k, y: c }];
    if (pi0 > 0) layers.unshift({ kind: "rule", y: 1 - pi0, color: 4 });
    if (seen) layers.push({ kind: "points", x: seen.k, y: seen.coverage, color: 2 });
    const at = v => law("zero_inflated_beta", { k: v, alpha, beta, pi0 });
    const words = [`One sample solves ${percent(at(1))} on average, 100 cover ${percent(at(100))}, `
      + `10,000 cover ${percent(at(10000))}.`,
    `Far beyond k = α = ${short(Number(alpha))}, ten times the samples leave `
      + `${percent(10 ** -beta)} of the solvable problems that were open.`];
    if (seen) words.push(`The Beta law fitted to these ${seen.problems} counts has `
      + `α = ${short(seen.alpha)} and β = ${short(seen.beta)}, without a ceiling.`);
    return { charts: [{ x, y: share("coverage"), layers, alt: words.join(" ") }], text: words,
             legend: [[1, "the law"], [3, "its power-law tail"],
                      ...(pi0 > 0 ? [[4, "ceiling"]] : []), ...(seen ? [[2, data]] : [])] };
  },
});

/* Any of k against all of k. */
export const reliability = figure({
  title: "Any of k attempts against all of k attempts",
  controls: [
    { key: "alpha", label: "α, weight of failures", min: 0.02, max: 50, log: true,
      value: +RECORDS.attempts.alpha.toPrecision(3) },
    { key: "beta", label: "β, weight of successes", min: 0.02, max: 50, log: true,
      value: +RECORDS.attempts.beta.toPrecision(3) },
    { key: "k", label: "attempts k", min: 1, max: 100, log: true, whole: true, value: 8 },
  ],
  draw: ({ alpha, beta, k: asked }) => {
    const x = samples(100, "attempts per task k"), k = along(x), seen = RECORDS.attempts;
    const any = v => law("beta_failure", { k: v, alpha, beta });
    const all = v => law("reliability", { k: v, alpha, beta });
    const same = v => 1 - (1 - any(1)) ** v, every = v => any(1) ** v;
    const layers = [
      { kind: "rule", x: asked, color: 5 },
      { kind: "line", x: k, y: k.map(same), color: 1, dash: true },
      { kind: "line", x: k, y: k.map(every), color: 2, dash: true },
      { kind: "line", x: k, y: any(k), color: 1 }, { kind: "line", x: k, y: all(k), color: 2 },
      { kind: "points", x: seen.k, y: seen.any, color: 1 },
      { kind: "points", x: seen.k, y: seen.all, color: 2 }];
    const words = [`One attempt succeeds in ${percent(any(1))}. Of ${short(Number(asked))} attempts, `
      + `at least one succeeds in ${percent(any(asked))} of the tasks, all in `
      + `${percent(all(asked))}.`,
    `If every task had the same success rate, all would succeed in ${percent(every(asked))}: `
      + "tasks differ, and that keeps some of them reliable.",
    `Points: ${seen.tasks} tasks of tau-bench airline. Beyond ${seen.k.at(-1)} attempts the curves `
      + "are the law's alone."];
    return { charts: [{ x, y: share("share of tasks"), layers, alt: words.join(" ") }], text: words,
             legend: [[1, "at least one of k"], [2, "all of k"],
                      [5, "dashed: one rate for every task"]] };
  },
});
