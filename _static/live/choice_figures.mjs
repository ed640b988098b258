/* Live figures of choosing one answer, and of what it costs: votes, best of n, cost. */
import { law, optimal_n } from "./laws.mjs";
import { prompt_flops, total_flops, trial_flops } from "./resources.mjs";
import { along } from "./plot.mjs";
import { figure, percent, short } from "./kit.mjs";
import { RECORDS } from "./records.mjs";

const share = label => ({ min: 0, max: 1, label });
const EASY = RECORDS.examples.vote_mixture, CHOSEN = RECORDS.examples.best_of_n;

/* Two kinds of problems under a vote. */
export const majority_vote = figure({
  title: "A majority vote over easy and hard problems",
  controls: [
    { key: "alpha", label: "share of easy problems", min: 0, max: 1, value: EASY.alpha },
    { key: "p1", label: "chance of a correct vote, easy", min: 0.5, max: 1, value: EASY.p1 },
    { key: "p2", label: "chance of a correct vote, hard", min: 0, max: 0.5, value: EASY.p2 },
    { key: "k", label: "votes k, odd", min: 1, max: 999, log: true, whole: true, value: 15 },
  ],
  draw: ({ alpha, p1, p2, k: asked }) => {
    const x = { min: 1, max: 1000, log: true, label: "votes per problem k" }, k = along(x);
    const votes = 2 * Math.floor((asked - 1) / 2) + 1;  // the law refuses fewer than one
    const at = v => law("vote_mixture", { k: v, alpha, p1, p2 }), y = at(k);
    const best = k[y.indexOf(Math.max(...y))], layers = [
      { kind: "rule", y: Number(alpha), color: 4 }, { kind: "rule", x: votes, color: 5 },
      { kind: "line", x: k, y: law("majority_vote", { k, p: p1 }), color: 3, dash: true },
      { kind: "line", x: k, y: law("majority_vote", { k, p: p2 }), color: 2, dash: true },
      { kind: "line", x: k, y }];
    const steps = y.slice(1).map((v, i) => v - y[i]), one = at(1);
    const words = [`One answer is right in ${percent(one)}, a vote of ${short(votes)} in `
      + `${percent(at(votes))}; without end it goes to ${percent(Number(alpha))}, the share of easy `
      + "problems.",
    best > 1.01 && best < 999 ? `The best vote has about ${short(best, 2)} answers; more are worse.`
      : steps.every(v => v > -1e-12) ? "More votes are never worse."
      : steps.every(v => v < 1e-12) ? "More votes are never better."
      : "A few votes lose, and many gain or lose: see the curve."];
    return { charts: [{ x, y: share("accuracy"), layers, alt: words.join(" ") }], text: words,
             legend: [[1, "all problems"], [3, "easy"], [2, "hard"], [4, "limit"]] };
  },
});

/* Best of n with a scorer that can be fooled. */
export const best_of_n = figure({
  title: "Best of n with a scorer that can be fooled",
  controls: [
    { key: "q", label: "q, success rate of one sample", min: 0.001, max: 0.9, log: true,
      value: CHOSEN.q },
    { key: "f", label: "f, share of false positives", min: 0, max: 0.1, value: CHOSEN.f },
    { key: "n", label: "samples n", min: 1, max: 10000, log: true, whole: true, value: 100 },
  ],
  draw: ({ q, f, n: asked }) => {
    const x = { min: 1, max: 10000, log: true, label: "samples n" }, n = along(x);
    const at = v => law("best_of_n", { n: v, q, f }), best = f > 0 ? optimal_n(q, f) : Infinity;
    const layers = [
      { kind: "rule", x: Number(asked), color: 5 },
      { kind: "line", x: n, y: law("best_of_n", { n, q, f: 0 }), color: 3, dash: true },
      { kind: "line", x: n, y: at(n) }];
    if (best >= 1 && best < 1e4)
      layers.push({ kind: "points", x: [best], y: [at(best)], color: 2 });
    const words = [`The best of ${short(Number(asked), 4)} is right in ${percent(at(asked))}; a perfect `
      + `scorer would reach ${percent(law("best_of_n", { n: asked, q, f: 0 }))}.`,
    f > 0 ? `Accuracy is largest at n = ${short(Math.max(best, 1))}, `
        + `${percent(at(Math.max(best, 1)))}; beyond, false positives win.`
      : "Without false positives more samples never hurt."];
    return { charts: [{ x, y: share("chance that the choice is right"), layers,
                        alt: words.join(" ") }], text: words,
             legend: [[1, "the scorer"], [3, "a perfect scorer"], [2, "best n"]] };
  },
});

const SIZES = [8e9, 7e10], SHAPES = [RECORDS.curves["Llama-3-8B-Instruct on MATH"],
                                     RECORDS.curves["Llama-3-70B-Instruct on MATH"]];
const tidy = x => +x.toPrecision(3);

/* Two models at equal cost. */
export const inference_cost = figure({
  title: "Two models at equal cost",
  controls: [
    { key: "n1", label: "small model, parameters in billions", min: 0.1, max: 100, log: true,
      value: SIZES[0] / 1e9 },
    { key: "a1", label: "small model, α", min: 0.05, max: 50, log: true,
      value: tidy(SHAPES[0].alpha) },
    { key: "b1", label: "small model, β", min: 0.05, max: 3, log: true,
      value: tidy(SHAPES[0].beta) },
    { key: "n2", label: "large model, parameters in billions", min: 0.1, max: 1000, log: true,
      value: SIZES[1] / 1e9 },
    { key: "a2", label: "large model, α", min: 0.05, max: 50, log: true, value: tidy(SHAPES[1].alpha) },
    { key: "b2", label: "large model, β", min: 0.05, max: 3, log: true, value: tidy(SHAPES[1].beta) },
    { key: "prompt", label: "tokens of the prompt", min: 0, max: 10000, whole: true, value: 500 },
    { key: "answer", label: "tokens of an answer", min: 1, max: 10000, log: true, whole: true,
      value: 300 },
  ],
  draw: s => {
    const models = [[s.n1, s.a1, s.b1], [s.n2, s.a2, s.b2]].map(([size, alpha, beta]) => ({
      alpha, beta, C_p: prompt_flops(size * 1e9, s.prompt),
      C_d: trial_flops(size * 1e9, s.prompt, s.answer), one: total_flops(1, size * 1e9, s.prompt,
                                                                         s.answer) }));
    const low = Math.min(...models.map(m => m.one)), high = Math.max(...models.map(m => m.one));
    const x = { min: low / 2, max: high * 2000, log: true, label: "FLOPs per problem" };
    const C = along(x, 241), curve = ({ alpha, beta, C_p, C_d }) =>
      law("inference_cost", { C, C_p, C_d, alpha, beta }).map(v => 1 - v);
    const ys = models.map(curve), ahead = C.map((_, i) => Math.sign(ys[0][i] - ys[1][i]));
    const turns = C.filter((c, i) => i && c >= high && ahead[i] * ahead[i - 1] < 0);
    const name = v => (v >= 0 ? "small" : "large");
    const layers = ys.map((y, i) => ({ kind: "line", x: C, y, color: i + 1 }));
    for (const turn of turns) layers.push({ kind: "rule", x: turn, color: 5 });
    const at = models.map(({ alpha, beta, C_p, C_d }) =>
      percent(1 - law("inference_cost", { C: high, C_p, C_d, alpha, beta })));
    const words = [`At the price of one large answer (${short(high)} FLOPs) the small model covers `
      + `${at[0]} with ${short((high - models[0].C_p) / models[0].C_d)} answers, the large one `
      + `${at[1]}.`,
    turns.length ? `The lead changes at ${turns.map(t => `${short(t, 2)} FLOPs`).join(" and ")}: the `
        + `${name(ahead.at(-1))} model is ahead in the end.`
      : `From there on the ${name(ahead.at(-1))} model is ahead at every budget shown.`];
    return { charts: [{ x, y: share("coverage"), layers, alt: words.join(" ") }], text: words,
             legend: [[1, "small model"], [2, "large model"], [5, "change of lead"]] };
  },
});
