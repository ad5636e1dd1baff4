/** @file The driver of solvers that find whole curves: their answers, measured as all others are. */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { Pairs } from "../start/start.ts";
import { ends } from "../start/start.ts";
import type { Candidate } from "./certificate.ts";
import type { CurveProblem, CurveSolver, FoundCurve } from "./solver.ts";

/** The curve of each of the pairs that `members` number, by pair; equal ends need none. */
export async function findCurves(
  solver: CurveSolver,
  all: Pairs,
  members: readonly number[],
  problem: Omit<CurveProblem, "pairs">,
): Promise<Map<number, Candidate>> {
  const { d } = all;
  const apart = members.filter((pair) => {
    const { from, to } = ends(all, pair);
    return from.some((x, k) => x !== to[k]);
  });
  if (apart.length === 0) return new Map();
  const points = new Float64Array(apart.length * 2 * d);
  apart.forEach((pair, i) => {
    points.set(all.points.subarray(2 * d * pair, 2 * d * (pair + 1)), 2 * d * i);
  });
  const found = await solver.solve({ ...problem, pairs: { d, points } });
  const candidates = await measured(problem.evaluator, found, problem.tolerance);
  return new Map(apart.map((pair, i) => [pair, candidates[i] as Candidate]));
}

/** The change of length against the curve through every other node is the discretisation error. */
async function measured(
  evaluator: Evaluator,
  found: readonly FoundCurve[],
  tolerance: number,
): Promise<Candidate[]> {
  const d = evaluator.metric.dimension;
  const fine = found.map(({ state }) => state.nodes);
  const coarse = fine.map((nodes) => everyOther(nodes, d));
  const measures = await measure(evaluator, [...fine, ...coarse], tolerance / 4);
  return found.map(({ start, state, trace }, i) => {
    const [here, half] = [measures[i], measures[found.length + i]] as [Measure, Measure];
    const change = here.length > 0 ? Math.abs(here.length - half.length) / here.length : 0;
    return {
      start,
      state,
      trace,
      measure: here,
      iterations: state.iterations,
      discretisationError: Math.min(1, change + here.error),
    };
  });
}

/** Every second node, and the last one. */
function everyOther(nodes: Nodes, d: number): Nodes {
  const segments = nodes.length / d - 1;
  const kept = Array.from({ length: Math.ceil(segments / 2) + 1 }, (_, i) =>
    Math.min(2 * i, segments),
  );
  return Float64Array.from(kept.flatMap((i) => [...nodes.subarray(i * d, (i + 1) * d)]));
}
