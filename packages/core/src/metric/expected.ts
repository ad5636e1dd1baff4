/**
 * @file The expected metric J_mu^T J_mu + J_sigma^T J_sigma of a decoder whose observations have a
 * standard deviation sigma(z) (Arvanitidis, Hansen and Hauberg 2018).
 *
 * It grows where sigma does, away from the data, so that geodesics keep to the data instead of
 * running through holes of the mean. It is the pull-back of mean and sigma together.
 */

import { graph, inline } from "../graph/graph.ts";
import { concat, div, input, mul, sqrt } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";
import type { MapMetric } from "./metric.ts";
import type { PrecisionNetwork } from "./precision.ts";
import { precisionAt } from "./precision.ts";

/**
 * The expected metric with one sigma(z) for all D numbers of an observation, from a precision
 * network. As a map: the mean, and beside it sqrt(D) sigma.
 */
export function expected(decoder: Decoder, precision: PrecisionNetwork): MapMetric {
  const d = decoder.latentDimension;
  const { type } = decoder.graph.inputs.z as Value;
  const z = input("z", type, ["n", d]);
  const mean = inline(decoder.graph, { z }).mean as Value;
  const sigma = mul(Math.sqrt(decoder.dataDimension), div(1, sqrt(precisionAt(z, precision))));
  return {
    kind: "map",
    name: "expected",
    map: graph([z], { x: concat([mean, sigma], 1) }),
    dimension: d,
    kinked: decoder.kinked,
  };
}
