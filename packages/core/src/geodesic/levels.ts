/**
 * @file Coarse to fine: all lanes of all pairs race on few nodes, and what may be shortest goes on with
 * twice as many, where the length is, until it stands still.
 */
import type { Evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import { refine } from "../curve/spline.ts";
import type { Candidate } from "./certificate.ts";
import { drive } from "./drive.ts";
import type { Lane } from "./lanes.ts";
import { evenly } from "./lanes.ts";
import { contenders, race } from "./race.ts";
import type { LocalSolver, SolverSettings, SolverState } from "./solver.ts";

export interface LevelSettings {
  /** Segments of the coarsest and of the finest curve. */
  readonly first: number;
  readonly most: number;
  /** Relative error of the length aimed at. */
  readonly tolerance: number;
  readonly solver: SolverSettings;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** A lane with its state after a level, its length, and how both came about. */
interface Solved extends Lane, Candidate {
  readonly segments: number;
  /** Relative change of the length since the level before; null on the first. */
  readonly change: number | null;
}

/** The best curve of each pair, by pair. */
export async function solveLanes(
  evaluate: Evaluator,
  solver: LocalSolver,
  proposed: readonly Lane[],
  { first, most, tolerance, solver: settings, onProgress }: LevelSettings,
): Promise<Map<number, Candidate>> {
  const d = evaluate.metric.dimension;
  const done = new Map<number, Solved>();
  let open: readonly (Lane & { readonly before?: Solved })[] = await evenly(
    evaluate,
    proposed,
    first,
  );
  for (let segments = first; open.length > 0; segments *= 2) {
    const states = await drive(evaluate, solver, open, settings, race(open, d));
    const left = open.flatMap((lane, i) => {
      const state = states[i];
      return state ? [{ lane, state }] : [];
    });
    const measures = await measure(
      evaluate,
      left.map(({ state }) => state.nodes),
      tolerance / 4,
    );
    const solved = left.map(({ lane, state }, i) =>
      solvedFrom(lane, state, measures[i] as Measure, segments),
    );
    const next: (Lane & { readonly before: Solved })[] = [];
    for (const rivals of contenders(solved, d)) {
      const best = rivals[0] as Solved;
      done.set(best.pair, best);
      const finished = best.discretisationError <= tolerance || best.state.status === "nonFinite";
      if (finished || segments * 2 > most) continue;
      // From the second level on the lengths are known well enough to choose.
      for (const before of segments === first ? rivals : [best]) {
        const nodes = refine(before.state.nodes, d, before.measure.segments, 2 * segments);
        next.push({ pair: before.pair, start: before.start, nodes, before });
      }
    }
    onProgress?.(1 - new Set(next.map(({ pair }) => pair)).size / done.size);
    open = next;
  }
  return done;
}

/** By how much changes shrink from level to level is trusted no further than this. */
const fastestDecay = 1 / 4;

/**
 * What is left of the changes of a length that fall from level to level, by 16 on smooth maps: the sum of
 * their geometric series. Before two changes are known, or where they fall by less than a half, it is
 * the last change itself; 1 before there is any.
 */
export function changesToCome(change: number | null, before: number | null): number {
  const decay = change !== null && before ? change / before : 1;
  const ratio = Math.min(1 / 2, Math.max(fastestDecay, decay));
  return ((change ?? 1) * ratio) / (1 - ratio);
}

/** A level's curve against the level before. */
function solvedFrom(
  { pair, start, before }: Lane & { readonly before?: Solved },
  state: SolverState,
  measure: Measure,
  segments: number,
): Solved {
  const change = before ? Math.abs(measure.length - before.measure.length) / measure.length : null;
  const rest = changesToCome(change, before?.change ?? null);
  return {
    ...{ pair, start, nodes: state.nodes, state, measure, segments, change },
    iterations: state.iterations + (before?.iterations ?? 0),
    discretisationError: Math.min(1, rest + measure.error),
  };
}
