/**
 * @file The precision network: how sure a model is at a latent point, from where its codes lie.
 *
 * beta(z) = zeta + sum_k w_k exp(-|z - c_k|^2 / (2 b_k^2)) with centres by k-means and widths from
 * the clusters (after Arvanitidis, Hansen and Hauberg 2018). It is fitted after training, so any
 * decoder can have one. Among the codes the standard deviation 1 / sqrt(beta) is the model's own;
 * away from them it rises to a far larger one.
 */
import { InputError } from "../array/errors.ts";
import { distance } from "../array/linear.ts";
import { random } from "../array/random.ts";
import { tensorFrom } from "../array/tensor.ts";
import { add, constant, exp, matmul, mul, reduceSum, square, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";

export interface PrecisionNetwork {
  /** [K, d]. */
  readonly centres: Float64Array;
  /** b_k, [K]. */
  readonly widths: Float64Array;
  /** w_k, [K]. */
  readonly weights: Float64Array;
  /** zeta: the precision far away. */
  readonly floor: number;
}

export interface PrecisionOptions {
  /** Latent codes of the data, [n, d]. */
  readonly codes: ArrayLike<number>;
  readonly d: number;
  /** Standard deviation of an observation where the data is. */
  readonly sigma: number;
  /** How many times that it is far away; 100 by default. */
  readonly far?: number;
  /** K; 64 by default. */
  readonly centres?: number;
  /** Width over the mean distance of a cluster's codes from its centre; 2 by default. */
  readonly spread?: number;
  readonly seed?: number;
}

/** Codes that the fit looks at; more change little. */
const most = 4000;

/** Fits a precision network. Throws `InputError` without codes or for a sigma that is not positive. */
export function precisionNetwork(options: PrecisionOptions): PrecisionNetwork {
  const { d, sigma, far = 100, spread = 2, seed = 1 } = options;
  const codes = sample(options.codes, d, seed);
  const n = codes.length / d;
  if (!(n >= 1)) throw new InputError("precision network: expected codes of the data, got none");
  if (!(sigma > 0)) throw new InputError(`precision network: expected sigma above 0, got ${sigma}`);
  const count = Math.min(options.centres ?? 64, n);
  const { centres, members } = kMeans(codes, d, count, seed);
  const widths = widthsOf(codes, d, centres, members).map((width) => spread * width);
  const floor = 1 / (far * sigma) ** 2;
  const kernels = new Float64Array(n * count);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < count; k++)
      kernels[i * count + k] = Math.exp(
        -((distance(codes, i * d, centres, k * d, d) / (widths[k] as number)) ** 2) / 2,
      );
  return { centres, widths, floor, weights: fit(kernels, count, sigma, floor) };
}

/**
 * Weights of greatest likelihood for observations that are off by sigma at every code: the sum of
 * ln beta - sigma^2 beta. Multiplying by the ratio of the two parts of the slope raises it in every
 * round and keeps the weights positive.
 */
function fit(kernels: Float64Array, count: number, sigma: number, floor: number): Float64Array {
  const n = kernels.length / count;
  const weights = new Float64Array(count).fill(1 / sigma ** 2);
  const total = new Float64Array(count);
  for (let at = 0; at < kernels.length; at++)
    total[at % count] = (total[at % count] as number) + (kernels[at] as number);
  for (let round = 0; round < 200; round++) {
    const pull = new Float64Array(count);
    for (let i = 0; i < n; i++) {
      let beta = floor;
      for (let k = 0; k < count; k++)
        beta += (weights[k] as number) * (kernels[i * count + k] as number);
      for (let k = 0; k < count; k++)
        pull[k] = (pull[k] as number) + (kernels[i * count + k] as number) / beta;
    }
    for (let k = 0; k < count; k++)
      weights[k] =
        ((weights[k] as number) * (pull[k] as number)) / (sigma ** 2 * (total[k] as number));
  }
  return weights;
}

function sample(codes: ArrayLike<number>, d: number, seed: number): Float64Array {
  const n = codes.length / d;
  if (n <= most) return Float64Array.from(codes);
  const chosen = random(seed, "precision", "codes").permutation(n).subarray(0, most);
  return Float64Array.from({ length: most * d }, (_, i) =>
    Number(codes[(chosen[Math.floor(i / d)] as number) * d + (i % d)]),
  );
}

/** Lloyd's rounds from random codes; a centre without codes stays where it is. */
function kMeans(codes: Float64Array, d: number, count: number, seed: number) {
  const n = codes.length / d;
  const chosen = random(seed, "precision", "centres").permutation(n);
  const centres = Float64Array.from(
    { length: count * d },
    (_, i) => codes[(chosen[Math.floor(i / d)] as number) * d + (i % d)] as number,
  );
  const members = new Int32Array(n);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < n; i++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        const apart = distance(codes, i * d, centres, k * d, d);
        if (apart < nearest) [nearest, members[i]] = [apart, k];
      }
    }
    const sums = new Float64Array(count * d);
    const sizes = new Float64Array(count);
    for (let i = 0; i < n; i++) {
      const k = members[i] as number;
      sizes[k] = (sizes[k] as number) + 1;
      for (let axis = 0; axis < d; axis++)
        sums[k * d + axis] = (sums[k * d + axis] as number) + (codes[i * d + axis] as number);
    }
    for (let at = 0; at < sums.length; at++) {
      const size = sizes[Math.floor(at / d)] as number;
      if (size > 0) centres[at] = (sums[at] as number) / size;
    }
  }
  return { centres, members };
}

/** Mean distance of a cluster's codes from its centre; that of all where a cluster has one code. */
function widthsOf(codes: Float64Array, d: number, centres: Float64Array, members: Int32Array) {
  const count = centres.length / d;
  const [sums, sizes] = [new Float64Array(count), new Float64Array(count)];
  members.forEach((k, i) => {
    sums[k] = (sums[k] as number) + distance(codes, i * d, centres, k * d, d);
    sizes[k] = (sizes[k] as number) + 1;
  });
  const all = sums.reduce((a, b) => a + b, 0) / members.length || 1;
  return sums.map((sum, k) => (sum > 0 ? sum / (sizes[k] as number) : all));
}

/** beta(z) [n, 1] as part of a graph. */
export function precisionAt(
  z: Value,
  { centres, widths, weights, floor }: PrecisionNetwork,
): Value {
  const [count, d] = [widths.length, z.shape[1] as number];
  const matrix = (shape: number[], numbers: ArrayLike<number>): Value =>
    constant(tensorFrom(z.type, shape, Array.from(numbers)));
  // Axis by axis: |z|^2 - 2 z c + |c|^2 would cancel.
  const squares = Array.from({ length: d }, (_, k) => {
    const along = matmul(
      z,
      matrix(
        [d, 1],
        Array.from({ length: d }, (_, l) => (l === k ? 1 : 0)),
      ),
    );
    const centre = Array.from({ length: count }, (_, c) => centres[c * d + k] as number);
    return square(sub(along, matrix([count], centre)));
  }).reduce(add);
  const exponent = mul(
    squares,
    matrix(
      [count],
      widths.map((b) => -1 / (2 * b * b)),
    ),
  );
  return add(floor, reduceSum(mul(exp(exponent), matrix([count], weights)), [1], true));
}
