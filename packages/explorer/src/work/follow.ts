/**
 * @file The geodesic while a hand drags its ends: the curve from before, moved to where the ends are
 * now, and as many Newton steps as a frame has time for.
 *
 * What comes out is on its way and says so: lengths are sums of chords, a little too short. `settle`
 * gives the certificate.
 */
import type { Evaluator, SolverState } from "pullback-core";
import { previousStart, resample, spline, straight } from "pullback-core";

/** One curve between two neighbouring points of the path, with its straight line. */
export interface Leg {
  /** [N + 1, d] */
  readonly curve: Float64Array;
  /** Decoded length of each segment, [N]. */
  readonly steps: Float64Array;
  readonly straight: Float64Array;
  readonly straightSteps: Float64Array;
}

export interface Follower {
  /** Curves between neighbours of the path [k, d], k - 1 of them. */
  follow(path: Float64Array): Promise<Leg[]>;
  /** Makes known curves the ones to go on from, as a settled solve gives them. */
  goOnFrom(curves: readonly Float64Array[]): void;
}

export interface FollowOptions {
  /** Segments of a curve, 50 by default. */
  readonly segments?: number;
  /** Milliseconds after which no further step is begun, 24 by default. */
  readonly budget?: number;
  readonly now?: () => number;
}

/** Residual at which a step is not worth its time, and the steps that are always taken. */
const settings = { residual: 1e-5, floor: 1e-5, maxIterations: 40 } as const;
const leastRounds = 2;
/** Latent dimensions above which a single step takes longer than a hand waits: the straight line stands in. */
export const mostFollowed = 24;

export function follower(evaluate: Evaluator, options: FollowOptions = {}): Follower {
  const { segments = 50, budget = 24, now = () => performance.now() } = options;
  const d = evaluate.metric.dimension;
  const isQuick = d <= mostFollowed;
  let kept: readonly (Float64Array | null)[] = [];
  return {
    goOnFrom(curves) {
      kept = curves.map((nodes) => resample(nodes, d, segments));
    },
    async follow(path) {
      const started = now();
      const pairs = { d, points: legsOf(path, d) };
      const count = pairs.points.length / (2 * d);
      const known = kept.length === count ? kept : Array.from({ length: count }, () => null);
      const context = { evaluator: evaluate, pairs, latents: new Float64Array(0), seed: 1 };
      const lines = (await straight.propose(context)).map((nodes) =>
        resample(nodes as Float64Array, d, segments),
      );
      const moved = await previousStart(known).propose(context);
      const states: SolverState[] = lines.map((line, i) =>
        spline.init((isQuick && moved[i]) || line, d, settings),
      );
      const straightSteps = await steps(evaluate, lines);
      const curveSteps: Float64Array[] = straightSteps.map((lengths) => lengths);
      for (let round = 0; isQuick && (round < leastRounds || now() - started < budget); round++) {
        const running = states.flatMap(({ status }, i) => (status === "running" ? [i] : []));
        if (running.length === 0) break;
        const asked = running.map((i) => spline.ask(states[i] as SolverState).nodes);
        const answers = await evaluate.localModels(asked);
        running.forEach((leg, i) => {
          const answer = answers[i] as (typeof answers)[0];
          const state = spline.tell(states[leg] as SolverState, answer);
          states[leg] = state;
          if (state.nodes === asked[i]) curveSteps[leg] = answer.segments.map(Math.sqrt);
        });
      }
      kept = states.map(({ nodes, status }) => (status === "nonFinite" ? null : nodes));
      return states.map(({ nodes }, i) => ({
        curve: nodes,
        steps: curveSteps[i] as Float64Array,
        straight: lines[i] as Float64Array,
        straightSteps: straightSteps[i] as Float64Array,
      }));
    },
  };
}

/** Neighbours of a path [k, d] as pairs [k - 1, 2 d]. */
export function legsOf(path: Float64Array, d: number): Float64Array {
  const count = path.length / d - 1;
  const pairs = new Float64Array(count * 2 * d);
  for (let leg = 0; leg < count; leg++)
    pairs.set(path.subarray(leg * d, (leg + 2) * d), leg * 2 * d);
  return pairs;
}

/** Decoded lengths of the segments of curves. */
export async function steps(
  evaluate: Evaluator,
  curves: readonly Float64Array[],
): Promise<Float64Array[]> {
  if (evaluate.metric.kind === "map") return evaluate.chordLengths(curves);
  const models = await evaluate.localModels(curves);
  return models.map(({ segments }) => segments.map(Math.sqrt));
}
