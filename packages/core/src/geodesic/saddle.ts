/** @file Off saddles: curves on both sides of those that are no local minimum. */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import { segmentLengths } from "../curve/polyline.ts";
import type { Candidate } from "./certificate.ts";
import { fallingDirections } from "./inertia.ts";
import type { Lane } from "./lanes.ts";

/** How far a curve is pushed aside, as shares of its latent length, to either side. */
const pushes = [0.1, 0.03, 0.01, -0.01, -0.03, -0.1];

/**
 * Lanes on the two sides of each candidate that a direction leads down from. None for minima; nor where
 * no push lets the energy fall by more than the tolerance, as on the small ripples of a decoder; nor for
 * curves whose length is not yet known to the tolerance: where nodes are too few, inertia says nothing.
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
  const saddles = known.flatMap(([pair, { start, state }], i) => {
    const direction = directions[i];
    return direction ? [{ pair, start, nodes: state.nodes, direction }] : [];
  });
  if (saddles.length === 0) return [];
  const tried = saddles.flatMap(({ nodes, direction }) => [
    nodes,
    ...pushes.map((share) => pushed(nodes, d, direction, share)),
  ]);
  const energies = (await evaluate.localModels(tried)).map(({ energy }) => energy);
  return saddles.flatMap(({ pair, start }, i) => {
    const at = i * (1 + pushes.length);
    const limit = (energies[at] as number) * (1 - tolerance);
    const sides = [1, -1].map((side) =>
      lowest(
        pushes.flatMap((share, j) => (share * side > 0 ? [at + 1 + j] : [])),
        energies,
      ),
    );
    return sides
      .filter((best) => (energies[best] as number) < limit)
      .map((best) => ({ pair, start, nodes: tried[best] as Nodes }));
  });
}

function lowest(places: readonly number[], energies: readonly number[]): number {
  return places.reduce((best, at) =>
    (energies[at] as number) < (energies[best] as number) ? at : best,
  );
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
