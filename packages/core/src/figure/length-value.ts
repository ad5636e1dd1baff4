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
}

export interface ValuePair {
  /** How far the two ends are apart in the known value. */
  readonly difference: number;
  readonly length: number;
  readonly straightLength: number;
}

/** Difference of two values on their axis: the shorter way round where the values wrap. */
export function valueDifference(a: number, b: number, period?: number): number {
  const apart = Math.abs(a - b);
  return period ? Math.min(apart % period, period - (apart % period)) : apart;
}

export function lengthValueFigure(document: FigureDocument, figure: LengthValueFigure): string {
  const { pairs, value, width = 520 } = figure;
  const height = 330;
  const legendHeight = 36;
  const x = pairs.map(({ difference }) => difference);
  const widest = value.period ? value.period / 2 : Math.max(...x);
  const kinds = [
    { name: "geodesic", colour: curveColours.geodesic, y: pairs.map(({ length }) => length) },
    { name: "straight line", colour: curveColours.straight, y: pairs.map((p) => p.straightLength) },
  ].map((kind) => ({ ...kind, fit: pairs.length > 1 ? leastSquares(x, kind.y) : null }));
  const [geodesic, straight] = kinds as [(typeof kinds)[0], (typeof kinds)[0]];
  const ends = [Math.min(...x), Math.max(...x)];
  const plot = chart(document, {
    width,
    height,
    marginLeft: 50,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 40,
    x: { domain: [0, widest] },
    y: { domain: [0, Math.max(...geodesic.y, ...straight.y) * 1.04] },
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
      dot(straight.y, {
        x,
        y: straight.y,
        r: 3,
        symbol: "triangle",
        stroke: straight.colour,
        strokeWidth: 1.2,
      }),
      dot(geodesic.y, { x, y: geodesic.y, r: 2.8, fill: geodesic.colour, fillOpacity: 0.85 }),
      ...kinds.map(({ fit, colour, name }) =>
        fit
          ? line(
              ends.map((at) => [at, fit.intercept + fit.slope * at]),
              {
                stroke: colour,
                strokeWidth: 1.8,
                strokeDasharray: name === "geodesic" ? undefined : "6,3",
              },
            )
          : null,
      ),
    ],
  });
  const legend = kinds.map(({ name, colour, y, fit }, i) =>
    translate(
      50 + (i * (width - 64)) / 2,
      14,
      i
        ? element("path", { d: "M5,-9L10,0H0Z", fill: "none", stroke: colour, "stroke-width": 1.2 })
        : element("circle", { cx: 5, cy: -4, r: 4, fill: colour }),
      text(name, { x: 17, fill: colour, "font-weight": "bold" }),
      text(
        `mean ${mean(y).toPrecision(3)}${fit ? `, correlation ${fit.correlation.toFixed(2)}` : ""}`,
        { x: 17, y: 15, "font-size": 11 },
      ),
    ),
  );
  const unit = value.unit ? ` (${value.unit})` : "";
  return picture(
    {
      width,
      height: height + legendHeight,
      title: `Length over the difference in ${value.name}`,
      description: `${pairs.length} pairs, geodesics and straight lines, each with its least-squares line.`,
    },
    ...legend,
    translate(0, legendHeight, plot),
    text(`difference in ${value.name}${unit}`, {
      x: (width + 36) / 2,
      y: height + legendHeight - 5,
      "text-anchor": "middle",
    }),
    text("length in data space", {
      transform: `translate(12,${legendHeight + (height - 30) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}
