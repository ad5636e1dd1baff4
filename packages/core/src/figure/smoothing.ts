/**
 * @file Mean length over lambda of the smoothed metric (Fig. 3 of the paper): straight lines and
 * paths along the data between the same pairs, with the band of 95 % confidence of each mean.
 */
import { areaY, axisX, axisY, dot, gridY, line, ruleX } from "@observablehq/plot";
import type { SmoothingRow } from "../analysis/smoothing.ts";
import { mean } from "../analysis/statistics.ts";
import { InputError } from "../array/errors.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { chart, element, faint, ink, picture, text, translate } from "./svg.ts";

export interface SmoothingFigure {
  /** lambda = 0 is drawn as the level on the left. */
  readonly rows: readonly SmoothingRow[];
  /** The lambda that was chosen, marked. */
  readonly chosen?: number;
  readonly width?: number;
}

const kinds = [
  { kind: "straight", label: "straight line" },
  { kind: "data", label: "path along the data" },
] as const;

export function smoothingFigure(document: FigureDocument, figure: SmoothingFigure): string {
  const { rows, chosen, width = 520 } = figure;
  const positive = rows.filter(({ lambda }) => lambda > 0);
  if (positive.length < 2)
    throw new InputError(
      `figure smoothing: expected two lambdas above 0 or more, got ${positive.length}`,
    );
  const height = 320;
  // Zero has no place on a logarithmic axis: one decade before the first.
  const zero = (positive[0]?.lambda as number) / 10;
  const place = (lambda: number): number => (lambda === 0 ? zero : lambda);
  const powers = rows.map(({ lambda }) => place(lambda));
  const series = kinds.map(({ kind }) => ({
    kind,
    points: rows.map((row) => ({ lambda: place(row.lambda), ...interval(row[kind]) })),
  }));
  const plot = chart(document, {
    width,
    height,
    marginLeft: 60,
    marginRight: 14,
    marginTop: 40,
    marginBottom: 42,
    x: { type: "log", domain: [zero, powers.at(-1) as number] },
    y: { type: "log" },
    marks: [
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 4 }),
      axisX(powers, {
        label: null,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        fill: ink,
        tickFormat: (power: number) =>
          power === zero && rows[0]?.lambda === 0 ? "0" : exponent(power),
      }),
      axisY({
        label: null,
        ticks: 4,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        fill: ink,
        tickFormat: plain,
      }),
      ...(chosen === undefined ? [] : [ruleX([chosen], { stroke: faint, strokeDasharray: "2,3" })]),
      ...series.flatMap(({ kind, points }) => [
        areaY(points, {
          x: "lambda",
          y1: "low",
          y2: "high",
          fill: curveColours[kind],
          fillOpacity: 0.18,
        }),
        line(points, { x: "lambda", y: "mean", stroke: curveColours[kind], strokeWidth: 2 }),
        dot(points, { x: "lambda", y: "mean", fill: curveColours[kind], r: 2.6 }),
      ]),
    ],
  });
  return picture(
    {
      width,
      height,
      title: "Length over the smoothing of the metric",
      description: "Mean length of straight lines and of paths along the data over lambda.",
    },
    plot,
    ...kinds.map(({ kind, label }, i) =>
      translate(
        66 + 130 * i,
        18,
        element("line", {
          x2: 18,
          y1: -4,
          y2: -4,
          stroke: curveColours[kind],
          "stroke-width": 2.4,
        }),
        text(label, { x: 24 }),
      ),
    ),
    text("λ", { x: (width + 46) / 2, y: height - 4, "text-anchor": "middle" }),
    text("mean length in Ĝ", {
      transform: `translate(13,${height / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}

/** Mean and its band: 1.96 standard errors to either side. */
function interval(values: readonly number[]) {
  const middle = mean(values);
  const variance =
    values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / Math.max(1, values.length - 1);
  const error = 1.96 * Math.sqrt(variance / values.length);
  return { mean: middle, low: Math.max(middle - error, middle / 100), high: middle + error };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function exponent(power: number): string {
  const digits = String(Math.round(Math.log10(power)));
  return `10${[...digits].map((c) => (c === "-" ? "⁻" : (superscripts[Number(c)] as string))).join("")}`;
}

const plain = (value: number): string => String(Number(value.toPrecision(1)));
