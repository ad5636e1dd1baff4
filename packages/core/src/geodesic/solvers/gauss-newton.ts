/**
 * @file Gauss-Newton on the energy of a curve, with Levenberg's damping.
 *
 * Each step solves the block-tridiagonal system (H + mu tr(D_i)/d I) p = -g. A step is taken when
 * the energy falls by a share of what its slope promises (Armijo, at step length 1); otherwise the
 * damping grows. Second derivatives never appear, so it works on kinked decoders, and damping keeps
 * it going where the Jacobian loses rank. Convergence is linear, slow near conjugate points.
 */
import { dot, solveBlockTridiagonal } from "../../array/linear.ts";
import type { LocalModel } from "../../curve/energy.ts";
import type { Nodes } from "../../curve/polyline.ts";
import type { LocalSolver, SolverSettings, SolverState } from "../solver.ts";

interface State extends SolverState {
  readonly d: number;
  readonly settings: SolverSettings;
  /** Local model at `nodes`; null before the first answer. */
  readonly model: LocalModel | null;
  /** The curve that is asked about. */
  readonly trial: Nodes;
  /** Half the decrease of energy that the step to `trial` promises to first order. */
  readonly slope: number;
  readonly damping: number;
}

/** Damping that is always there, for Jacobians without full rank. */
const smallestDamping = 1e-9;
const largestDamping = 1e6;
/** Share of the promised decrease that a step must bring. */
const armijo = 1e-4;

export const gaussNewton: LocalSolver<State> = {
  kind: "local",
  name: "gauss-newton",
  accepts: ["map", "tensor"],
  init: (nodes, d, settings) => ({
    status: "running",
    nodes,
    iterations: 0,
    residual: Number.POSITIVE_INFINITY,
    d,
    settings,
    model: null,
    trial: nodes,
    slope: 0,
    damping: smallestDamping,
  }),
  ask: (state) => state.trial,
  tell(state, answer) {
    if (!state.model) {
      if (!Number.isFinite(answer.energy)) return { ...state, status: "nonFinite" };
      return propose({ ...state, model: answer });
    }
    const fallen = state.model.energy - answer.energy;
    if (fallen >= armijo * 2 * state.slope)
      return propose({
        ...state,
        nodes: state.trial,
        model: answer,
        iterations: state.iterations + 1,
        damping: Math.max(smallestDamping, state.damping / 10),
      });
    return rejected(state);
  },
};

/** The next trial from the accepted curve, or the end. */
function propose(state: State): State {
  const { nodes, d, settings, iterations } = state;
  const model = state.model as LocalModel;
  if (model.energy === 0) return { ...state, status: "converged", residual: 0 };
  const step = dampedStep(model, d, state.damping);
  if (!step) return rejected({ ...state, slope: Number.POSITIVE_INFINITY });
  const slope = -dot(step, model.gradient);
  const residual = slope / model.energy;
  if (residual <= settings.residual) return { ...state, status: "converged", residual };
  if (iterations >= settings.maxIterations) return { ...state, status: "maxIterations", residual };
  const trial = nodes.slice();
  for (let i = 0; i < step.length; i++)
    trial[i + d] = (trial[i + d] as number) + (step[i] as number);
  return { ...state, trial, slope, residual };
}

function rejected(state: State): State {
  // Below the floor the engine cannot show the decrease that is left.
  if (state.residual <= state.settings.floor) return { ...state, status: "converged" };
  const damping = Math.max(1e-3, state.damping * 8);
  if (damping > largestDamping) return { ...state, status: "stalled" };
  return propose({ ...state, damping, iterations: state.iterations + 1 });
}

/** The relative decrease of energy that a full step promises: Newton decrement squared over energy. */
export function promisedDecrease(model: LocalModel, d: number): number {
  if (model.energy === 0) return 0;
  const step = dampedStep(model, d, smallestDamping);
  return step ? -dot(step, model.gradient) / model.energy : Number.POSITIVE_INFINITY;
}

function dampedStep({ matrix, gradient }: LocalModel, d: number, damping: number) {
  const diagonal = matrix.diagonal.slice();
  for (let block = 0; block < gradient.length / d; block++) {
    const at = block * d * d;
    let trace = 0;
    for (let k = 0; k < d; k++) trace += diagonal[at + k * d + k] as number;
    // A block of zeros (the decoder does not move there) still needs a pivot.
    const weight = (damping * trace) / d || Number.MIN_VALUE * 2 ** 60;
    for (let k = 0; k < d; k++)
      diagonal[at + k * d + k] = (diagonal[at + k * d + k] as number) + weight;
  }
  return solveBlockTridiagonal(
    { ...matrix, diagonal },
    gradient.map((g) => -g),
  );
}
