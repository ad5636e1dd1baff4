/**
 * @file Whether curves are local minima of their energy, and ways down from those that are not: the
 * inertia of the full Hessian, never of Gauss and Newton's matrix, which is not negative by construction.
 *
 * It is asked of smooth variations only, those of a spline with a piece to every four segments. A chord
 * energy can fall where single nodes zigzag over the ripples of a decoder, and that says nothing of
 * the curve: what the nodes do not resolve is no way down.
 */
import { fallingAmongSplines, splineOver } from "../curve/bspline.ts";
import type { LocalModel } from "../curve/energy.ts";
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
  return (await withHessians(evaluate, states)).map(({ model }) =>
    model?.hessian && Number.isFinite(model.energy)
      ? fallingAmongSplines(splineOver(model.segments.length), model.hessian, share)
      : undefined,
  );
}

/** The states with the full Hessian in their models, unless the metric has kinks. */
export async function withHessians<State extends SolverState>(
  evaluate: Evaluator,
  states: readonly State[],
): Promise<readonly State[]> {
  const { metric } = evaluate;
  if (metric.kinked) return states;
  const models = await completed(
    states.map(({ model }) => model ?? null),
    states,
    evaluate.localModels,
  );
  if (metric.kind === "tensor") return states.map((state, i) => ({ ...state, model: models[i] }));
  const bare = models.flatMap((model, i) => (model.hessian ? [] : [i]));
  const curves = bare.map((i) => (states[i] as State).nodes);
  const curvatures = curves.length > 0 ? await evaluate.curvatures(curves) : [];
  return states.map((state, i) => {
    const model = models[i] as LocalModel;
    const curvature = curvatures[bare.indexOf(i)];
    return curvature
      ? { ...state, model: { ...model, hessian: fullHessian(model.matrix, curvature) } }
      : { ...state, model };
  });
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
