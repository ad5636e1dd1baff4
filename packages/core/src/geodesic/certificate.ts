/**
 * @file The certificate of a geodesic: bounds from above and below, how still it stands, whether it
 * is a minimum, and how its length changes with its ends.
 */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import type { Nodes } from "../curve/polyline.ts";
import { straightNodes } from "../curve/polyline.ts";
import { splineAt, splineThrough } from "../curve/spline.ts";
import type { Pairs } from "../start/start.ts";
import { ends } from "../start/start.ts";
import { fallingDirections } from "./inertia.ts";
import type { Geodesic } from "./solution.ts";
import { explain, unresolved } from "./solution.ts";
import type { SolverState, TracePoint } from "./solver.ts";

/** The curve that won, before it is certified. */
export interface Candidate {
  readonly start: string;
  readonly state: SolverState;
  readonly measure: Measure;
  /** Over all levels. */
  readonly iterations: number;
  readonly discretisationError: number;
  readonly trace?: readonly TracePoint[];
}

const straightSegments = 32;

/** Certifies the candidates of `members`, which are numbers of pairs; one without is degenerate. */
export async function certify(
  evaluate: Evaluator,
  pairs: Pairs,
  members: readonly number[],
  candidates: ReadonlyMap<number, Candidate>,
  tolerance: number,
): Promise<Geodesic[]> {
  const lines = members.map((pair) => {
    const { from, to } = ends(pairs, pair);
    return straightNodes(from, to, straightSegments);
  });
  const straight = await measure(evaluate, lines, tolerance / 4);
  const chords = await chordsBetween(evaluate, pairs, members);
  const chosen = members.map((pair, i) =>
    shorter(candidates.get(pair), lines[i] as Nodes, straight[i] as Measure, tolerance),
  );
  const curves = chosen.map(({ state }) => state.nodes);
  // One diagnosis stands for all: it takes a program of its own.
  const broken = chosen.find(({ state }) => state.status === "nonFinite");
  const cause = broken && (await evaluate.diagnosis(broken.state.nodes));
  const falling = await fallingDirections(
    evaluate,
    chosen.map(({ state }) => state),
  );
  const gradients = await endGradients(evaluate, curves);
  return members.map((pair, i) => {
    const { from, to } = ends(pairs, pair);
    const { start, state, measure, iterations, discretisationError, trace } = chosen[
      i
    ] as Candidate;
    const equal = from.every((x, k) => x === to[k]);
    const status = state.status as Geodesic["status"];
    return {
      from,
      to,
      length: measure.length,
      straightLength: (straight[i] as Measure).length,
      chordLength: chords[i] as number,
      discretisationError,
      status,
      message: equal
        ? "The end points are equal."
        : status === "converged" && discretisationError > tolerance && !state.message
          ? unresolved(discretisationError, tolerance)
          : (state.message ?? explain(status, cause)),
      iterations,
      // The result file has no word for infinity.
      residual: Math.min(state.residual, Number.MAX_VALUE),
      speedSpread: spread(measure.velocity),
      localMinimum: equal || (falling[i] === undefined ? null : falling[i] === null),
      start,
      ...(gradients[i] as Pick<Geodesic, "gradientFrom" | "gradientTo">),
      curve: state.nodes,
      velocity: measure.velocity,
      trace,
    };
  });
}

/**
 * The candidate, or the straight line where that is shorter or all there is. Where they differ by
 * less than the tolerance the straight line is what the solver found; where they differ by more,
 * the solver has failed, and the status says so.
 */
function shorter(
  candidate: Candidate | undefined,
  line: Nodes,
  straight: Measure,
  tolerance: number,
): Candidate {
  if (candidate && !(straight.length < candidate.measure.length)) return candidate;
  const within = !candidate || candidate.measure.length <= straight.length * (1 + tolerance);
  const { status: found = "converged", message } = candidate?.state ?? {};
  return {
    start: "straight",
    state: {
      status: Number.isFinite(straight.length) ? (within ? found : "stalled") : "nonFinite",
      message: within ? message : message && `${longer} ${message}`,
      nodes: line,
      iterations: 0,
      residual: candidate?.state.residual ?? 0,
    },
    measure: straight,
    iterations: candidate?.iterations ?? 0,
    discretisationError: straight.error,
    trace: candidate?.trace,
  };
}

const longer = "The curve that was found is longer than the straight line, which is given instead.";

/** |f(a) - f(b)|, below any curve; 0 for a metric that no map induces. */
async function chordsBetween(
  evaluate: Evaluator,
  pairs: Pairs,
  members: readonly number[],
): Promise<number[]> {
  if (evaluate.metric.kind !== "map") return members.map(() => 0);
  const ofPairs = members.map((pair) => {
    const { from, to } = ends(pairs, pair);
    return straightNodes(from, to, 1);
  });
  return (await evaluate.chordLengths(ofPairs)).map(([chord]) => chord as number);
}

/** First variation of the length: -G v / |v| at the first end, G v / |v| at the last. */
async function endGradients(
  evaluate: Evaluator,
  curves: readonly Nodes[],
): Promise<Pick<Geodesic, "gradientFrom" | "gradientTo">[]> {
  const d = evaluate.metric.dimension;
  const points = new Float64Array(curves.length * 2 * d);
  const velocities = new Float64Array(curves.length * 2 * d);
  curves.forEach((nodes, i) => {
    const spline = splineThrough(nodes, d);
    splineAt(spline, 0, points, velocities, 2 * i * d);
    splineAt(spline, spline.segments, points, velocities, (2 * i + 1) * d);
  });
  const tensors = await evaluate.tensors(points);
  const gradient = (row: number, sign: number): Float64Array => {
    const v = velocities.subarray(row * d, (row + 1) * d);
    const lowered = Float64Array.from({ length: d }, (_, k) => {
      let sum = 0;
      for (let l = 0; l < d; l++)
        sum += (tensors[row * d * d + k * d + l] as number) * (v[l] as number);
      return sum;
    });
    const square = lowered.reduce((sum, g, k) => sum + g * (v[k] as number), 0);
    return lowered.map((g) => (square > 0 ? (sign * g) / Math.sqrt(square) : 0));
  };
  return curves.map((_, i) => ({
    gradientFrom: gradient(2 * i, -1),
    gradientTo: gradient(2 * i + 1, 1),
  }));
}

/** Greatest over smallest speed; 1 for a curve without length. */
function spread(velocity: Float64Array): number {
  const [low, high] = [Math.min(...velocity), Math.max(...velocity)];
  if (high === 0) return 1;
  return low > 0 ? high / low : Number.MAX_VALUE;
}
