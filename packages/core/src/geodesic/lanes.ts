/** @file Lanes: curves that starts propose for pairs, on their way to becoming geodesics. */
import { firstNonFinite } from "../array/tensor.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import { resample } from "../curve/polyline.ts";
import type { Start, StartContext } from "../start/index.ts";
import { ends } from "../start/index.ts";

export interface Lane {
  readonly pair: number;
  readonly start: string;
  readonly nodes: Nodes;
}

/**
 * All first guesses of all starts, each with `2 * segments` segments, however many it was proposed
 * with; equal end points need none.
 */
export async function proposals(
  starts: readonly Start[],
  context: StartContext,
  segments: number,
): Promise<Lane[]> {
  const { pairs, signal } = context;
  const lanes: Lane[] = [];
  for (const start of starts) {
    signal?.throwIfAborted();
    const curves = await start.propose(context);
    curves.forEach((curve, pair) => {
      const { from, to } = ends(pairs, pair);
      if (!curve || from.every((x, k) => x === to[k])) return;
      lanes.push({ pair, start: start.name, nodes: resample(curve, pairs.d, 2 * segments) });
    });
  }
  return lanes;
}

/** Nodes at equal steps of the decoded curve, where chords can tell. */
export async function evenly(
  { metric, chordLengths }: Evaluator,
  lanes: readonly Lane[],
  segments: number,
): Promise<Lane[]> {
  const d = metric.dimension;
  const dense = lanes.map(({ nodes }) => nodes);
  const weights = metric.kind === "map" ? await chordLengths(dense) : [];
  return lanes.map((lane, i) => {
    const chords = weights[i];
    const usable = chords && firstNonFinite(chords) < 0 && chords.some((chord) => chord > 0);
    const nodes = resample(dense[i] as Nodes, d, segments, usable ? chords : undefined);
    return { ...lane, nodes };
  });
}
