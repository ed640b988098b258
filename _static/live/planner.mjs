/* What to buy: the number of samples of each of two models that reaches a target at least cost, or
   that is most accurate within a budget; by laws whose constants the reader sets. */
import { LAWS, Refusal } from "./laws.mjs";
import { along } from "./plot.mjs";
import { figure, percent, short, table } from "./kit.mjs";
import { RECORDS } from "./records.mjs";

const MOST = 1e6, ROUNDING = 1e-9;

/* Chance that the chosen sample is right: coverage of the Beta law with a ceiling, times the chance
   that no false positive was drawn. */
export const accuracy = ({ alpha, beta, pi0, f }, k) =>
  (1 - f) ** k * LAWS.zero_inflated_beta[1](k, alpha, beta, pi0);

/* Cost of k samples of a problem. */
export const costOf = ({ perSample, perProblem }, k) => perProblem + k * perSample;

/* The k of largest accuracy up to a limit: it rises to one peak, and falls beyond. */
export function bestK(model, limit) {
  let low = 1, high = Math.floor(limit);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accuracy(model, middle + 1) > accuracy(model, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Fewest samples that reach a target, or null. */
export function fewest(model, target) {
  const top = bestK(model, MOST);
  if (accuracy(model, top) < target) return null;
  let low = 1, high = top;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (accuracy(model, middle) >= target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/* The choice of each model, best first: {model, k, cost, value}; models without one are left out. */
export function choose(models, { target, budget }) {
  const picks = models.map(model => {
    const paid = (budget * (1 + ROUNDING) - model.perProblem) / model.perSample;
    const k = target === undefined ? (paid >= 1 ? bestK(model, Math.min(paid, MOST)) : null)
      : fewest(model, target);
    return k && { model, k, cost: costOf(model, k), value: accuracy(model, k) };
  }).filter(Boolean);
  const rank = target === undefined ? (a, b) => b.value - a.value || a.cost - b.cost
    : (a, b) => a.cost - b.cost || b.value - a.value;
  return picks.sort(rank);
}

/* A model as its fields say it; what is impossible is refused by name. */
function read(s, i, name) {
  const given = key => {
    const x = s[`${key}${i}`];
    if (!Number.isFinite(x)) throw new Refusal(`${name}: ${NAMES[key]} is missing`);
    if (x < 0) throw new Refusal(`${name}: ${NAMES[key]} = ${x} is negative`);
    return x;
  };
  const [alpha, beta, pi0, tokens, price] = ["alpha", "beta", "pi0", "tokens", "price"].map(given);
  for (const [key, x] of [["alpha", alpha], ["beta", beta], ["tokens", tokens], ["price", price]])
    if (x === 0) throw new Refusal(`${name}: ${NAMES[key]} must be positive`);
  if (pi0 > 1 || !(s.f >= 0 && s.f < 1))
    throw new Refusal(`a share must be between 0 and 1, not ${pi0 > 1 ? pi0 : s.f}`);
  if (!(s.prompt >= 0)) throw new Refusal(`tokens of the prompt = ${s.prompt} is no length`);
  return { name, alpha, beta, pi0, f: s.f, perSample: tokens * price / 1e6,
           perProblem: s.prompt * price / 1e6 };
}

const NAMES = { alpha: "α", beta: "β", pi0: "share of impossible problems",
                tokens: "tokens of an answer", price: "price of a million tokens" };
const START = [["small model", RECORDS.curves["Llama-3-8B-Instruct on MATH"], 0.1],
               ["large model", RECORDS.curves["Llama-3-70B-Instruct on MATH"], 0.9]];
const tidy = x => +x.toPrecision(3);
const fields = START.flatMap(([name, law, price], i) => [
  { key: `alpha${i}`, label: `${name}: α`, min: 0.02, max: 100, log: true, value: tidy(law.alpha) },
  { key: `beta${i}`, label: `${name}: β`, min: 0.02, max: 5, log: true, value: tidy(law.beta) },
  { key: `pi0${i}`, label: `${name}: share of impossible problems`, min: 0, max: 0.9, value: 0 },
  { key: `tokens${i}`, label: `${name}: tokens of an answer`, min: 1, max: 1e5, log: true,
    whole: true, value: 300 },
  { key: `price${i}`, label: `${name}: price of a million tokens`, min: 0.001, max: 100, log: true,
    value: price },
]);

/* The choice in words and as a table. */
function told(picks, models, goal) {
  const wanted = goal.target === undefined ? `a budget of ${short(goal.budget)} a problem`
    : `an accuracy of ${percent(goal.target)}`;
  if (!picks.length) {
    const tops = models.map(m => `${m.name} ${percent(accuracy(m, bestK(m, MOST)))}`).join(", ");
    return [goal.target === undefined ? `No model gives a sample for ${wanted}.`
      : `No model reaches ${wanted}; the most that can be had is ${tops}.`];
  }
  const [first, second] = picks, words = [`For ${wanted}: ${first.model.name}, `
    + `${short(first.k, 7)} sample${first.k === 1 ? "" : "s"} a problem, right in `
    + `${percent(first.value)} at ${short(first.cost)} a problem.`];
  if (second)
    words.push(goal.target === undefined
      ? `The ${second.model.name} is right in ${percent(second.value)} for the same budget.`
      : `The ${second.model.name} costs ${short(second.cost / first.cost)} times as much.`);
  else words.push("The other model cannot do it.");
  return [...words, table(["model", "samples", "accuracy", "cost of a problem"], picks.map(p =>
    [p.model.name, p.k.toLocaleString("en"), percent(p.value), short(p.cost)]))];
}

export const planner = figure({
  title: "Plan: which model, and how many samples",
  controls: [
    { key: "goal", label: "asked for", kind: "choice",
      options: ["reach a target", "stay within a budget"], value: "reach a target" },
    { key: "target", label: "target: accuracy", min: 0.01, max: 0.99, value: 0.8 },
    { key: "budget", label: "budget of a problem, in the unit of the prices", min: 1e-6, max: 10,
      log: true, value: 0.001 },
    { key: "f", label: "false positives: share of samples that fool the check", min: 0, max: 0.05,
      value: 0 },
    { key: "prompt", label: "tokens of the prompt, read once", min: 0, max: 10000, whole: true,
      value: 500 },
    ...fields,
  ],
  draw: s => {
    const models = START.map(([name], i) => read(s, i, name)), aim = s.goal === "reach a target";
    if (aim && !(s.target > 0 && s.target < 1))
      throw new Refusal(`target = ${s.target} must be between 0 and 1`);
    if (!aim && !(s.budget > 0)) throw new Refusal(`budget = ${s.budget} must be positive`);
    const goal = aim ? { target: s.target } : { budget: s.budget }, picks = choose(models, goal);
    const ones = models.map(m => costOf(m, 1)), low = Math.min(...ones);
    const high = Math.max(...ones, ...picks.map(p => p.cost), aim ? 0 : s.budget) * 30;
    const x = { min: low, max: Math.max(high, low * 1000), log: true, label: "cost of a problem" };
    const layers = models.map((m, i) => {
      const cost = along(x).filter(c => c >= ones[i]);
      return { kind: "line", x: cost, color: i + 1,
               y: cost.map(c => accuracy(m, (c - m.perProblem) / m.perSample)) };
    });
    layers.push(aim ? { kind: "rule", y: s.target, color: 4 }
                    : { kind: "rule", x: s.budget, color: 4 });
    for (const p of picks)
      layers.push({ kind: "points", x: [p.cost], y: [p.value], color: models.indexOf(p.model) + 1 });
    const text = told(picks, models, goal);
    return { charts: [{ x, y: { min: 0, max: 1, label: "accuracy" }, layers,
                        alt: `Accuracy against cost. ${text[0]}` }], text,
             legend: [[1, START[0][0]], [2, START[1][0]], [4, aim ? "target" : "budget"]] };
  },
});
