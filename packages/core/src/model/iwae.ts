/**
 * @file The objective of the importance-weighted autoencoder (Eq. 2 to 4; Burda et al. 2015).
 *
 * With K = 1 it is the ELBO of the variational autoencoder, estimated from one sample.
 */
import { vjp } from "../graph/differentiate.ts";
import type { Graph } from "../graph/graph.ts";
import { again, graph, rewrite } from "../graph/graph.ts";
import {
  add,
  input,
  log,
  mul,
  reduceLogSumExp,
  reduceMean,
  reduceSum,
  reshape,
  Softplus,
  scalar,
  softplusFromLog,
  sqrt,
  square,
  sub,
} from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import { logLikelihood } from "./likelihood.ts";
import type { Network } from "./network.ts";
import type { Weights } from "./parameters.ts";
import { weightInputs } from "./parameters.ts";

/** How many observations at once, and how many samples z for each. */
export interface Sampling {
  readonly batchSize: number;
  /** K of Eq. 3. */
  readonly samples: number;
}

/**
 * ln w of Eq. 4, [B, K], for x: [B, D] and standard normal noise: [B K, d], the samples of one
 * observation one after another. z = mean + noise * sqrt(variance), so that
 * ln p(z) - ln q(z|x) = sum (noise^2 - z^2 + ln variance) / 2.
 *
 * `priorWeight` multiplies that difference; less than 1 while the prior warms up.
 */
export function logWeights(
  network: Network,
  x: Value,
  noise: Value,
  weights: Weights,
  { batchSize, samples }: Sampling,
  priorWeight: Value,
): Value {
  const { latentDimension: d, dataDimension } = network.spec;
  const { mean, variance } = network.encode(x, weights);
  const each = (value: Value, width: number): Value => reshape(value, [batchSize, 1, width]);
  const epsilon = reshape(noise, [batchSize, samples, d]);
  const z = add(each(mean, d), mul(epsilon, each(sqrt(variance), d)));
  const difference = add(sub(square(epsilon), square(z)), each(log(variance), d));
  const prior = mul(reduceSum(difference, [2]), 0.5);
  const last = network.decode(reshape(z, [batchSize * samples, d]), weights);
  const likelihood = logLikelihood(
    network.spec,
    each(x, dataDimension),
    reshape(last, [batchSize, samples, dataDimension]),
    weights,
  );
  return add(likelihood, mul(prior, priorWeight));
}

/** The bound of Eq. 3 in nats per observation: the mean over the batch of ln mean_k w_k. */
export function bound(logWeights: Value): Value {
  const samples = logWeights.shape[1] as number;
  return sub(reduceMean(reduceLogSumExp(logWeights, [1])), Math.log(samples));
}

/**
 * The mean of ln w over samples and batch: the ELBO. At samples that were drawn by their weights its
 * gradient is that of the bound, in expectation.
 */
export const meanLogWeight = (logWeights: Value): Value => reduceMean(logWeights);

/**
 * The same graph with ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), put in after differentiation:
 * ONNX Runtime's Softplus is slow (about 8 ns an element), its Exp and Log are not. With 784 pixels
 * it was a sixth of the step.
 */
function withoutSoftplus(source: Graph): Graph {
  return rewrite(source, (value, inputs) =>
    value.operator === Softplus ? softplusFromLog(inputs[0] as Value) : again(value, inputs),
  );
}

/** Name of the output that holds the gradient of a parameter. */
export const gradientName = (parameter: string): string => `gradient.${parameter}`;

/**
 * One graph for an objective and its gradients. Inputs `x` [B, D], `noise` [B K, d], `priorWeight` [],
 * and every parameter; outputs `objective` [], and for every parameter the gradient of the *negative*
 * objective, so that an optimiser goes downhill.
 */
export function trainingGraph(
  network: Network,
  sampling: Sampling,
  objective: (logWeights: Value) => Value = bound,
): Graph {
  const { x, noise, priorWeight, weights } = inputs(network, sampling);
  const value = objective(logWeights(network, x, noise, weights, sampling, priorWeight));
  const names = network.parameters.map(({ name }) => name);
  const wanted = names.map((name) => weights[name] as Value);
  const gradients = vjp([value], wanted, [scalar("float32", -1)]);
  return withoutSoftplus(
    graph([x, noise, priorWeight, ...wanted], {
      objective: value,
      ...Object.fromEntries(names.map((name, i) => [gradientName(name), gradients[i] as Value])),
    }),
  );
}

/** ln w [B, K] alone; inputs as in `trainingGraph`. */
export function logWeightsGraph(network: Network, sampling: Sampling): Graph {
  const { x, noise, priorWeight, weights } = inputs(network, sampling);
  return withoutSoftplus(
    graph([x, noise, priorWeight, ...Object.values(weights)], {
      logWeights: logWeights(network, x, noise, weights, sampling, priorWeight),
    }),
  );
}

function inputs({ spec, parameters }: Network, { batchSize, samples }: Sampling) {
  return {
    x: input("x", "float32", [batchSize, spec.dataDimension]),
    noise: input("noise", "float32", [batchSize * samples, spec.latentDimension]),
    priorWeight: input("priorWeight", "float32", []),
    weights: weightInputs(parameters),
  };
}
