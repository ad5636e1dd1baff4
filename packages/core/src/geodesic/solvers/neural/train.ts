/**
 * @file Training of curve networks on the objective, one of each pair, side by side.
 *
 * The model of a pair is the one of all iterations with the least validation value (App. A). A pair
 * ends when that value stands still, or when its objective is no longer finite; the others go on.
 */
import type { FloatArray } from "../../../array/tensor.ts";
import { firstNonFinite } from "../../../array/tensor.ts";
import { evenTimes } from "../../../curve/network.ts";
import { adam } from "../../../model/adam.ts";
import type { CurveProblem } from "../../solver.ts";
import { objectiveGraph } from "./graphs.ts";
import type { Networks } from "./networks.ts";
import { rowsOf, runNetworks, someOf } from "./networks.ts";
import type { NeuralSettings } from "./options.ts";
import { validationValue } from "./options.ts";

/** Why the training of a pair ended: its value stood still, was not finite, or time was up. */
export type Ending = "still" | "broken" | "time";

/** The training of one pair. */
export interface Training {
  /** Weights of the best model so far. */
  readonly weights: FloatArray;
  /** Least validation value after each iteration, from iteration 0. */
  readonly values: readonly number[];
  /** Null while it goes on. */
  readonly ending: Ending | null;
}

/** Iterations within which the value must fall for the training to go on. */
const patience = 100;
/** How far, as a share of the tolerance. */
const leastFall = 0.1;

/** Called before each step with the trainings of all pairs. */
export type Observer = (iteration: number, trainings: readonly Training[]) => Promise<void>;

export async function train(
  problem: CurveProblem,
  settings: NeuralSettings,
  fresh: Networks,
  observe: Observer,
): Promise<readonly Training[]> {
  const { points, boundary, objective, learningRate, iterations } = settings;
  const { metric, cache } = problem.evaluator;
  const times = evenTimes(points);
  const step = {
    points,
    graphFor: (count: number) => objectiveGraph(metric, count, times, boundary, objective),
  };
  const trainings: Training[] = Array.from({ length: fresh.count }, () => ({
    weights: new Float64Array(0),
    values: [],
    ending: null,
  }));
  let networks = fresh;
  /** Which pair each network belongs to. */
  let pairs = trainings.map((_, pair) => pair);
  for (let iteration = 0; ; iteration++) {
    const { speed, gradient } = await runNetworks<"speed" | "gradient">(
      cache,
      networks,
      step,
      {},
      problem.signal,
    );
    const row = (all: FloatArray, i: number): FloatArray => rowsOf(all, networks.count, [i]);
    pairs.forEach((pair, i) => {
      const value = validationValue(row(speed, i), settings.lambdaPhi);
      const finite = Number.isFinite(value) && firstNonFinite(row(gradient, i)) < 0;
      const { weights, values } = trainings[pair] as Training;
      const best = values.at(-1) ?? Number.POSITIVE_INFINITY;
      const next = [...values, Math.min(value, best)];
      trainings[pair] = {
        weights: value < best || iteration === 0 ? row(networks.adam.parameters, i) : weights,
        values: next,
        ending: !finite
          ? "broken"
          : standsStill(next, problem.tolerance)
            ? "still"
            : iteration === iterations
              ? "time"
              : null,
      };
    });
    await observe(iteration, trainings);
    const going = pairs.flatMap((pair, i) => (trainings[pair]?.ending ? [] : [i]));
    if (going.length === 0) return trainings;
    let slopes = gradient;
    if (going.length < pairs.length) {
      slopes = rowsOf(gradient, networks.count, going);
      networks = someOf(networks, going);
      pairs = going.map((i) => pairs[i] as number);
    }
    adam(networks.adam, slopes, { step: iteration + 1, learningRate });
  }
}

function standsStill(values: readonly number[], tolerance: number): boolean {
  const now = values.at(-1) as number;
  const before = values.at(-1 - patience);
  return before !== undefined && before - now <= leastFall * tolerance * now;
}
