/**
 * @file The bound of a step and its gradient: exactly, or at samples drawn by their weights.
 *
 * The gradient of Eq. 3 is that of ln w, averaged over the samples by their weights. So a few samples
 * drawn by those weights give it in expectation (Burda et al. 2015), and only they need to go backwards:
 * with K = 50 a step takes less than half as long. Systematic draws add little noise of their own.
 */
import type { Tensor } from "../array/tensor.ts";
import { zeros } from "../array/tensor.ts";
import type { Engine } from "../engine/engine.ts";
import type { Sampling } from "./iwae.ts";
import { gradientName, logWeightsGraph, meanLogWeight, trainingGraph } from "./iwae.ts";
import type { Network } from "./network.ts";

type Numbers = Tensor<"float32">;
type ByName = Readonly<Record<string, Numbers>>;

/** What a step looks at; `noise` is [B K, d]. */
export interface StepInputs {
  readonly x: Numbers;
  readonly noise: Numbers;
  readonly priorWeight: Numbers;
}

export interface BoundGradient {
  /**
   * Writes the gradients of the negative bound and answers the bound, nats per observation. `draw` gives
   * uniform numbers in [0, 1).
   */
  run(inputs: StepInputs, draw: () => number): Promise<number>;
  dispose(): Promise<void>;
}

export interface BoundGradientOptions extends Sampling {
  readonly engine: Engine;
  readonly network: Network;
  /** Samples of an observation that go backwards; all of them by default. */
  readonly gradientSamples?: number | undefined;
  /** Parameters, and where their gradients go, by name. */
  readonly parameters: ByName;
  readonly gradients: ByName;
}

export function boundGradient(options: BoundGradientOptions): Promise<BoundGradient> {
  const { samples, gradientSamples = samples } = options;
  return gradientSamples < samples ? resampled(options, gradientSamples) : exact(options);
}

async function exact({
  engine,
  network,
  parameters,
  gradients,
  ...sampling
}: BoundGradientOptions) {
  const program = await engine.compile(trainingGraph(network, sampling));
  const into = { objective: zeros("float32", []), ...outputs(gradients) };
  return {
    async run(inputs: StepInputs): Promise<number> {
      await program.run({ ...inputs, ...parameters }, into);
      return into.objective.data[0] as number;
    },
    dispose: () => program.dispose(),
  };
}

async function resampled(
  { engine, network, parameters, gradients, ...sampling }: BoundGradientOptions,
  kept: number,
): Promise<BoundGradient> {
  const { batchSize, samples } = sampling;
  const d = network.spec.latentDimension;
  const fewer = { batchSize, samples: kept };
  const weigh = await engine.compile(logWeightsGraph(network, sampling));
  const descend = await engine.compile(trainingGraph(network, fewer, meanLogWeight));
  const into = { objective: zeros("float32", []), ...outputs(gradients) };
  const weighed = { logWeights: zeros("float32", [batchSize, samples]) };
  const noise = zeros("float32", [batchSize * kept, d]);
  return {
    async run(inputs, draw) {
      await weigh.run({ ...inputs, ...parameters }, weighed);
      let sum = 0;
      for (let row = 0; row < batchSize; row++) {
        const all = weighed.logWeights.data.subarray(row * samples, (row + 1) * samples);
        const { chosen, logMean } = drawByWeight(all, kept, draw());
        sum += logMean;
        chosen.forEach((sample, i) => {
          const from = (row * samples + sample) * d;
          noise.data.set(inputs.noise.data.subarray(from, from + d), (row * kept + i) * d);
        });
      }
      await descend.run({ ...inputs, noise, ...parameters }, into);
      return sum / batchSize;
    },
    async dispose() {
      await weigh.dispose();
      await descend.dispose();
    },
  };
}

const outputs = (gradients: ByName): ByName =>
  Object.fromEntries(Object.entries(gradients).map(([name, g]) => [gradientName(name), g]));

/**
 * `count` places drawn by the weights e^x, where their running sum passes equal steps from a uniform
 * `offset` in [0, 1) on; each is drawn within one of as often as its share says. With it ln mean e^x.
 * Where no weight is finite the places are the first ones.
 */
export function drawByWeight(
  logarithms: ArrayLike<number>,
  count: number,
  offset: number,
): { readonly chosen: Int32Array; readonly logMean: number } {
  const n = logarithms.length;
  const greatest = Math.max(...Array.from(logarithms));
  const sums = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += Math.exp((logarithms[i] as number) - greatest);
    sums[i] = total;
  }
  const chosen = new Int32Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    const target = ((i + offset) / count) * total;
    while (at < n - 1 && (sums[at] as number) <= target) at++;
    chosen[i] = at;
  }
  return { chosen, logMean: greatest + Math.log(total / n) };
}
