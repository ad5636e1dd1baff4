/**
 * @file The paper's own solver: a curve network for each pair, trained on the length of its curve.
 *
 * Section 3 with Table 1 and Appendix A: g_ω is pre-trained on random Bézier curves, then Adam
 * makes the length of Eq. 10 small, and the model with the least L + λ_φ max φ is kept. All pairs
 * of a group go through one program. It serves as the baseline: it takes far more arithmetic than
 * Gauss-Newton, and Adam at a fixed rate does not converge, so it ends when the value it chooses by
 * stands still.
 */
import type { Evaluator } from "../../curve/evaluator.ts";
import type { Measure } from "../../curve/length.ts";
import { measure } from "../../curve/length.ts";
import type { Nodes } from "../../curve/polyline.ts";
import { refine } from "../../curve/spline.ts";
import type { Status } from "../../format/result.ts";
import { pairCount } from "../../start/start.ts";
import type { CurveProblem, CurveSolver, FoundCurve } from "../solver.ts";
import { promisedDecrease } from "./descent.ts";
import { dampedStep } from "./gauss-newton.ts";
import type { NeuralOptions, NeuralSettings } from "./neural/options.ts";
import { neuralSettings } from "./neural/options.ts";
import { pretrain } from "./neural/pretrain.ts";
import { sampleCurves } from "./neural/sample.ts";
import { startTraces } from "./neural/trace.ts";
import type { Ending } from "./neural/train.ts";
import { train } from "./neural/train.ts";

/** Pairs that are trained side by side. */
const groupSize = 8;

/**
 * The paper's solver, for any metric; `neuralDefaults` are taken for what is not given. Throws
 * `InputError` where an option is not what it may be.
 */
export function neural(options: NeuralOptions = {}): CurveSolver {
  const settings = neuralSettings(options);
  return {
    kind: "curves",
    name: "neural",
    accepts: ["map", "tensor"],
    async solve(problem) {
      const { d, points } = problem.pairs;
      const count = pairCount(problem.pairs);
      const found: FoundCurve[] = [];
      for (let first = 0; first < count; first += groupSize) {
        const last = Math.min(count, first + groupSize);
        const pairs = { d, points: points.subarray(2 * d * first, 2 * d * last) };
        const onProgress = (done: number): void =>
          problem.onProgress?.((first + (last - first) * done) / count);
        found.push(...(await solveGroup({ ...problem, pairs, onProgress }, settings)));
      }
      return found;
    },
  };
}

async function solveGroup(problem: CurveProblem, settings: NeuralSettings): Promise<FoundCurve[]> {
  const { evaluator, tolerance, segments } = problem;
  const traces = settings.traceEvery > 0 ? startTraces(problem, settings) : null;
  const networks = await pretrain(problem, settings);
  const trainings = await train(problem, settings, networks, async (iteration, all) => {
    problem.onProgress?.(iteration / Math.max(1, settings.iterations));
    await traces?.observe(iteration, all);
  });
  const curves = await sampleCurves(problem, settings, trainings, segments);
  const measures = await measure(evaluator, curves, tolerance / 4);
  const residuals = await residualsOf(evaluator, curves, measures);
  return trainings.map(({ values, ending }, i) => {
    const residual = residuals[i] as number;
    const finite = Number.isFinite((measures[i] as Measure).length);
    const status = finite ? statusOf(ending as Ending, residual, tolerance) : "nonFinite";
    const sentence = sentences[status]?.(settings, ending as Ending);
    const kinks = evaluator.metric.kinked ? ` ${kinkWarning}` : "";
    return {
      start: "bezier",
      trace: traces?.points[i],
      state: {
        status,
        nodes: curves[i] as Nodes,
        iterations: values.length - 1,
        residual,
        message: sentence && `${sentence}${kinks}`,
      },
    };
  });
}

/**
 * The residual of each curve, as other solvers state it: taken at nodes at equal steps of length,
 * so that it speaks of the curve and not of how the network runs along it.
 */
async function residualsOf(
  evaluator: Evaluator,
  curves: readonly Nodes[],
  measures: readonly Measure[],
): Promise<number[]> {
  const d = evaluator.metric.dimension;
  const even = curves.map((nodes, i) =>
    refine(nodes, d, (measures[i] as Measure).segments, nodes.length / d - 1),
  );
  const models = await evaluator.localModels(even);
  return models.map((model) => promisedDecrease(model, dampedStep));
}

/**
 * A training that stands still has `converged` only where a Newton step agrees: where it promises
 * to shorten the curve by no more than the tolerance. Length falls by half of what energy does.
 */
function statusOf(ending: Ending, residual: number, tolerance: number): Status {
  if (ending === "time") return "maxIterations";
  return ending === "still" && residual / 2 <= tolerance ? "converged" : "stalled";
}

type Sentence = (settings: NeuralSettings, ending: Ending) => string;

const sentences: Readonly<Partial<Record<Status, Sentence>>> = {
  converged: () =>
    "The training stood still, and a Newton step promises to shorten the curve by no more than the tolerance.",
  maxIterations: ({ iterations }) =>
    `The value was still falling after ${iterations} iterations; allow more, or accept the residual that is stated.`,
  stalled: ({ boundary }, ending) =>
    ending === "still"
      ? "The training stood still, but a Newton step promises a shorter curve; use gauss-newton, another seed, or more curves to start from."
      : `The training met numbers that are not finite, and its best curve until then is kept; use ${boundary === "paper" ? "the additive boundary, which has no pole" : "a smaller learning rate"}.`,
};

/** What App. B says of decoders with kinks. */
export const kinkWarning =
  "The decoder has kinks: where it is piecewise linear its second derivatives vanish, and the gradient misses how the metric changes (App. B); gauss-newton needs none.";
