/**
 * @file Length over the difference of a known value, such as the pendulum's angle, with a
 * least-squares line through each kind of curve (Fig. 4 of the paper).
 */
import { axisX, axisY, dot, gridY, line } from "@observablehq/plot";
import { leastSquares, mean } from "../analysis/statistics.ts";
import type { ValueAxis } from "../format/model.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { chart, element, faint, ink, picture, text, translate } from "./svg.ts";

export interface LengthValueFigure {
  readonly pairs: readonly ValuePair[];
  readonly value: ValueAxis;
  readonly width?: number;
  /** What lengths are, beside the axis; in data space by default. */
  readonly lengthLabel?: string;
}

export interface ValuePair {
  /** How far the two ends are apart in the known value. */
  readonly difference: number;
  readonly length: number;
  readonly straightLength: number;
  /** Length of the path along the data, where it is known; for all pairs or for none. */
  readonly dataLength?: number;
}

/** Difference of two values on their axis: the shorter way round where the values wrap. */
export function valueDifference(a: number, b: number, period?: number): number {
  const apart = Math.abs(a - b);
  return period ? Math.min(apart % period, period - (apart % period)) : apart;
}

export function lengthValueFigure(document: FigureDocument, figure: LengthValueFigure): string {
  const { pairs, value, width = 520, lengthLabel = "length in data space" } = figure;
  const height = 330;
  const legendHeight = 36;
  const x = pairs.map(({ difference }) => difference);
  const widest = value.period ? value.period / 2 : Math.max(...x);
  const kinds = kindsOf(pairs).map((kind) => ({
    ...kind,
    fit: pairs.length > 1 ? leastSquares(x, kind.y) : null,
  }));
  const ends = [Math.min(...x), Math.max(...x)];
  const plot = chart(document, {
    width,
    height,
    marginLeft: 50,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 40,
    x: { domain: [0, widest] },
    y: { domain: [0, Math.max(...kinds.flatMap(({ y }) => y)) * 1.04] },
    marks: [
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 6 }),
      axisX({
        label: null,
        ticks: value.period ? Array.from({ length: 7 }, (_, i) => (widest * i) / 6) : 6,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        fill: ink,
      }),
      axisY({ label: null, ticks: 6, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      // The geodesics last: they are what the picture is about.
      ...[...kinds].reverse().map(({ y, symbol, colour, filled }) =>
        dot(y, {
          x,
          y,
          r: 2.8,
          symbol,
          fill: filled ? colour : "none",
          stroke: colour,
          strokeWidth: filled ? 0 : 1.2,
        }),
      ),
      ...[...kinds].reverse().map(({ fit, colour, dash }) =>
        fit
          ? line(
              ends.map((at) => [at, fit.intercept + fit.slope * at]),
              { stroke: colour, strokeWidth: 1.8, strokeDasharray: dash },
            )
          : null,
      ),
    ],
  });
  const legend = kinds.map(({ name, colour, y, fit, sample }, i) =>
    translate(
      50 + (i * (width - 64)) / kinds.length,
      14,
      element("path", { ...sample, stroke: colour, "stroke-width": 1.2 }),
      text(name, { x: 17, fill: colour, "font-weight": "bold" }),
      text(`mean ${mean(y).toPrecision(3)}${fit ? `, r = ${fit.correlation.toFixed(2)}` : ""}`, {
        x: 17,
        y: 15,
        "font-size": 11,
      }),
    ),
  );
  const unit = value.unit ? ` (${value.unit})` : "";
  return picture(
    {
      width,
      height: height + legendHeight,
      title: `Length over the difference in ${value.name}`,
      description: `${pairs.length} pairs; ${kinds.map(({ name }) => name).join(", ")}, each with its least-squares line.`,
    },
    ...legend,
    translate(0, legendHeight, plot),
    text(`difference in ${value.name}${unit}`, {
      x: (width + 36) / 2,
      y: height + legendHeight - 5,
      "text-anchor": "middle",
    }),
    text(lengthLabel, {
      transform: `translate(12,${legendHeight + (height - 30) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}

/** Geodesics and straight lines, and between them the paths along the data where they are known. */
function kindsOf(pairs: readonly ValuePair[]) {
  const geodesic = {
    name: "geodesic",
    colour: curveColours.geodesic,
    symbol: "circle" as const,
    filled: true,
    dash: undefined,
    sample: { d: "M1,-4a4,4 0 1,1 8,0a4,4 0 1,1 -8,0", fill: curveColours.geodesic },
    y: pairs.map(({ length }) => length),
  };
  const data = {
    name: "along the data",
    colour: curveColours.data,
    symbol: "square" as const,
    filled: false,
    dash: "2,3",
    sample: { d: "M1,-8h8v8h-8Z", fill: "none" },
    y: pairs.flatMap(({ dataLength }) => (dataLength === undefined ? [] : [dataLength])),
  };
  const straight = {
    name: "straight line",
    colour: curveColours.straight,
    symbol: "triangle" as const,
    filled: false,
    dash: "6,3",
    sample: { d: "M5,-9L10,0H0Z", fill: "none" },
    y: pairs.map(({ straightLength }) => straightLength),
  };
  return data.y.length === pairs.length ? [geodesic, data, straight] : [geodesic, straight];
}
