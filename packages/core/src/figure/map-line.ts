/** @file The magnification factor of a one-dimensional latent space: a curve over z. */
import { areaY, axisX, axisY, gridY, line, ruleX } from "@observablehq/plot";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { logTicks, tickLabel } from "./legend.ts";
import { greyRange } from "./map.ts";
import { chart, faint, ink, picture, text } from "./svg.ts";

export interface MapLineFigure {
  readonly bounds: readonly [x0: number, x1: number];
  /** ln MF at equal steps from x0 to x1. */
  readonly logMagnification: FloatArray;
  /** Codes of the data, [n], drawn as short strokes below. */
  readonly points?: FloatArray;
  readonly width?: number;
}

/** Strokes that can still be told apart. */
const strokeLimit = 400;

export function mapLineFigure(document: FigureDocument, figure: MapLineFigure): string {
  const { bounds, logMagnification, points = new Float64Array(0), width = 520 } = figure;
  const [x0, x1] = bounds;
  const height = 260;
  const [low, high] = greyRange(logMagnification).map(Math.exp) as [number, number];
  const last = logMagnification.length - 1;
  const curve = Array.from(logMagnification, (value, i) => ({
    z: x0 + ((x1 - x0) * i) / last,
    factor: Math.max(Math.exp(value), low),
  }));
  const strokes = random(1, "figure")
    .permutation(points.length)
    .filter((i) => (points[i] as number) >= x0 && (points[i] as number) <= x1)
    .slice(0, strokeLimit);
  const plot = chart(document, {
    width,
    height,
    marginLeft: 56,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 40,
    x: { domain: [x0, x1] },
    y: { type: "log", domain: [low, high * 1.1] },
    marks: [
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: logTicks(low, high) }),
      axisX({ label: null, ticks: 7, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      axisY({
        label: null,
        ticks: logTicks(low, high),
        tickFormat: tickLabel,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        fill: ink,
      }),
      ruleX(strokes, {
        x: (i: number) => points[i],
        y1: low,
        y2: low * (high / low) ** 0.04,
        stroke: ink,
        strokeOpacity: 0.5,
        strokeWidth: 0.75,
      }),
      areaY(curve, {
        x: "z",
        y1: low,
        y2: "factor",
        fill: curveColours.straight,
        fillOpacity: 0.1,
      }),
      line(curve, { x: "z", y: "factor", stroke: curveColours.straight, strokeWidth: 2 }),
    ],
  });
  return picture(
    {
      width,
      height,
      title: "Magnification factor over the latent space",
      description: "Strokes below: codes of the data.",
    },
    plot,
    text("z", { x: (width + 42) / 2, y: height - 5, "text-anchor": "middle" }),
    text("magnification factor √det G", {
      transform: `translate(12,${(height - 30) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}
