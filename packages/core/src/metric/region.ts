/**
 * @file Keeps curves where the data is, for metrics that would lead them away.
 *
 * Where codes lie on a ring, a decoder outside it depends on the direction only: its speed falls as
 * 1/r, and the smoothed metric, which weighs the cube of the speed and lets curves go outwards for
 * nothing, has no shortest curve at all. Inside, where no code lies either, all directions meet in
 * a hub that is crossed for next to nothing. A wall around the codes leaves what the data know.
 */
import { graph, inline } from "../graph/graph.ts";
import { add, cast, div, mul, pow, reshape } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { TensorMetric } from "./metric.ts";
import { tensorMetric } from "./metric.ts";
import { precisionAt, precisionNetwork } from "./precision.ts";

/** How steeply the wall rises with the variance. */
const steepness = 3;
/** The variance, in that of the codes, at which it has doubled the metric. */
const border = 4;
/** Width of its kernels: narrower ones wall off the gaps that codes on a ring leave between them. */
const spread = 3;

/**
 * The metric times 1 + (v(z) / 4)^3, where v is the variance of a precision network fitted to the
 * codes [n, d], 1 among them: 1.6 % more there, twice where v is 4, up to 15,600 times far away.
 * Lengths of what is found are to be stated without the wall: `ruler`.
 */
export function within(
  metric: TensorMetric,
  codes: ArrayLike<number>,
  { seed }: { readonly seed?: number | undefined } = {},
): TensorMetric {
  const network = precisionNetwork({
    ...{ codes, d: metric.dimension, sigma: 1, far: 10, spread, seed },
  });
  const z = metric.tensor.inputs.z as Value;
  const G = inline(metric.tensor, { z }).G as Value;
  const variance = div(1, precisionAt(cast(z, G.type), network));
  const factor = add(1, pow(mul(variance, 1 / border), steepness));
  const walled = graph([z], { G: mul(G, reshape(factor, ["n", 1, 1])) });
  return { ...tensorMetric(metric.name, walled), kinked: metric.kinked, ruler: metric };
}
