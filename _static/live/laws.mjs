/* Estimators from counts and the laws that the pages draw, as plain functions of numbers.
   What they may not say they refuse: a Refusal names argument, value and what is wrong. */
import { betaInc, logGammaRatio, stirlingTail, logChoose } from "./numbers.mjs";

export class Refusal extends RangeError {}
const MOST = 1e9, FEW_LEFT = 16;
const refuse = why => { throw new Refusal(why); };
const place = at => (at === undefined ? "" : `[${at}]`);
const list = values => (Array.isArray(values) ? values : [values]);

/* A whole number from `least` to 10^9. */
export function whole(name, x, least = 0, at = undefined) {
  const who = `${name}${place(at)}`;
  if (typeof x === "boolean" || x === null || x === "" || !Number.isFinite(Number(x)))
    refuse(`${who} = ${x} is not a number`);
  const number = Number(x);
  if (!Number.isInteger(number)) refuse(`${who} = ${x} is not a whole number`);
  if (number < least) refuse(`${who} = ${x} is below ${least}`);
  if (number > MOST) refuse(`${who} = ${x} is above 1,000,000,000`);
  return number;
}

/* Counts per problem as pairs of arrays with 0 <= c <= n and n >= 1. */
export function counts(nSamples, nCorrect) {
  const given = [list(nSamples), list(nCorrect)], size = Math.max(...given.map(v => v.length));
  if (!given[0].length) refuse("n_samples is empty");
  if (!given[1].length) refuse("n_correct is empty");
  if (given.some(v => v.length !== 1 && v.length !== size))
    refuse(`n_samples (${given[0].length}) and n_correct (${given[1].length}) do not broadcast`);
  const long = v => (v.length === size ? v : Array(size).fill(v[0]));
  const n = long(given[0].map((x, i) => whole("n_samples", x, 1, i)));
  const c = long(given[1].map((x, i) => whole("n_correct", x, 0, i)));
  const over = n.findIndex((m, i) => c[i] > m);
  if (over >= 0)
    refuse(`n_correct[${over}] = ${c[over]} exceeds n_samples[${over}] = ${n[over]}`);
  return [n, c];
}

/* k as whole numbers that no problem has too few samples for. */
function draws(k, n, name = "k") {
  const least = n.reduce((a, b) => Math.min(a, b));
  return list(k).map((one, i) => {
    if (whole(name, one, 1, i) > least)
      refuse(`${name} = ${one} exceeds n_samples = ${least}: more samples than were drawn `
             + "cannot be judged");
    return Number(one);
  });
}

/* log(1 + x) - x without losing the digits of small x. */
function log1pMinus(x) {
  if (Math.abs(x) >= 0.02) return Math.log1p(x) - x;
  const r = x / (2 + x), y = r * r;
  return r * (y * (2 / 3 + y * (2 / 5 + y * (2 / 7))) - x);
}

/* log [C(n - c, k) / C(n, k)] of checked whole numbers: Stirling series arranged so that nothing
   cancels; two ratios of factorials where fewer than 16 wrong samples would be left. */
export function logFail(n, c, k) {
  const low = Math.min(c, k), high = Math.max(c, k), left = n - c - k;
  if (left < 0) return -Infinity;
  if (low === 0) return 0;
  if (left < FEW_LEFT) return logGammaRatio(left + 1, low) - logGammaRatio(n - low + 1, low);
  const slope = x => Math.log1p(x / (n - x)), rest = x => (n + 0.5) * log1pMinus(-x / n);
  return rest(low) + (left + 0.5) * log1pMinus(low / left)
    + low * (0.5 / left - (slope(high) - slope(low) + 0.5 / n))
    + stirlingTail(n - c) - stirlingTail(n) + stirlingTail(n - k) - stirlingTail(left);
}

const shaped = (like, values) => (Array.isArray(like) ? values : values[0]);

/* One value per problem and k; a single problem, or a single k, has no axis of its own. */
function perProblem(nSamples, nCorrect, k, of) {
  const [n, c] = counts(nSamples, nCorrect), ks = draws(k, n);
  const rows = n.map((m, i) => shaped(k, ks.map(one => of(m, c[i], one))));
  return Array.isArray(nSamples) || Array.isArray(nCorrect) ? rows : rows[0];
}

/* 1 - C(n - c, k) / C(n, k): unbiased chance that k samples contain a correct one. */
export const pass_at_k = (nSamples, nCorrect, k) =>
  perProblem(nSamples, nCorrect, k, (n, c, one) => 0 - Math.expm1(logFail(n, c, one)));

/* C(c, k) / C(n, k): unbiased chance that k samples are all correct, also written pass^k. */
export const all_at_k = (nSamples, nCorrect, k) =>
  perProblem(nSamples, nCorrect, k, (n, c, one) => Math.exp(logFail(n, n - c, one)));

/* Mean of pass@k over problems. */
export function coverage(nSamples, nCorrect, k) {
  const [n, c] = counts(nSamples, nCorrect);
  const of = one => n.reduce((sum, m, i) => sum - Math.expm1(logFail(m, c[i], one)), 0) / n.length;
  return shaped(k, draws(k, n).map(of));
}

/* Chance that the correct answer (first) wins among k of the samples, ties split evenly:
   independent binomials (m_a, k / n), given that their sum is k. */
export function majority_at_k(answerCounts, k, nAbstain = 0) {
  const votes = answerCounts.map((m, i) => whole("answer_counts", m, 0, i));
  const abstain = whole("n_abstain", nAbstain), n = votes.reduce((a, b) => a + b, abstain);
  if (n < 1) refuse("n_samples = 0 is below 1");
  return shaped(k, draws(k, [n]).map(one => wins(votes, abstain, n, one)));
}

function wins([correct, ...wrong], abstain, n, k) {
  const share = k / n, table = m => Array.from({ length: Math.min(m, k) + 1 },
                                               (_, j) => binomial(m, j, share));
  const own = table(correct), silent = table(abstain), tables = wrong.filter(m => m).map(table);
  let total = 0;
  for (let g = 1; g < own.length; g += 1) {
    let level = new Map([[0, spread(silent, own[g], k - g)]]);  // ties -> weight by samples drawn
    for (const row of tables) level = joined(level, row, g, k - g);
    for (const [ties, weight] of level) total += weight[k - g] / (ties + 1);
  }
  return Math.min(1, total / binomial(n, k, share));
}

/* Weights by number drawn, of samples that do not vote. */
const spread = (row, weight, room) =>
  Array.from({ length: room + 1 }, (_, s) => (s < row.length ? weight * row[s] : 0));

/* One more wrong answer: fewer than g votes, or g and one more tie. */
function joined(level, row, g, room) {
  const next = new Map();
  for (const [ties, weight] of level)
    for (let j = 0; j < Math.min(row.length, g + 1, room + 1); j += 1) {
      const key = ties + (j === g);
      if (!next.has(key)) next.set(key, Array(room + 1).fill(0));
      const out = next.get(key);
      for (let s = 0; s + j <= room; s += 1) out[s + j] += weight[s] * row[j];
    }
  return next;
}

/* C(n, j) p^j (1 - p)^(n - j). */
function binomial(n, j, p) {
  if (p === 0 || p === 1) return Number(j === p * n);
  return Math.exp(logChoose(n, j) + j * Math.log(p) + (n - j) * Math.log1p(-p));
}

/* Accuracy of the best scored of n samples; samples with one score share their truth. */
export function best_of_n(scores, correct, n) {
  if (scores.length !== correct.length || !scores.length)
    refuse(`scores (${scores.length}) and correct (${correct.length}) must have one shape`);
  for (const [i, s] of scores.entries())
    if (Number.isNaN(s) || s === Infinity) refuse(`scores[${i}] = ${s} is not a number or infinite`);
  for (const [i, y] of correct.entries())
    if (y !== 0 && y !== 1) refuse(`correct[${i}] = ${y} is neither 0 nor 1`);
  const order = scores.map((s, i) => [s, correct[i]]).sort((a, b) => b[0] - a[0]);
  const size = order.length, missed = (r, one) => Math.exp(logFail(size, r, one));
  const of = one => order.reduce((sum, [score], r) => {
    const tied = order.filter(pair => pair[0] === score);
    const share = tied.reduce((a, pair) => a + pair[1], 0) / tied.length;
    return sum + share * (missed(r, one) - missed(r + 1, one));
  }, 0);
  return shaped(n, draws(n, [size], "n").map(of));
}

/* log E[p^k] of p ~ Beta(alpha, beta). */
const logFailure = (k, alpha, beta) => logGammaRatio(alpha, beta) - logGammaRatio(alpha + k, beta);
const betaCoverage = (k, alpha, beta) => -Math.expm1(logFailure(k, alpha, beta));
const vote = (k, p) => betaInc((k + 1) / 2, (k + 1) / 2, p);
const ANY = [0, Infinity], SHARE = [0, 1], FROM_ONE = [1, Infinity];
const SHAPES = { alpha: ANY, beta: ANY };

/* Each law: ranges of its inputs and parameters, in the order of its arguments, and the formula. */
export const LAWS = {
  coverage_power_law: [{ k: ANY, a: ANY, b: ANY }, (k, a, b) => Math.exp(-a * k ** -b)],
  beta_failure: [{ k: ANY, ...SHAPES }, betaCoverage],
  zero_inflated_beta: [{ k: ANY, ...SHAPES, pi0: SHARE },
                       (k, alpha, beta, pi0) => (1 - pi0) * betaCoverage(k, alpha, beta)],
  reliability: [{ k: ANY, ...SHAPES }, (k, alpha, beta) => Math.exp(logFailure(k, beta, alpha))],
  majority_vote: [{ k: FROM_ONE, p: SHARE }, vote],
  vote_mixture: [{ k: FROM_ONE, alpha: SHARE, p1: [0.5, 1], p2: [0, 0.5] },
                 (k, alpha, p1, p2) => alpha * vote(k, p1) + (1 - alpha) * vote(k, p2)],
  best_of_n: [{ n: FROM_ONE, q: SHARE, f: SHARE },
              (n, q, f) => Math.exp(n * Math.log1p(-f)) * -Math.expm1(n * Math.log1p(-q))],
  inference_cost: [{ C: ANY, C_p: ANY, C_d: ANY, ...SHAPES }, (C, prompt, trial, alpha, beta) =>
    Math.exp(logFailure(Math.max((C - prompt) / trial, 0), alpha, beta))],
  throughput: [{ B: ANY, t_0: ANY, s: ANY }, (B, t0, s) => B / (t0 + s * B)],
  memory: [{ V: ANY, K: ANY, o: ANY, s: ANY }, (V, K, o, s) => V + o + s * K],
};

/* A law at named arguments, each a number; the first input may be a list. */
export function law(key, named) {
  const [ranges, f] = LAWS[key] ?? refuse(`${key} is no law: ${Object.keys(LAWS).join(", ")}`);
  const names = Object.keys(ranges);
  for (const name of Object.keys(named))
    if (!names.includes(name)) refuse(`${key}: unknown: ${name}`);
  for (const name of names) {
    if (named[name] === undefined) refuse(`${key}: missing ${name}`);
    for (const x of list(named[name])) inRange(`${key}: ${name}`, x, ranges[name]);
  }
  const [first, ...others] = names.map(name => named[name]);
  return shaped(first, list(first).map(x => f(Number(x), ...others.map(Number))));
}

function inRange(name, x, [low, high]) {
  const number = x === null || x === "" ? NaN : Number(x);
  if (Number.isNaN(number)) refuse(`${name} = ${x} is not a number`);
  if (number < low)
    refuse(`${name} = ${x} is ${low ? `below ${low}, the least that it can be` : "negative"}`);
  if (number > high) refuse(`${name} = ${x} is above ${high}, the most that it can be`);
}

/* The n where best of n with false positives is most accurate. */
export function optimal_n(q, f) {
  const a = -Math.log1p(-f), b = -Math.log1p(-q);
  return Math.log1p(b / a) / b;
}
