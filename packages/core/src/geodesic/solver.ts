/**
 * @file What a solver is: a pure conversation about one curve.
 *
 * It says which curve it wants the local model of, takes the answer, and says when it is done. It
 * knows no engine; `connect` holds as many conversations as there are curves and packs their
 * questions into rows.
 */
import type { LocalModel } from "../curve/energy.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { Status } from "../format/result.ts";
import type { Metric } from "../metric/metric.ts";

export interface SolverSettings {
  /** Relative decrease of energy that a Newton step still promises, below which it is converged. */
  readonly residual: number;
  /** The same, below which the engine's precision may hide a decrease. */
  readonly floor: number;
  readonly maxIterations: number;
}

/** What every solver's state tells the driver. */
export interface SolverState {
  readonly status: Status | "running";
  /** The best curve so far. */
  readonly nodes: Nodes;
  readonly iterations: number;
  /** Newton decrement squared over energy: the relative decrease a full step promises. */
  readonly residual: number;
}

export interface Solver<State extends SolverState = SolverState> {
  readonly name: string;
  /** Kinds of metric it can work with. */
  readonly accepts: readonly Metric["kind"][];
  init(nodes: Nodes, d: number, settings: SolverSettings): State;
  /** The curve whose local model it wants next. */
  ask(state: State): Nodes;
  tell(state: State, answer: LocalModel): State;
}
