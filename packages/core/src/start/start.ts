/**
 * @file What a start is: for each pair a first guess of the curve, or several, or none.
 *
 * The landscape of a trained decoder is rough, and the start decides which minimum is found; so
 * several are tried and the best is kept.
 */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";

/** Pairs of points to connect. */
export interface Pairs {
  readonly d: number;
  /** [count, 2 d], z0 then z1. */
  readonly points: Float64Array;
}

export interface StartContext {
  readonly evaluator: Evaluator;
  readonly pairs: Pairs;
  /** Points where the data is, [n, d]; empty when unknown. */
  readonly latents: Float64Array;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface Start {
  readonly name: string;
  /** Polylines with any number of nodes, from z0 to z1; null where it has nothing to offer. */
  propose(context: StartContext): Promise<readonly (Nodes | null)[]>;
}

export function pairCount({ d, points }: Pairs): number {
  return points.length / (2 * d);
}

export function ends({ d, points }: Pairs, i: number): { from: Nodes; to: Nodes } {
  return {
    from: points.slice(2 * i * d, (2 * i + 1) * d),
    to: points.slice((2 * i + 1) * d, (2 * i + 2) * d),
  };
}
