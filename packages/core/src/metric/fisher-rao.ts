/**
 * @file The Fisher-Rao metric of what a decoder predicts: how well neighbouring codes can be told
 * apart by what is drawn from p(x|z), instead of by the mean alone.
 *
 * Three of the four cases are pull-backs by a map of the parameters, so they cost what the mean
 * does. Bernoulli: J^T diag(1 / (p (1 - p))) J is induced by 2 asin(sqrt p) = 2 atan(exp(l / 2))
 * of the logit l, which is smooth where the first form is not; up to a constant it is
 * 2 atan(tanh(l / 4)), which cannot overflow either. Categorical: 2 sqrt p. Gaussian with constant
 * sigma: mean / sigma. A sigma that varies gives a tensor,
 * J_mu^T S^-1 J_mu + 2 J_sigma^T S^-1 J_sigma with S = diag(sigma^2).
 */
import { InputError } from "../array/errors.ts";
import { tensorFrom } from "../array/tensor.ts";
import { graph, topological } from "../graph/graph.ts";
import {
  asin,
  atan,
  concat,
  constant,
  div,
  exp,
  expand,
  full,
  log,
  logSoftmax,
  matmul,
  max,
  min,
  mul,
  reshape,
  sqrt,
  stack,
  tanh,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";
import type { MapMetric, Metric } from "./metric.ts";
import { axis, derivative, tensorMetric, unit } from "./metric.ts";

export interface FisherRaoOptions {
  readonly likelihood: "bernoulli" | "categorical" | "gaussian";
  /** Of a Gaussian: standard deviation, one number or [D]; by default the decoder's `variance`. */
  readonly sigma?: number | readonly number[];
}

/**
 * The Fisher-Rao metric of a decoder whose `mean` holds the probabilities of independent Bernoulli
 * variables, those of one categorical variable, or the mean of a Gaussian. Throws `InputError` for
 * a Gaussian without a deviation, and for one that does not fit the data.
 */
export function fisherRao(decoder: Decoder, options: FisherRaoOptions): Metric {
  const mean = decoder.graph.outputs.mean as Value;
  if (options.likelihood === "bernoulli") return induced(decoder, bernoulliAngle(mean));
  if (options.likelihood === "categorical") return induced(decoder, mul(2, rootOf(mean)));
  if (options.sigma !== undefined)
    return induced(decoder, div(mean, deviation(mean, options.sigma)));
  const { variance } = decoder.graph.outputs;
  if (!variance)
    throw new InputError(
      "fisher-rao metric: expected a decoder with an output variance, or sigma; got neither",
    );
  const z = decoder.graph.inputs.z as Value;
  if (!topological([variance]).includes(z)) return induced(decoder, div(mean, sqrt(variance)));
  return varyingGaussian(decoder, mean, variance);
}

function induced(decoder: Decoder, x: Value): MapMetric {
  return {
    kind: "map",
    name: "fisher-rao",
    map: graph([decoder.graph.inputs.z as Value], { x }),
    dimension: decoder.latentDimension,
    kinked: decoder.kinked,
  };
}

/** Half a right angle less than 2 asin(sqrt p), from the logits where the decoder has them. */
function bernoulliAngle(p: Value): Value {
  const logits = before("Sigmoid", p);
  if (logits) return mul(2, atan(tanh(mul(0.25, logits))));
  // Where p is rounded to 0 or 1 its root has no slope that is a number.
  const [low, high] = p.type === "float64" ? [1e-15, 1 - 1e-15] : [1e-7, 1 - 1e-7];
  const inside = max(min(p, full(p.type, p.shape, high)), full(p.type, p.shape, low));
  return mul(2, asin(sqrt(inside)));
}

/** sqrt p; through the logarithm of a softmax it has a slope even where p is rounded to 0. */
function rootOf(p: Value): Value {
  const scores = before("Softmax", p);
  if (scores) return exp(mul(0.5, logSoftmax(scores)));
  return sqrt(max(p, full(p.type, p.shape, p.type === "float64" ? 1e-300 : 1e-30)));
}

/** What a decoder's last layer gives before its activation; looks through changes of shape. */
function before(operator: "Sigmoid" | "Softmax", value: Value): Value | null {
  const [input] = value.inputs;
  if (!input) return null;
  const last =
    value.attributes.axis === undefined || value.attributes.axis === value.shape.length - 1;
  if (value.operator.name === operator) return last ? input : null;
  if (value.operator.name !== "Reshape" || operator === "Softmax") return null;
  const found = before(operator, input);
  return found && reshape(found, value.shape);
}

function deviation(mean: Value, sigma: number | readonly number[]): Value {
  const sigmas = typeof sigma === "number" ? [sigma] : sigma;
  const D = mean.shape[1] as number;
  if ((sigmas.length !== 1 && sigmas.length !== D) || !sigmas.every((s) => s > 0))
    throw new InputError(
      `fisher-rao metric: expected sigma above 0, one number or ${D}, got ${sigmas.length} from ${Math.min(...sigmas)} to ${Math.max(...sigmas)}`,
    );
  return constant(tensorFrom(mean.type as "float64", [sigmas.length], sigmas));
}

/** 2 J_sigma^T S^-1 J_sigma is the pull-back by sqrt2 ln sigma = ln(sigma^2) / sqrt2. */
function varyingGaussian(decoder: Decoder, mean: Value, variance: Value): Metric {
  const z = decoder.graph.inputs.z as Value;
  const d = decoder.latentDimension;
  const spread = expand(variance, mean.shape);
  const [sigma, logarithm] = [sqrt(spread), mul(Math.SQRT1_2, log(spread))];
  const columns = Array.from({ length: d }, (_, k) => {
    const direction = axis(z, unit(d, k));
    return concat(
      [div(derivative(mean, z, direction), sigma), derivative(logarithm, z, direction)],
      1,
    );
  });
  const rows = stack(columns, 1);
  const G = matmul(rows, rows, { transposeB: true });
  return { ...tensorMetric("fisher-rao", graph([z], { G })), kinked: decoder.kinked };
}
