/**
 * @file The expected metric J_mu^T J_mu + J_sigma^T J_sigma of a decoder whose observations have a
 * standard deviation sigma(z) (Arvanitidis, Hansen and Hauberg 2018).
 *
 * It grows where sigma does, away from the data, so that geodesics keep to the data instead of
 * running through holes of the mean. It is the pull-back of mean and sigma together.
 */

import { tensorFrom } from "../array/tensor.ts";
import { graph, inline } from "../graph/graph.ts";
import {
  add,
  concat,
  constant,
  div,
  exp,
  input,
  matmul,
  mul,
  reduceSum,
  sqrt,
  square,
  sub,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";
import type { MapMetric } from "./metric.ts";
import type { PrecisionNetwork } from "./precision.ts";

/**
 * The expected metric with one sigma(z) for all D numbers of an observation, from a precision
 * network. As a map: the mean, and beside it sqrt(D) sigma.
 */
export function expected(decoder: Decoder, precision: PrecisionNetwork): MapMetric {
  const d = decoder.latentDimension;
  const { type } = decoder.graph.inputs.z as Value;
  const z = input("z", type, ["n", d]);
  const mean = inline(decoder.graph, { z }).mean as Value;
  const sigma = mul(Math.sqrt(decoder.dataDimension), standardDeviation(z, precision));
  return {
    kind: "map",
    name: "expected",
    map: graph([z], { x: concat([mean, sigma], 1) }),
    dimension: d,
    kinked: decoder.kinked,
  };
}

/** sigma(z) = 1 / sqrt(beta(z)), [n, 1]. */
function standardDeviation(z: Value, { centres, widths, weights, floor }: PrecisionNetwork): Value {
  const [count, d] = [widths.length, z.shape[1] as number];
  const matrix = (shape: number[], numbers: ArrayLike<number>): Value =>
    constant(tensorFrom(z.type, shape, Array.from(numbers)));
  // Axis by axis: |z|^2 - 2 z c + |c|^2 would cancel.
  const squares = Array.from({ length: d }, (_, k) => {
    const along = matmul(
      z,
      matrix(
        [d, 1],
        Array.from({ length: d }, (_, l) => (l === k ? 1 : 0)),
      ),
    );
    const centre = Array.from({ length: count }, (_, c) => centres[c * d + k] as number);
    return square(sub(along, matrix([count], centre)));
  }).reduce(add);
  const exponent = mul(
    squares,
    matrix(
      [count],
      widths.map((b) => -1 / (2 * b * b)),
    ),
  );
  const beta = add(floor, reduceSum(mul(exp(exponent), matrix([count], weights)), [1], true));
  return div(1, sqrt(beta));
}
