/**
 * @file What a trained model is worth, and where its data lie: the held-out log-likelihood by
 * importance sampling, and the latent means of all data. Both in chunks of one fixed shape.
 */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import type { Tensor } from "../array/tensor.ts";
import { zeros } from "../array/tensor.ts";
import type { Engine } from "../engine/engine.ts";
import type { HeldOut } from "../format/model.ts";
import { graph } from "../graph/graph.ts";
import { input } from "../graph/operators/index.ts";
import { describeShape } from "../graph/value.ts";
import { logWeightsGraph } from "./iwae.ts";
import type { ModelSpec } from "./network.ts";
import { network } from "./network.ts";
import { parameterViews, weightInputs } from "./parameters.ts";

export interface EvaluateOptions {
  readonly engine: Engine;
  readonly spec: ModelSpec;
  /** Flat, in the order of `network(spec).parameters`. */
  readonly parameters: Float32Array;
  /** Observations, [N, D]. */
  readonly data: Tensor<"float32">;
  readonly signal?: AbortSignal;
  /** Called with the share that is done. */
  readonly onProgress?: (done: number) => void;
}

export interface HeldOutOptions extends EvaluateOptions {
  readonly seed: number;
  /** Samples of q for each observation; 5000 by default. A multiple of 500 is drawn. */
  readonly samples?: number;
}

/** Observations and samples of one run: 2000 rows of the decoder. */
const chunk = { batchSize: 4, samples: 500 } as const;

/**
 * ln p(x) = ln mean_k w_k with many samples (Eq. 3), averaged over observations, with the standard
 * error of that average. The logarithm of the sum is taken in float64 over all chunks.
 *
 * A lower bound in expectation: what is missing shrinks with the number of samples.
 */
export async function heldOutLikelihood(options: HeldOutOptions): Promise<HeldOut> {
  const { engine, spec, data, seed, samples = 5000 } = options;
  const net = network(spec);
  const rows = rowsOf("heldOutLikelihood", data, spec);
  const rounds = Math.ceil(samples / chunk.samples);
  const x = zeros("float32", [chunk.batchSize, spec.dataDimension]);
  const noise = zeros("float32", [chunk.batchSize * chunk.samples, spec.latentDimension]);
  const into = { logWeights: zeros("float32", [chunk.batchSize, chunk.samples]) };
  const priorWeight = { ...zeros("float32", []), data: Float32Array.of(1) };
  const inputs = { x, noise, priorWeight, ...parameterViews(net.parameters, options.parameters) };
  const program = await engine.compile(logWeightsGraph(net, chunk));
  const likelihoods = new Float64Array(rows);
  for (let start = 0; start < rows; start += chunk.batchSize) {
    if (options.signal?.aborted) break;
    fill(x, data, start);
    const sums = Array.from({ length: chunk.batchSize }, () => new LogSum());
    const { normal } = random(seed, "held-out", start);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < noise.data.length; i++) noise.data[i] = normal();
      await program.run(inputs, into);
      into.logWeights.data.forEach((value, i) => {
        sums[Math.floor(i / chunk.samples)]?.add(value);
      });
    }
    sums.slice(0, rows - start).forEach((sum, i) => {
      likelihoods[start + i] = sum.value() - Math.log(rounds * chunk.samples);
    });
    options.onProgress?.(Math.min(1, (start + chunk.batchSize) / rows));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await program.dispose();
  options.signal?.throwIfAborted();
  return { ...meanWithError(likelihoods), observations: rows, samples: rounds * chunk.samples };
}

/** Mean, and standard deviation over the root of the count. */
function meanWithError(values: Float64Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const variance = values.length > 1 ? squares / (values.length - 1) : 0;
  return { logLikelihood: mean, standardError: Math.sqrt(variance / values.length) };
}

/** ln sum e^x of a stream, kept relative to its greatest term. */
class LogSum {
  private greatest = Number.NEGATIVE_INFINITY;
  private sum = 0;

  add(x: number): void {
    if (x > this.greatest) {
      this.sum = this.sum * Math.exp(this.greatest - x) + 1;
      this.greatest = x;
    } else this.sum += Math.exp(x - this.greatest);
  }

  value(): number {
    return this.greatest + Math.log(this.sum);
  }
}

/** Latent means of all observations, [N, d]. */
export async function encodeAll(options: EvaluateOptions): Promise<Tensor<"float32">> {
  const { engine, spec, data } = options;
  const net = network(spec);
  const rows = rowsOf("encodeAll", data, spec);
  const d = spec.latentDimension;
  const size = Math.min(rows, 1000);
  const value = input("x", "float32", [size, spec.dataDimension]);
  const weights = weightInputs(net.parameters);
  const { mean } = net.encode(value, weights);
  const used = net.parameters.filter(({ name }) => name.startsWith("encoder."));
  const program = await engine.compile(
    graph([value, ...used.map(({ name }) => weights[name] as typeof value)], { mean }),
  );
  const x = zeros("float32", [size, spec.dataDimension]);
  const into = { mean: zeros("float32", [size, d]) };
  const inputs = { x, ...parameterViews(net.parameters, options.parameters) };
  const latents = zeros("float32", [rows, d]);
  for (let start = 0; start < rows; start += size) {
    fill(x, data, start);
    await program.run(inputs, into);
    const wanted = Math.min(size, rows - start);
    latents.data.set(into.mean.data.subarray(0, wanted * d), start * d);
    options.onProgress?.((start + wanted) / rows);
  }
  await program.dispose();
  return latents;
}

/** Copies rows from `start` on; past the end the last ones stay, and are not looked at. */
function fill(x: Tensor<"float32">, data: Tensor<"float32">, start: number): void {
  const [rows, width] = x.shape as [number, number];
  x.data.set(data.data.subarray(start * width, (start + rows) * width));
}

function rowsOf(name: string, { shape }: Tensor, { dataDimension }: ModelSpec): number {
  const [rows, columns] = shape;
  if (shape.length !== 2 || columns !== dataDimension || !rows)
    throw new InputError(
      `${name}: expected data [N, ${dataDimension}], got ${describeShape(shape)}`,
    );
  return rows;
}
