/**
 * @file How long the curves are while they are trained, and after how many seconds.
 *
 * The clock stands while a trace measures, and while programs compile: a trace says what the
 * training takes. A pair's time is its equal share of the group's.
 */
import type { Measure } from "../../../curve/length.ts";
import { measure } from "../../../curve/length.ts";
import { pairCount } from "../../../start/start.ts";
import type { CurveProblem, TracePoint } from "../../solver.ts";
import type { NeuralSettings } from "./options.ts";
import { sampleCurves } from "./sample.ts";
import type { Observer } from "./train.ts";

/** Segments of the curves that are measured for a trace. */
const segments = 200;

export interface Traces {
  readonly observe: Observer;
  /** A list for each pair. */
  readonly points: readonly (readonly TracePoint[])[];
}

/** Traces of the pairs of a group, whose clock starts now. */
export function startTraces(problem: CurveProblem, settings: NeuralSettings): Traces {
  const { evaluator, pairs, tolerance } = problem;
  const count = pairCount(pairs);
  const points = Array.from({ length: count }, (): TracePoint[] => []);
  const compiled = (): number => evaluator.cache.compileSeconds;
  const now = (): number => performance.now() / 1000 - compiled();
  const began = now();
  let away = 0;
  return {
    points,
    async observe(iteration, trainings) {
      const ended = trainings.every(({ ending }) => ending);
      if (!ended && iteration % settings.traceEvery !== 0) return;
      const left = now();
      const curves = await sampleCurves(problem, settings, trainings, segments);
      const measures = await measure(evaluator, curves, tolerance / 4);
      const seconds = (left - began - away) / count;
      trainings.forEach(({ values }, pair) => {
        const trace = points[pair] as TracePoint[];
        const done = values.length - 1;
        // A pair that ended before has its last point.
        if (trace.at(-1)?.iteration === done) return;
        trace.push({ iteration: done, seconds, length: (measures[pair] as Measure).length });
      });
      away += now() - left;
    },
  };
}
