/**
 * @file Whether curves are local minima of their energy, and ways down from those that are not: the
 * inertia of the full Hessian, never of Gauss and Newton's matrix, which is not negative by construction.
 */
import type { BlockTridiagonal } from "../array/linear.ts";
import { damped, fallingDirection } from "../array/linear.ts";
import { fullHessian } from "../curve/energy.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { SolverState } from "./solver.ts";

/** Eigenvalues that rounding hides, as a share of the mean of the diagonal. */
const rounding = { float32: 5e-7, float64: 1e-12 };

/**
 * For each curve a direction of its free nodes along which the energy falls to second order, [N - 1, d];
 * null at a minimum, and undefined where second derivatives say nothing: for kinks, and where the
 * curve is not finite.
 */
export async function fallingDirections(
  evaluate: Evaluator,
  states: readonly SolverState[],
): Promise<(Float64Array | null | undefined)[]> {
  if (evaluate.metric.kinked) return states.map(() => undefined);
  const share = rounding[evaluate.precision];
  const hessians = await hessiansAt(evaluate, states);
  return hessians.map((hessian) => hessian && fallingDirection(damped(hessian, share)));
}

/** What solvers know of their curves, and what they do not, computed. */
async function hessiansAt(
  evaluate: Evaluator,
  states: readonly SolverState[],
): Promise<readonly (BlockTridiagonal | undefined)[]> {
  const models = await completed(
    states.map(({ model }) => model ?? null),
    states,
    evaluate.localModels,
  );
  const finite = models.map(({ energy }) => Number.isFinite(energy));
  if (evaluate.metric.kind === "tensor")
    return models.map(({ hessian }, i) => (finite[i] ? hessian : undefined));
  return completed(
    models.map(({ hessian }, i) => (finite[i] ? (hessian ?? null) : undefined)),
    states,
    async (curves) => {
      const missing = models.filter(({ hessian }, i) => finite[i] && !hessian);
      const curvatures = await evaluate.curvatures(curves);
      return missing.map(({ matrix }, i) => fullHessian(matrix, curvatures[i] as Float64Array));
    },
  );
}

/** What is known of each curve, and what is null, computed. */
async function completed<T>(
  known: readonly (T | null)[],
  states: readonly SolverState[],
  compute: (curves: readonly Nodes[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const missing = states.filter((_, i) => known[i] === null).map(({ nodes }) => nodes);
  const found = missing.length > 0 ? [...(await compute(missing))] : [];
  return known.map((value) => (value === null ? (found.shift() as T) : value));
}
