/** @file Lengths of straight latent segments between points, the edges of graphs over codes. */
import type { Evaluator } from "./evaluator.ts";
import { straightNodes } from "./polyline.ts";

/**
 * Length of the segment from point `from[i]` to point `to[i]` of `points` [n, d], each summed over
 * `parts` pieces: chords of a map, midpoints of a tensor. Not a number where the metric is not.
 */
export async function edgeLengths(
  evaluator: Evaluator,
  points: Float64Array,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  parts: number,
): Promise<Float64Array> {
  const d = evaluator.metric.dimension;
  const at = (vertex: number): Float64Array => points.subarray(vertex * d, (vertex + 1) * d);
  const curves = Array.from(from, (a, i) => straightNodes(at(a), at(to[i] as number), parts));
  const sum = (lengths: Float64Array): number => lengths.reduce((total, part) => total + part, 0);
  if (evaluator.metric.kind === "map")
    return Float64Array.from(await evaluator.chordLengths(curves), sum);
  const models = await evaluator.localModels(curves);
  return Float64Array.from(models, ({ segments }) => sum(segments.map(Math.sqrt)));
}
