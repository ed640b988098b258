/* FLOPs, bytes and seconds of a transformer that writes, at the peak of a card. */
import { Refusal } from "./laws.mjs";

/* A finite number that is not negative, or not zero either. */
function amount(name, x, positive = false) {
  const number = x === null || x === "" || typeof x === "boolean" ? NaN : Number(x);
  if (!Number.isFinite(number)) throw new Refusal(`${name} = ${x} is not a finite number`);
  if (number < 0) throw new Refusal(`${name} = ${x} is negative`);
  if (positive && number === 0) throw new Refusal(`${name} = ${x} must be positive`);
  return number;
}

/* FLOPs of attention per token of context. */
function attention(layers, width) {
  const sizes = [amount("layers", layers), amount("width", width)];
  if ((sizes[0] > 0) !== (sizes[1] > 0))
    throw new Refusal("layers and width go together: give both, or none to leave out attention");
  return 4 * sizes[0] * sizes[1];
}

const tokens = (size, each, before, n) => n * (2 * size + each * (before + (n + 1) / 2));

/* FLOPs of reading the prompt. */
export function prompt_flops(parameters, nPrompt, layers = 0, width = 0) {
  const each = attention(layers, width), size = amount("parameters", parameters, true);
  return tokens(size, each, 0, amount("n_prompt", nPrompt));
}

/* FLOPs of one trial after its prompt. */
export function trial_flops(parameters, nPrompt, nDecode, layers = 0, width = 0) {
  const each = attention(layers, width), size = amount("parameters", parameters, true);
  return tokens(size, each, amount("n_prompt", nPrompt), amount("n_decode", nDecode, true));
}

/* FLOPs of k trials at one problem. */
export const total_flops = (k, parameters, nPrompt, nDecode, layers = 0, width = 0) =>
  prompt_flops(parameters, nPrompt, layers, width)
  + amount("k", k) * trial_flops(parameters, nPrompt, nDecode, layers, width);

/* Bytes of the weights. */
export const weight_bytes = (parameters, bits = 16) =>
  amount("parameters", parameters, true) * amount("bits", bits, true) / 8;

/* Bytes of keys and values. */
export const kv_cache_bytes = (nTokens, layers, kvHeads, headDim, batch = 1, bits = 16) =>
  2 * amount("layers", layers, true) * amount("kv_heads", kvHeads, true)
  * amount("head_dim", headDim, true) * (amount("bits", bits, true) / 8)
  * amount("tokens", nTokens) * amount("batch", batch);

/* Sequences that fit beside the weights; 0 where nothing fits. */
export function largest_batch(memoryBytes, parameters, nTokens, layers, kvHeads, headDim,
                              bits = 16, cacheBits = 16, overhead = 0) {
  const left = amount("memory_bytes", memoryBytes, true) - weight_bytes(parameters, bits)
    - amount("overhead_bytes", overhead);
  const each = kv_cache_bytes(amount("tokens", nTokens, true), layers, kvHeads, headDim, 1,
                              cacheBits);
  return Math.max(Math.floor(left / each), 0);
}

/* Batch at which the sums take as long as reading the weights. */
export const critical_batch = (flopsPerSecond, bytesPerSecond, bits = 16) =>
  amount("flops_per_second", flopsPerSecond, true)
  / amount("bytes_per_second", bytesPerSecond, true) * amount("bits", bits, true) / 16;

/* Seconds of one step for the whole batch at peak speed. */
export function step_seconds(flopsPerSecond, bytesPerSecond, parameters, batch = 1,
                             cacheBytes = 0, bits = 16) {
  const F = amount("flops_per_second", flopsPerSecond, true);
  const W = amount("bytes_per_second", bytesPerSecond, true), B = amount("batch", batch, true);
  const weights = weight_bytes(parameters, bits) / W;
  return B * amount("cache_bytes", cacheBytes) / W + Math.max(2 * B * parameters / F, weights);
}

/* Tokens of the whole batch per second. */
export const tokens_per_second = (F, W, parameters, batch = 1, cacheBytes = 0, bits = 16) =>
  batch / step_seconds(F, W, parameters, batch, cacheBytes, bits);
