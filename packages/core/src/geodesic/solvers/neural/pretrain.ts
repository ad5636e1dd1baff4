/**
 * @file Pre-training on random Bézier curves, and the choice of the best (App. A).
 *
 * A network is fitted to each of n random curves of each pair, by least squares on points of the
 * curve; the one with the least validation value goes on. The fits need no decoder, the choice
 * does.
 */
import { random } from "../../../array/random.ts";
import { zeros } from "../../../array/tensor.ts";
import { evenTimes, initialNetwork, networkSize } from "../../../curve/network.ts";
import { adam } from "../../../model/adam.ts";
import { bezierControls, bezierPoints } from "../../../start/bezier.ts";
import { ends, pairCount } from "../../../start/start.ts";
import type { CurveProblem } from "../../solver.ts";
import { fitGraph, pointsGraph } from "./graphs.ts";
import type { Networks } from "./networks.ts";
import { freshNetworks, runNetworks, someOf } from "./networks.ts";
import type { NeuralSettings } from "./options.ts";
import { validationValue } from "./options.ts";

/** Points of a Bézier curve that a network is fitted to; the curve is a polynomial. */
const fitTimes = evenTimes(64);

/** One network for each pair, in their order. */
export async function pretrain(problem: CurveProblem, settings: NeuralSettings): Promise<Networks> {
  const { metric, cache } = problem.evaluator;
  const { boundary, pretrainIterations, learningRate } = settings;
  const { networks, target } = candidates(problem, settings);
  const fit = {
    points: fitTimes.length,
    graphFor: (count: number) => fitGraph(metric, count, fitTimes, boundary),
  };
  for (let step = 1; step <= pretrainIterations; step++) {
    const { gradient } = await runNetworks<"gradient">(
      cache,
      networks,
      fit,
      { target },
      problem.signal,
    );
    adam(networks.adam, gradient, { step, learningRate });
  }
  const values = await validate(problem, settings, networks);
  const chosen = Array.from({ length: pairCount(problem.pairs) }, (_, pair) =>
    leastOf(values, pair * settings.curves, (pair + 1) * settings.curves),
  );
  // The moments of the fit say nothing of the objective.
  const { adam: fitted, ...best } = someOf(networks, chosen);
  return freshNetworks(best, fitted.parameters);
}

/** Fresh networks, `curves` of each pair in turn, and the points that each is to be fitted to. */
function candidates(
  { evaluator, pairs, seed }: CurveProblem,
  { curves, degree }: NeuralSettings,
): { networks: Networks; target: Float64Array } {
  const { d } = pairs;
  const size = networkSize(d);
  const count = pairCount(pairs) * curves;
  const from = new Float64Array(count * d);
  const to = new Float64Array(count * d);
  const target = new Float64Array(count * fitTimes.length * d);
  const weights = zeros(evaluator.precision, [count * size]).data;
  for (let i = 0; i < count; i++) {
    const pair = ends(pairs, Math.floor(i / curves));
    // Drawn from its own ends, a pair's curves are the same in whatever company it is solved.
    const draw = random(seed, "neural", ...pair.from, ...pair.to, i % curves);
    weights.set(initialNetwork(d, draw), i * size);
    const controls = bezierControls(pair.from, pair.to, degree, draw);
    target.set(bezierPoints(controls, d, fitTimes), i * fitTimes.length * d);
    from.set(pair.from, i * d);
    to.set(pair.to, i * d);
  }
  return { networks: freshNetworks({ count, from, to }, weights), target };
}

/** The validation value of each network's curve. */
async function validate(
  { evaluator, signal }: CurveProblem,
  { points, boundary, lambdaPhi }: NeuralSettings,
  networks: Networks,
): Promise<number[]> {
  const { z, velocity } = await runNetworks<"z" | "velocity">(
    evaluator.cache,
    networks,
    {
      points,
      graphFor: (count) => pointsGraph(evaluator.metric, count, evenTimes(points), boundary),
    },
    {},
    signal,
  );
  const speeds = await evaluator.speeds(Float64Array.from(z), Float64Array.from(velocity));
  return Array.from({ length: networks.count }, (_, i) =>
    validationValue(speeds.subarray(i * points, (i + 1) * points), lambdaPhi),
  );
}

/** Index of the least value between two places. */
function leastOf(values: readonly number[], first: number, end: number): number {
  return first + values.slice(first, end).indexOf(Math.min(...values.slice(first, end)));
}
