/**
 * @file Which of several curves of a pair go on: a little is spent on each, then only on what may win.
 *
 * Successive halving. After 2, 4, 8, ... rounds the curves of a pair are compared by the length that they
 * would have at constant speed, sqrt(N E), which a local model knows without asking anything. The
 * shorter half goes on, and whatever is within a margin of the shortest; the margin shrinks from cut to
 * cut. Of curves that have become the same, one goes on.
 */
import { distance } from "../array/linear.ts";
import type { Nodes } from "../curve/polyline.ts";
import { segmentLengths } from "../curve/polyline.ts";
import type { Candidate } from "./certificate.ts";
import type { Selection } from "./drive.ts";
import type { Lane } from "./lanes.ts";
import type { SolverState } from "./solver.ts";

/** Rounds after which lanes are compared, and by how much a longer one may still win. */
const cuts: ReadonlyMap<number, number> = new Map([
  [2, 0.2],
  [4, 0.1],
  [8, 0.05],
  [16, 0.03],
  [32, 0.02],
]);
/** Curves that are as near to each other as this, relative to their latent length, are the same. */
const near = 0.02;
/** Lengths on the coarsest level, whose discretisation error nobody knows, are trusted to this. */
const coarsestError = 0.01;

/** The selection for these lanes of points of `d` numbers; none where no pair has two. */
export function race(lanes: readonly Lane[], d: number): Selection | undefined {
  const numbers = lanes.map((_, i) => i);
  const pairs = grouped(numbers, (i) => (lanes[i] as Lane).pair);
  if (pairs.length === lanes.length) return undefined;
  return (round, states) => {
    const margin = cuts.get(round);
    const present = (i: number): boolean => states[i] !== null;
    if (margin === undefined) return numbers.filter(present);
    return pairs.flatMap((rivals) => {
      const state = (i: number): SolverState => states[i] as SolverState;
      const ranked = ranking(rivals.filter(present), (i) => constantSpeedLength(state(i)));
      const half = Math.ceil(ranked.length / 2);
      const limit = (ranked[0]?.length ?? 0) * (1 + margin);
      const going = ranked.filter(({ length }, rank) => rank < half || length <= limit);
      return distinct(
        going.map(({ item }) => item),
        (i) => state(i).nodes,
        d,
      );
    });
  };
}

/** sqrt(N E) of the best curve so far; not a number where the curve is not finite. */
function constantSpeedLength({ model }: SolverState): number {
  return model ? Math.sqrt(model.energy * model.segments.length) : Number.NaN;
}

/**
 * The curves of each pair that may be the shortest, the shortest first: those whose length is not
 * longer by more than what both lengths may be wrong by.
 */
export function contenders<T extends Lane & Candidate>(solved: readonly T[], d: number): T[][] {
  return grouped(solved, ({ pair }) => pair).map((rivals) => {
    const ranked = ranking(rivals, ({ measure }) => measure.length).map(({ item }) => item);
    const best = ranked[0] as T;
    const error = ({ discretisationError }: T): number =>
      Math.min(coarsestError, discretisationError);
    const close = ranked.filter(
      (lane) =>
        lane === best ||
        lane.measure.length <= best.measure.length * (1 + Math.max(error(lane), error(best))),
    );
    return distinct(close, ({ nodes }) => nodes, d);
  });
}

/** In the order of their lengths; what has none comes last. */
function ranking<T>(items: readonly T[], lengthOf: (item: T) => number) {
  const finite = (length: number): number =>
    Number.isFinite(length) ? length : Number.POSITIVE_INFINITY;
  return items
    .map((item) => ({ item, length: finite(lengthOf(item)) }))
    .sort((a, b) => (a.length === b.length ? 0 : a.length - b.length));
}

/** Without curves that are the same as one before them. */
function distinct<T>(items: readonly T[], nodesOf: (item: T) => Nodes, d: number): T[] {
  const kept: T[] = [];
  for (const item of items)
    if (!kept.some((other) => same(nodesOf(item), nodesOf(other), d))) kept.push(item);
  return kept;
}

function same(a: Nodes, b: Nodes, d: number): boolean {
  const limit = near * segmentLengths(a, d).reduce((sum, part) => sum + part, 0);
  for (let at = 0; at < a.length; at += d) if (!(distance(a, at, b, at, d) <= limit)) return false;
  return true;
}

function grouped<T>(items: readonly T[], pairOf: (item: T) => number): T[][] {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(pairOf(item));
    if (group) group.push(item);
    else groups.set(pairOf(item), [item]);
  }
  return [...groups.values()];
}
