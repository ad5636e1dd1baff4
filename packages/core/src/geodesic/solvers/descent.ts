/**
 * @file Damped descent on the energy of a curve: what all local solvers share.
 *
 * A step is taken when the energy falls by a share of what its slope promises (Armijo, at step
 * length 1); otherwise Levenberg's damping grows. Which steps there are is the solver's own.
 */
import type { BlockTridiagonal } from "../../array/linear.ts";
import { dot } from "../../array/linear.ts";
import type { LocalModel } from "../../curve/energy.ts";
import type { Nodes } from "../../curve/polyline.ts";
import type { LocalSolver, SolverSettings, SolverState } from "../solver.ts";
import { localSolver } from "../solver.ts";

/** The step of the free nodes under this damping, [N - 1, d]; null where the matrix is not positive. */
export type Step = (model: LocalModel, damping: number) => Float64Array | null;

export interface DescentState extends SolverState {
  readonly d: number;
  readonly step: Step;
  readonly settings: SolverSettings;
  /** Local model at `nodes`; null before the first answer. */
  readonly model: LocalModel | null;
  /** The curve that is asked about. */
  readonly trial: Nodes;
  /** Half the decrease of energy that the step to `trial` promises to first order. */
  readonly slope: number;
  readonly damping: number;
}

/** Steps after which a descent is slow, and second derivatives pay. */
export const patience = 8;

export interface Descent {
  readonly name: string;
  /** Iterations after which second derivatives of a map are asked for. */
  readonly curvatureAfter: number;
  /** What it makes of a start: the curve that it begins with, and its steps from there. */
  begin(nodes: Nodes, d: number): { readonly nodes: Nodes; readonly step: Step };
}

/** The local solver of a descent, for maps and tensors. */
export const descentSolver = ({ name, curvatureAfter, begin }: Descent): LocalSolver =>
  localSolver<DescentState>({
    kind: "local",
    name,
    accepts: ["map", "tensor"],
    init(start, d, settings) {
      const { nodes, step } = begin(start, d);
      return descend(nodes, d, settings, step);
    },
    ask: ({ trial, iterations }) => ({ nodes: trial, curvature: iterations >= curvatureAfter }),
    tell: answered,
  });

/**
 * The step by Newton's matrix where it is known and positive, otherwise by the one of Gauss and
 * Newton or the convex part; null where neither is.
 */
export function firstPositive(
  { matrix, hessian }: LocalModel,
  step: (matrix: BlockTridiagonal) => Float64Array | null,
): Float64Array | null {
  return (hessian && step(hessian)) ?? step(matrix);
}

/** Damping that is always there, for Jacobians without full rank. */
const smallestDamping = 1e-9;
const largestDamping = 1e6;
/** Share of the promised decrease that a step must bring. */
const armijo = 1e-4;

/** A descent from `nodes`, before anything is known of them. */
function descend(nodes: Nodes, d: number, settings: SolverSettings, step: Step): DescentState {
  return {
    status: "running",
    nodes,
    iterations: 0,
    residual: Number.POSITIVE_INFINITY,
    d,
    step,
    settings,
    model: null,
    trial: nodes,
    slope: 0,
    damping: smallestDamping,
  };
}

/** Takes the local model of the trial that was asked about. */
function answered(state: DescentState, answer: LocalModel): DescentState {
  if (!state.model) {
    if (!Number.isFinite(answer.energy)) return { ...state, status: "nonFinite" };
    return accepted({ ...state, model: answer });
  }
  const fallen = state.model.energy - answer.energy;
  if (fallen >= armijo * 2 * state.slope)
    return accepted({
      ...state,
      nodes: state.trial,
      model: answer,
      iterations: state.iterations + 1,
      damping: Math.max(smallestDamping, state.damping / 10),
    });
  return rejected(state);
}

/** Weighs a curve that was accepted: what an undamped step still promises, then the next trial. */
function accepted(state: DescentState): DescentState {
  const model = state.model as LocalModel;
  if (model.energy === 0) return { ...state, status: "converged", residual: 0 };
  const residual = promisedDecrease(model, state.step);
  if (residual <= state.settings.residual) return { ...state, status: "converged", residual };
  if (state.iterations >= state.settings.maxIterations)
    return { ...state, status: "maxIterations", residual };
  return propose({ ...state, residual });
}

/** The relative decrease of energy that a full step promises: Newton decrement squared over energy. */
export function promisedDecrease(model: LocalModel, step: Step): number {
  if (model.energy === 0) return 0;
  const full = step(model, smallestDamping);
  return full ? -dot(full, model.gradient) / model.energy : Number.POSITIVE_INFINITY;
}

function propose(state: DescentState): DescentState {
  const { nodes, d } = state;
  const model = state.model as LocalModel;
  const step = state.step(model, state.damping);
  if (!step) return rejected(state);
  const trial = nodes.slice();
  for (let i = 0; i < step.length; i++)
    trial[i + d] = (trial[i + d] as number) + (step[i] as number);
  return { ...state, trial, slope: -dot(step, model.gradient) };
}

function rejected(state: DescentState): DescentState {
  // Below the floor the engine cannot show the decrease that is left.
  if (state.residual <= state.settings.floor) return { ...state, status: "converged" };
  const damping = Math.max(1e-3, state.damping * 8);
  if (damping > largestDamping) return { ...state, status: "stalled" };
  const iterations = state.iterations + 1;
  if (iterations > state.settings.maxIterations) return { ...state, status: "maxIterations" };
  return propose({ ...state, damping, iterations });
}
