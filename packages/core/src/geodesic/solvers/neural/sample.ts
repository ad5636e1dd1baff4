/** @file Nodes along the curves of trained networks. */
import { zeros } from "../../../array/tensor.ts";
import type { Nodes } from "../../../curve/polyline.ts";
import { ends, pairCount } from "../../../start/start.ts";
import type { CurveProblem } from "../../solver.ts";
import { pointsGraph } from "./graphs.ts";
import { freshNetworks, runNetworks } from "./networks.ts";
import type { NeuralSettings } from "./options.ts";
import type { Training } from "./train.ts";

/** Nodes of each pair's best curve at equal steps of t, its end points exact. */
export async function sampleCurves(
  { evaluator, pairs, signal }: CurveProblem,
  { boundary }: NeuralSettings,
  trainings: readonly Training[],
  segments: number,
): Promise<Nodes[]> {
  const { metric, cache, precision } = evaluator;
  const { d } = pairs;
  const count = pairCount(pairs);
  const size = trainings[0]?.weights.length ?? 0;
  const from = new Float64Array(count * d);
  const to = new Float64Array(count * d);
  const weights = zeros(precision, [count * size]).data;
  trainings.forEach((training, i) => {
    const pair = ends(pairs, i);
    from.set(pair.from, i * d);
    to.set(pair.to, i * d);
    weights.set(training.weights, i * size);
  });
  const times = Float64Array.from({ length: segments + 1 }, (_, i) => i / segments);
  const { z } = await runNetworks<"z">(
    cache,
    freshNetworks({ count, from, to }, weights),
    { points: times.length, graphFor: (n) => pointsGraph(metric, n, times, boundary) },
    {},
    signal,
  );
  const width = (segments + 1) * d;
  return trainings.map((_, i) => {
    const nodes = Float64Array.from(z.subarray(i * width, (i + 1) * width));
    // The engine's precision may not hold them.
    nodes.set(from.subarray(i * d, (i + 1) * d), 0);
    nodes.set(to.subarray(i * d, (i + 1) * d), segments * d);
    return nodes;
  });
}
