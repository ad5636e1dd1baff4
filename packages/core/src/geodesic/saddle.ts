/** @file Off saddles: curves on both sides of those that are no local minimum. */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import { segmentLengths } from "../curve/polyline.ts";
import type { Candidate } from "./certificate.ts";
import { fallingDirections } from "./inertia.ts";
import type { Lane } from "./lanes.ts";

/** How far a curve is pushed aside, as shares of its latent length, the widest first. */
const pushes = [0.1, 0.03, 0.01] as const;

/**
 * Lanes on the two sides of each candidate that a direction leads down from: the push that lets the energy
 * fall most, and the widest, since some ways out lead over a ridge first. None for minima, nor for curves
 * whose length is not yet known to the tolerance: where nodes are too few, inertia says nothing.
 */
export async function offSaddles(
  evaluate: Evaluator,
  candidates: ReadonlyMap<number, Candidate>,
  tolerance: number,
): Promise<Lane[]> {
  const d = evaluate.metric.dimension;
  const known = [...candidates].filter(
    ([, { discretisationError }]) => discretisationError <= tolerance,
  );
  const directions = await fallingDirections(
    evaluate,
    known.map(([, { state }]) => state),
  );
  const tried = known.flatMap(([pair, { start, state }], i) => {
    const direction = directions[i];
    if (!direction) return [];
    return [1, -1].map((side) =>
      pushes.map((share): Lane => {
        const nodes = pushed(state.nodes, d, direction, side * share);
        return { pair, start, nodes };
      }),
    );
  });
  const models = await evaluate.localModels(tried.flat().map(({ nodes }) => nodes));
  return tried.flatMap((side, i) => {
    const energies = side.map((_, j) => models[i * pushes.length + j]?.energy as number);
    const lowest = side[energies.indexOf(Math.min(...energies))] ?? side[0];
    return [...new Set([side[0], lowest])] as Lane[];
  });
}

/** The curve moved along the direction, by a share of its length where it moves most. */
function pushed(nodes: Nodes, d: number, direction: Float64Array, share: number): Nodes {
  const length = segmentLengths(nodes, d).reduce((sum, part) => sum + part, 0);
  let widest = 0;
  for (let i = 0; i < direction.length; i += d)
    widest = Math.max(widest, Math.hypot(...direction.subarray(i, i + d)));
  const scale = (share * length) / widest;
  const moved = nodes.slice();
  for (let i = 0; i < direction.length; i++)
    moved[i + d] = (moved[i + d] as number) + scale * (direction[i] as number);
  return moved;
}
