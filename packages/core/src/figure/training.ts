/** @file The bound (Eq. 3) over the steps of a training: a running mean over the raw curve. */
import { axisX, axisY, gridY, line } from "@observablehq/plot";
import { quantile } from "../analysis/statistics.ts";
import { InputError } from "../array/errors.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { chart, faint, ink, picture, text } from "./svg.ts";

export interface TrainingFigure {
  readonly steps: ArrayLike<number>;
  /** Bound at each of the steps, in nats per observation. */
  readonly bounds: ArrayLike<number>;
  readonly width?: number;
}

export function trainingFigure(document: FigureDocument, figure: TrainingFigure): string {
  const { steps, bounds, width = 520 } = figure;
  if (steps.length < 2 || steps.length !== bounds.length)
    throw new InputError(
      `figure training: expected two steps or more with a bound each, got ${steps.length} and ${bounds.length}`,
    );
  const every = Math.ceil(steps.length / 600);
  const points = Array.from(steps, (step, i) => ({ step, bound: bounds[i] as number })).filter(
    ({ bound }, i) => i % every === 0 && Number.isFinite(bound),
  );
  const height = 230;
  // The first steps are far below everything after: the chart begins at the first twentieth.
  const low = quantile(
    points.map(({ bound }) => bound),
    0.05,
  );
  const high = Math.max(...points.map(({ bound }) => bound));
  const room = 0.06 * (high - low || 1);
  const shown = (line: typeof points) => line.filter(({ bound }) => bound >= low - room);
  const plot = chart(document, {
    width,
    height,
    marginLeft: 56,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 40,
    x: { domain: [0, steps[steps.length - 1] as number] },
    y: { domain: [low - room, high + room] },
    marks: [
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 5 }),
      axisX({ label: null, ticks: 6, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      axisY({ label: null, ticks: 5, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      line(shown(points), {
        x: "step",
        y: "bound",
        stroke: curveColours.straight,
        strokeOpacity: 0.3,
        strokeWidth: 1,
      }),
      line(shown(runningMean(points)), {
        x: "step",
        y: "bound",
        stroke: curveColours.straight,
        strokeWidth: 2,
      }),
    ],
  });
  return picture(
    {
      width,
      height,
      title: "Training",
      description: "Bound in nats per observation over the steps.",
    },
    plot,
    text("step", { x: (width + 42) / 2, y: height - 5, "text-anchor": "middle" }),
    text("bound (nats)", {
      transform: `translate(12,${(height - 30) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}

function runningMean(points: readonly { step: number; bound: number }[]) {
  const reach = Math.max(1, Math.round(points.length / 40));
  return points.map(({ step }, i) => {
    const around = points.slice(Math.max(0, i - reach), i + reach + 1);
    return { step, bound: around.reduce((sum, { bound }) => sum + bound, 0) / around.length };
  });
}
