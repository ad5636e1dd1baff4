/**
 * @file The metric of several decoders of one latent space: the mean of their G.
 *
 * Induced by the decoders stacked on each other, over the square root of their number, so that a
 * segment is measured by the same member at both ends. Drawing a member for every point instead
 * would add a potential that grows with the number of points.
 */
import { InputError } from "../array/errors.ts";
import { graph, inline } from "../graph/graph.ts";
import { concat, mul } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";
import type { MapMetric } from "./metric.ts";

/**
 * G = (1 / M) sum_m J_m^T J_m. Throws `InputError` without decoders, and where they differ in
 * latent dimension or precision.
 */
export function ensemble(decoders: readonly Decoder[]): MapMetric {
  const [first] = decoders;
  if (!first) throw new InputError("ensemble metric: expected one decoder or more, got none");
  const z = first.graph.inputs.z as Value;
  decoders.forEach(({ graph: { inputs }, latentDimension: d }, m) => {
    if (d !== first.latentDimension || inputs.z?.type !== z.type)
      throw new InputError(
        `ensemble metric: expected decoders of ${first.latentDimension} latent dimensions in ${z.type}, got ${d} in ${inputs.z?.type} for decoder ${m}`,
      );
  });
  const means = decoders.map((decoder) => inline(decoder.graph, { z }).mean as Value);
  return {
    kind: "map",
    name: "ensemble",
    map: graph([z], { x: mul(1 / Math.sqrt(decoders.length), concat(means, 1)) }),
    dimension: first.latentDimension,
    kinked: decoders.some(({ kinked }) => kinked),
  };
}
