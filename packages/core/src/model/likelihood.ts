/**
 * @file p(x|z) (Section 4.1): Gaussian with one global variance, and Bernoulli.
 *
 * Both take what the decoder's last layer gives, before its activation: the Bernoulli is then
 * computed from logits, where the logarithm of a sigmoid would be lost at the ends.
 */
import { exp, mul, reduceSum, softplus, square, sub } from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import { activations } from "./layers.ts";
import type { ModelSpec } from "./network.ts";
import { logSigma } from "./network.ts";
import type { Weights } from "./parameters.ts";

/** The decoder's mean from its last layer. */
export function meanOf({ mean }: ModelSpec, last: Value): Value {
  return activations[mean](last);
}

/**
 * ln p(x|z), summed over the last axis. `last`: [..., D] is the decoder's last layer before its
 * activation, x broadcasts against it; the result has the shape without the last axis.
 */
export function logLikelihood(spec: ModelSpec, x: Value, last: Value, weights: Weights): Value {
  const axes = [last.shape.length - 1];
  // x ln p + (1 - x) ln(1 - p) with p = sigmoid(l) is x l - ln(1 + e^l).
  if (spec.likelihood === "bernoulli") return reduceSum(sub(mul(x, last), softplus(last)), axes);
  const s = weights[logSigma] as Value;
  const squares = reduceSum(square(sub(x, meanOf(spec, last))), axes);
  const exponent = mul(mul(squares, exp(mul(s, -2))), -0.5);
  const volume = (spec.dataDimension / 2) * Math.log(2 * Math.PI);
  return sub(sub(exponent, mul(s, spec.dataDimension)), volume);
}
