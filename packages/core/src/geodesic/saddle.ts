/** @file Off saddles: curves on both sides of those that are no local minimum. */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import { segmentLengths } from "../curve/polyline.ts";
import type { Candidate } from "./certificate.ts";
import { fallingDirections } from "./inertia.ts";
import type { Lane } from "./lanes.ts";

/** How far a curve is pushed aside, as a share of its latent length. */
const push = 0.1;

/**
 * Two lanes for each candidate that a direction leads down from; none for minima, nor for curves whose
 * length is not yet known to the tolerance: where their nodes are too few, inertia says nothing.
 */
export async function offSaddles(
  evaluate: Evaluator,
  candidates: ReadonlyMap<number, Candidate>,
  tolerance: number,
): Promise<Lane[]> {
  const d = evaluate.metric.dimension;
  const all = [...candidates].filter(
    ([, { discretisationError }]) => discretisationError <= tolerance,
  );
  const directions = await fallingDirections(
    evaluate,
    all.map(([, { state }]) => state),
  );
  return all.flatMap(([pair, { start, state }], i) => {
    const direction = directions[i];
    if (!direction) return [];
    return besides(state.nodes, d, direction).map((nodes) => ({ pair, start, nodes }));
  });
}

function besides(nodes: Nodes, d: number, direction: Float64Array): readonly Nodes[] {
  const length = segmentLengths(nodes, d).reduce((sum, part) => sum + part, 0);
  let widest = 0;
  for (let i = 0; i < direction.length; i += d)
    widest = Math.max(widest, Math.hypot(...direction.subarray(i, i + d)));
  return [1, -1].map((side) => {
    const moved = nodes.slice();
    const scale = (side * push * length) / widest;
    for (let i = 0; i < direction.length; i++)
      moved[i + d] = (moved[i + d] as number) + scale * (direction[i] as number);
    return moved;
  });
}
