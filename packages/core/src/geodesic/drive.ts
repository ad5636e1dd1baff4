/** @file The driver of local solvers: many conversations at once, their questions in the same rows. */
import type { LocalModel } from "../curve/energy.ts";
import { fullHessian } from "../curve/energy.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import type { Lane } from "./lanes.ts";
import type { LocalSolver, Question, SolverSettings, SolverState } from "./solver.ts";

/** Which lanes, by number, go on after a round; told all states, null for those that were dropped. */
export type Selection = (
  round: number,
  states: readonly (SolverState | null)[],
) => readonly number[];

/**
 * One conversation a lane, all questions of a round in one batch, those that ended left out. The
 * states that lanes end in, null for those that the selection dropped on the way.
 */
export async function drive(
  evaluate: Evaluator,
  solver: LocalSolver,
  lanes: readonly Lane[],
  settings: SolverSettings,
  select?: Selection,
): Promise<readonly (SolverState | null)[]> {
  const d = evaluate.metric.dimension;
  const states: (SolverState | null)[] = lanes.map(({ nodes }) => solver.init(nodes, d, settings));
  for (let round = 1; ; round++) {
    const running = states.flatMap((state, i) => (state?.status === "running" ? [i] : []));
    if (running.length === 0) return states;
    const asked = running.map((i) => solver.ask(states[i] as SolverState));
    const answers = await answersTo(evaluate, asked);
    running.forEach((lane, i) => {
      states[lane] = solver.tell(states[lane] as SolverState, answers[i] as LocalModel);
    });
    if (!select) continue;
    const kept = new Set(select(round, states));
    states.forEach((_, i) => {
      if (!kept.has(i)) states[i] = null;
    });
  }
}

async function answersTo(
  evaluate: Evaluator,
  asked: readonly Question[],
): Promise<readonly LocalModel[]> {
  const { metric } = evaluate;
  const models = await evaluate.localModels(asked.map(({ nodes }) => nodes));
  const bent = asked.filter(({ curvature }) => curvature);
  if (bent.length === 0 || metric.kind !== "map" || metric.kinked) return models;
  const curvatures = await evaluate.curvatures(bent.map(({ nodes }) => nodes));
  return models.map((model, i) => {
    const at = bent.indexOf(asked[i] as Question);
    if (at < 0) return model;
    return { ...model, hessian: fullHessian(model.matrix, curvatures[at] as Float64Array) };
  });
}
