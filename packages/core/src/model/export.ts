/**
 * @file A trained model as graphs that any ONNX tool opens: the two halves with their numbers.
 *
 * Both speak in the units of the data: where the model was trained on scaled columns, the scaling
 * is part of the graph.
 */

import { tensorFrom } from "../array/tensor.ts";
import type { Scaling } from "../format/model.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import {
  add,
  constant,
  div,
  exp,
  expand,
  input,
  mul,
  square,
  sub,
} from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import { meanOf } from "./likelihood.ts";
import type { ModelSpec } from "./network.ts";
import { logSigma, network } from "./network.ts";
import { weightConstants } from "./parameters.ts";

const row = (numbers: readonly number[]): Value =>
  constant(tensorFrom("float32", [numbers.length], numbers));

/** `decoder.onnx`: z [n, d] to mean [n, D], and variance [n, D] for a Gaussian likelihood. */
export function decoderGraph(spec: ModelSpec, parameters: Float32Array, scaling?: Scaling): Graph {
  const net = network(spec);
  const weights = weightConstants(net.parameters, parameters);
  const z = input("z", "float32", ["n", spec.latentDimension]);
  const scaled = meanOf(spec, net.decode(z, weights));
  const scale = scaling && row(scaling.scale);
  const mean = scaling && scale ? add(mul(scaled, scale), row(scaling.offset)) : scaled;
  const s = weights[logSigma];
  if (!s) return graph([z], { mean });
  const variance = exp(mul(s, 2));
  const unscaled = scale ? mul(variance, square(scale)) : variance;
  return graph([z], { mean, variance: expand(unscaled, ["n", spec.dataDimension]) });
}

/** `encoder.onnx`: x [n, D] to mean and variance of q(z|x), both [n, d]. */
export function encoderGraph(spec: ModelSpec, parameters: Float32Array, scaling?: Scaling): Graph {
  const net = network(spec);
  const weights = weightConstants(net.parameters, parameters);
  const x = input("x", "float32", ["n", spec.dataDimension]);
  const scaled = scaling ? div(sub(x, row(scaling.offset)), row(scaling.scale)) : x;
  return graph([x], { ...net.encode(scaled, weights) });
}
