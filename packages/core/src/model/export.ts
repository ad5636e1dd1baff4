/**
 * @file A trained model as graphs that any ONNX tool opens: the two halves with their numbers.
 *
 * Both speak in the units the model was trained in, which are those of its noise, so that lengths
 * mean the same in every column. `scaling` in `model.json` says how the data came into them.
 */
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import { exp, expand, input, mul } from "../graph/operators/index.ts";
import { meanOf } from "./likelihood.ts";
import type { ModelSpec } from "./network.ts";
import { logSigma, network } from "./network.ts";
import { weightConstants } from "./parameters.ts";

/** `decoder.onnx`: z [n, d] to mean [n, D], and variance [n, D] for a Gaussian likelihood. */
export function decoderGraph(spec: ModelSpec, parameters: Float32Array): Graph {
  const net = network(spec);
  const weights = weightConstants(net.parameters, parameters);
  const z = input("z", "float32", ["n", spec.latentDimension]);
  const mean = meanOf(spec, net.decode(z, weights));
  const s = weights[logSigma];
  if (!s) return graph([z], { mean });
  return graph([z], { mean, variance: expand(exp(mul(s, 2)), ["n", spec.dataDimension]) });
}

/** `encoder.onnx`: x [n, D] to mean and variance of q(z|x), both [n, d]. */
export function encoderGraph(spec: ModelSpec, parameters: Float32Array): Graph {
  const net = network(spec);
  const weights = weightConstants(net.parameters, parameters);
  const x = input("x", "float32", ["n", spec.dataDimension]);
  return graph([x], { ...net.encode(x, weights) });
}
