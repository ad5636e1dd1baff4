/**
 * @file A start for the encoder: its means lie where the first principal components of the data
 * put them.
 *
 * Probabilistic PCA (Tipping and Bishop 1999) is the optimum of the linear model, and close to
 * where every training passes early on. From there, data on a circle keep to one ring; from random
 * weights the ring came out folded or cut in two of three seeds of the pendulum
 * (docs/training.md). Hidden layers keep their random weights; only the last, linear layer is
 * fitted, by ridge regression.
 */
import { backward, cholesky, forward } from "../array/linear.ts";
import { random } from "../array/random.ts";
import type { Tensor } from "../array/tensor.ts";
import { tensor } from "../array/tensor.ts";
import type { Engine } from "../engine/engine.ts";
import { graph } from "../graph/graph.ts";
import { input } from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import type { ModelSpec } from "./network.ts";
import { network } from "./network.ts";
import { parameterViews, weightInputs } from "./parameters.ts";

export interface PrincipalOptions {
  readonly engine: Engine;
  readonly spec: ModelSpec;
  readonly data: Tensor<"float32">;
  readonly seed: number;
  /** Variance of q that the encoder starts with; 0.05 by default. */
  readonly variance?: number;
}

/** Rows that the fit looks at. */
const rowsEnough = 4000;

/** Changes the encoder's last layers in `parameters`, in place. */
export async function startAtPrincipalComponents(
  parameters: Float32Array,
  { engine, spec, data, seed, variance = 0.05 }: PrincipalOptions,
): Promise<void> {
  const net = network(spec);
  const views = parameterViews(net.parameters, parameters);
  const sample = sampleRows(data, rowsEnough, seed);
  const scores = principalScores(sample, spec.latentDimension, seed);
  const features = await featuresOf(engine, spec, sample, views);
  const { weights, bias } = ridge(features, scores, spec.latentDimension);
  views["encoder.mean.weight"]?.data.set(weights);
  views["encoder.mean.bias"]?.data.set(bias);
  views["encoder.variance.weight"]?.data.fill(0);
  views["encoder.variance.bias"]?.data.fill(Math.log(Math.expm1(variance)));
}

function sampleRows(data: Tensor<"float32">, most: number, seed: number): Tensor<"float32"> {
  const [n, width] = data.shape as [number, number];
  const rows = random(seed, "principal").permutation(n).subarray(0, most);
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    chosen.set(data.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return tensor("float32", [rows.length, width], chosen);
}

/** Scores of the first d principal components, each of unit variance: [n, d], by subspace iteration. */
function principalScores(data: Tensor<"float32">, d: number, seed: number): Float64Array {
  const [n, width] = data.shape as [number, number];
  const centred = Float64Array.from(data.data);
  for (let j = 0; j < width; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (centred[i * width + j] as number) / n;
    for (let i = 0; i < n; i++) centred[i * width + j] = (centred[i * width + j] as number) - mean;
  }
  const { normal } = random(seed, "principal", "start");
  const axes = Float64Array.from({ length: width * d }, () => normal());
  let scores = new Float64Array(n * d);
  for (let round = 0; round < 30; round++) {
    orthonormalise(axes, width, d);
    scores = product(centred, axes, n, width, d);
    axes.fill(0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < width; j++) {
        const x = centred[i * width + j] as number;
        for (let k = 0; k < d; k++)
          axes[j * d + k] = (axes[j * d + k] as number) + x * (scores[i * d + k] as number);
      }
  }
  orthonormalise(scores, n, d);
  return scores.map((score) => score * Math.sqrt(n));
}

/** [n, m] times [m, d]. */
function product(
  a: Float64Array,
  b: Float64Array,
  n: number,
  m: number,
  d: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const x = a[i * m + j] as number;
      for (let k = 0; k < d; k++)
        result[i * d + k] = (result[i * d + k] as number) + x * (b[j * d + k] as number);
    }
  return result;
}

/** Gram and Schmidt over the d columns of [n, d]; a column that vanishes is left at zero. */
function orthonormalise(columns: Float64Array, n: number, d: number): void {
  const inner = (k: number, l: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++)
      sum += (columns[i * d + k] as number) * (columns[i * d + l] as number);
    return sum;
  };
  for (let k = 0; k < d; k++) {
    for (let l = 0; l < k; l++) {
      const shared = inner(k, l);
      for (let i = 0; i < n; i++)
        columns[i * d + k] =
          (columns[i * d + k] as number) - shared * (columns[i * d + l] as number);
    }
    const length = Math.sqrt(inner(k, k)) || 1;
    for (let i = 0; i < n; i++) columns[i * d + k] = (columns[i * d + k] as number) / length;
  }
}

async function featuresOf(
  engine: Engine,
  spec: ModelSpec,
  data: Tensor<"float32">,
  views: Readonly<Record<string, Tensor<"float32">>>,
): Promise<Tensor> {
  const net = network(spec);
  const x = input("x", "float32", data.shape);
  const weights = weightInputs(net.parameters);
  const used = Object.keys(weights).filter((name) => /^encoder\.\d+\./.test(name));
  const program = await engine.compile(
    graph([x, ...used.map((name) => weights[name] as Value)], {
      features: net.features(x, weights),
    }),
  );
  const { features } = await program.run({ x: data, ...views });
  await program.dispose();
  return features as Tensor;
}

/** Least squares of scores [n, d] on features [n, w] and a constant, with a small penalty. */
function ridge({ shape, data }: Tensor, scores: Float64Array, d: number) {
  const [n, w] = shape as [number, number];
  const size = w + 1;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size * d);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < w; j++) row[j] = data[i * w + j] as number;
    for (let j = 0; j < size; j++) {
      const x = row[j] as number;
      for (let k = 0; k <= j; k++)
        normal[j * size + k] = (normal[j * size + k] as number) + x * (row[k] as number);
      for (let k = 0; k < d; k++)
        right[j * d + k] = (right[j * d + k] as number) + x * (scores[i * d + k] as number);
    }
  }
  for (let j = 0; j < w; j++) normal[j * size + j] = (normal[j * size + j] as number) + 1e-2 * n;
  cholesky(normal, size);
  forward(normal, size, 0, right, 0, d);
  backward(normal, size, 0, right, 0, d);
  return { weights: right.subarray(0, w * d), bias: right.subarray(w * d) };
}
