/* Special functions of real numbers: differences of log Gamma that keep their digits, and the
   regularised incomplete Beta function. No imports. */
const LARGE = 16, HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/* log Gamma(x) beyond Stirling, for x >= 16. */
export function stirlingTail(x) {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x;
}

/* log Gamma(x) for x > 0. */
export function logGamma(x) {
  let product = 1, y = x;
  for (; y < LARGE; y += 1) product *= y;
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_2PI + stirlingTail(y) - Math.log(product);
}

/* log Gamma(x + d) - log Gamma(x) for x > 0, d >= 0. */
export function logGammaRatio(x, d) {
  let below = 0, y = x;
  for (; y < LARGE; y += 1) below += Math.log1p(d / y);
  const tails = stirlingTail(y + d) - stirlingTail(y);
  return (y - 0.5) * Math.log1p(d / y) + d * Math.log(y + d) - d + tails - below;
}

/* Digamma and trigamma of x > 0. */
export function polygammas(x) {
  let first = 0, second = 0, z = x;
  for (; z < LARGE; z += 1) {
    first -= 1 / z;
    second += 1 / (z * z);
  }
  const r = 1 / z, y = r * r;
  first += Math.log(z) - r / 2 - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)));
  second += r + y / 2
    + r * y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - 5 * y / 66))));
  return [first, second];
}

export const logBeta = (a, b) => logGamma(Math.min(a, b)) - logGammaRatio(Math.max(a, b),
                                                                          Math.min(a, b));

/* x log y, and 0 where x is 0. */
export const xlogy = (x, y) => (x === 0 ? 0 : x * Math.log(y));

/* log C(n, c). */
export const logChoose = (n, c) => -Math.log(n + 1) - logBeta(c + 1, n - c + 1);

/* I_x(a, b): continued fraction on the side where it converges fast. */
export function betaInc(a, b, x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return front * fraction(a, b, x) / a;
  return 1 - front * fraction(b, a, 1 - x) / b;
}

/* The continued fraction of I_x(a, b), evaluated from the front. */
function fraction(a, b, x) {
  const kept = v => (Math.abs(v) < 1e-300 ? 1e-300 : v);
  let c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), f = d;
  for (let m = 1; m < 20000; m += 1) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    f *= c * d;
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    f *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return f;
}

/* The x with I_x(a, b) = y, by halving. */
export function betaIncInverse(a, b, y) {
  let low = 0, high = 1;
  for (let i = 0; i < 1100 && high - low > 1e-16 * high; i += 1) {
    const middle = (low + high) / 2;
    if (betaInc(a, b, middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/* Quantile of sorted numbers, linear between them. */
export function quantile(sorted, share) {
  const at = share * (sorted.length - 1), low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/* Seeded uniform numbers between 0 and 1: a Weyl sequence whose terms are mixed (32 bits). */
export function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9E3779B9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85EBCA6B);
    z = Math.imul(z ^ (z >>> 13), 0xC2B2AE35);
    return ((z ^ (z >>> 16)) >>> 0) / 4294967296;
  };
}
