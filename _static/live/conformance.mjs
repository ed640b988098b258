/* Runs the conformance file against these modules; conformance_node.mjs is the program for node. */
import { Refusal, all_at_k, best_of_n, coverage, law, majority_at_k, pass_at_k } from "./laws.mjs";
import { critical_batch, kv_cache_bytes, largest_batch, prompt_flops, step_seconds,
         tokens_per_second, total_flops, trial_flops, weight_bytes } from "./resources.mjs";
import { band, fit, predict, resample } from "./fit.mjs";

/* What each name in the file calls here, arguments by name. */
export const CALLS = {
  pass_at_k: a => pass_at_k(a.n_samples, a.n_correct, a.k),
  all_at_k: a => all_at_k(a.n_samples, a.n_correct, a.k),
  coverage: a => coverage(a.n_samples, a.n_correct, a.k),
  majority_at_k: a => majority_at_k(a.answer_counts, a.k, a.n_abstain),
  best_of_n: a => best_of_n(a.scores, a.correct, a.n),
  law: ({ law: key, ...named }) => law(key, named),
  fit: a => {
    const found = fit(a.n_samples, a.n_correct), told = { status: found.status };
    if (found.status !== "NO_MAXIMUM") Object.assign(told, { alpha: found.alpha, beta: found.beta });
    if (found.status !== "NO_MAXIMUM" || found.edge) told.log_likelihood = found.logLikelihood;
    if (a.k) told.coverage = a.k.map(k => predict(found, k));
    return told;
  },
  fit_band: a => {
    const found = fit(a.n_samples, a.n_correct);
    const free = found.status !== "NO_MAXIMUM";
    return band(found, free ? resample(found, a.weights) : null, a.k, a.level);
  },
  prompt_flops: a => prompt_flops(a.parameters, a.n_prompt, a.layers, a.width),
  trial_flops: a => trial_flops(a.parameters, a.n_prompt, a.n_decode, a.layers, a.width),
  total_flops: a => total_flops(a.k, a.parameters, a.n_prompt, a.n_decode, a.layers, a.width),
  weight_bytes: a => weight_bytes(a.parameters, a.bits),
  kv_cache_bytes: a => kv_cache_bytes(a.tokens, a.layers, a.kv_heads, a.head_dim, a.batch, a.bits),
  largest_batch: a => largest_batch(a.memory_bytes, a.parameters, a.tokens, a.layers, a.kv_heads,
                                    a.head_dim, a.bits, a.cache_bits, a.overhead_bytes),
  critical_batch: a => critical_batch(a.flops_per_second, a.bytes_per_second, a.bits),
  step_seconds: a => step_seconds(a.flops_per_second, a.bytes_per_second, a.parameters, a.batch,
                                  a.cache_bytes, a.bits),
  tokens_per_second: a => tokens_per_second(a.flops_per_second, a.bytes_per_second, a.parameters,
                                            a.batch, a.cache_bytes, a.bits),
};

/* Whether an answer has the structure of the value, and its numbers are those. */
function close(got, want, { relative, absolute }) {
  const limits = { relative, absolute };
  if (Array.isArray(want))
    return Array.isArray(got) && got.length === want.length
      && want.every((x, i) => close(got[i], x, limits));
  if (want !== null && typeof want === "object")
    return got !== null && typeof got === "object"
      && Object.entries(want).every(([key, x]) => close(got[key], x, limits));
  if (typeof want === "string") return got === want;
  return Math.abs(got - want) <= Math.max(relative * Math.abs(want), absolute);
}

/* Why a case fails; empty if it passes. */
export function check(row, tolerance, calls = CALLS) {
  let got;
  try {
    got = calls[row.call](row.args);
  } catch (error) {
    if (!(error instanceof Refusal)) return `broke: ${error}`;
    return row.refuse ? "" : `refused: ${error.message}`;
  }
  const shown = JSON.stringify(got);
  if (row.refuse) return `answered ${shown}, should refuse: ${row.refuse}`;
  return close(got, row.value, tolerance) ? "" : `answered ${shown}, not ${JSON.stringify(row.value)}`;
}

/* All cases of the file: how many passed, and what failed. */
export function run(file) {
  const failed = file.cases.map(row => [row, check(row, file.tolerance)]).filter(([, why]) => why);
  return { cases: file.cases.length, passed: file.cases.length - failed.length,
           failed: failed.map(([{ call, args }, why]) => `${call} ${JSON.stringify(args)}: ${why}`) };
}
