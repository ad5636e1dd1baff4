/**
 * @file What a solver is. There are two kinds.
 *
 * A `LocalSolver` is a pure conversation about one curve: it says which curve it wants the local
 * model of, takes the answer, and says when it is done. It knows no engine; `connect` holds as many
 * conversations as there are curves and packs their questions into rows. A `CurveSolver` finds the
 * curves of many pairs by itself, with the evaluator that it is given, and needs no start.
 */
import type { LocalModel } from "../curve/energy.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { Status } from "../format/result.ts";
import type { Metric } from "../metric/metric.ts";
import type { Pairs } from "../start/start.ts";

export type Solver = LocalSolver | CurveSolver;

/** What every solver tells the driver of a curve. */
export interface SolverState {
  readonly status: Status | "running";
  /** The best curve so far. */
  readonly nodes: Nodes;
  readonly iterations: number;
  /** Newton decrement squared over energy: the relative decrease a full step promises. */
  readonly residual: number;
  /** Local model at `nodes`, where it is known. */
  readonly model?: LocalModel | null;
  /** What the status means, where its own sentence does not say it. */
  readonly message?: string;
}

export interface SolverSettings {
  /** Relative decrease of energy that a Newton step still promises, below which it is converged. */
  readonly residual: number;
  /** The same, below which the engine's precision may hide a decrease. */
  readonly floor: number;
  readonly maxIterations: number;
}

export interface LocalSolver<State extends SolverState = SolverState> {
  readonly kind: "local";
  readonly name: string;
  /** Kinds of metric it can work with. */
  readonly accepts: readonly Metric["kind"][];
  init(nodes: Nodes, d: number, settings: SolverSettings): State;
  /** What it wants to know next. */
  ask(state: State): Question;
  tell(state: State, answer: LocalModel): State;
}

/** A curve whose local model is wanted, with the curvature of a smooth map or without. */
export interface Question {
  readonly nodes: Nodes;
  readonly curvature: boolean;
}

/** A local solver whatever its states are: the driver gives each only states of its own. */
export const localSolver = <State extends SolverState>(solver: LocalSolver<State>): LocalSolver =>
  solver as unknown as LocalSolver;

/** Pairs for a solver of whole curves. */
export interface CurveProblem {
  readonly evaluator: Evaluator;
  /** Not among them: pairs whose ends are equal. */
  readonly pairs: Pairs;
  /** Segments of the curves that are wanted. */
  readonly segments: number;
  /** Relative error of the length aimed at. */
  readonly tolerance: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** How long the best curve was after a while. */
export interface TracePoint {
  readonly iteration: number;
  /** This pair's share of the time that its batch has taken, measuring for the trace left out. */
  readonly seconds: number;
  /** Measured as every length is (`curve/length.ts`). */
  readonly length: number;
}

export interface FoundCurve {
  /** What the solver began with. */
  readonly start: string;
  readonly state: SolverState & { readonly status: Status };
  /** Length over the iterations, where the solver was asked to keep it. */
  readonly trace?: readonly TracePoint[];
}

export interface CurveSolver {
  readonly kind: "curves";
  readonly name: string;
  /** Kinds of metric it can work with. */
  readonly accepts: readonly Metric["kind"][];
  /** One curve for each pair, in their order. */
  solve(problem: CurveProblem): Promise<readonly FoundCurve[]>;
}
