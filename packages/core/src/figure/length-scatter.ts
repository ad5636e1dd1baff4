/**
 * @file Each pair as a point: length of the straight line across, of the geodesic up, on equal
 * scales. All points lie on or below the diagonal; how far below is what the geodesic saves.
 */
import { axisX, axisY, dot, gridX, gridY, line, text as textMark } from "@observablehq/plot";
import { mean } from "../analysis/statistics.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { chart, faint, ink, picture, text } from "./svg.ts";

export interface LengthScatterFigure {
  readonly pairs: readonly LengthPair[];
  readonly width?: number;
}

export interface LengthPair {
  readonly length: number;
  readonly straightLength: number;
  /** Drawn hollow where the solver did not converge. */
  readonly converged?: boolean;
}

export function lengthScatterFigure(document: FigureDocument, figure: LengthScatterFigure): string {
  const { pairs, width = 520 } = figure;
  const [left, right, top, bottom] = [50, 14, 10, 40];
  const height = width - left - right + top + bottom;
  const most = 1.04 * Math.max(...pairs.map(({ straightLength }) => straightLength));
  const ratio =
    mean(pairs.map(({ length }) => length)) / mean(pairs.map((pair) => pair.straightLength));
  const plot = chart(document, {
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    x: { domain: [0, most] },
    y: { domain: [0, most] },
    marks: [
      gridX({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 6 }),
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 6 }),
      axisX({ label: null, ticks: 6, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      axisY({ label: null, ticks: 6, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      line(
        [
          [0, 0],
          [most, most],
        ],
        { stroke: faint, strokeWidth: 1 },
      ),
      line(
        [
          [0, 0],
          [most, ratio * most],
        ],
        {
          stroke: curveColours.geodesic,
          strokeWidth: 1.2,
          strokeDasharray: "5,4",
        },
      ),
      dot(pairs, {
        x: "straightLength",
        y: "length",
        r: 3,
        fill: {
          value: (p: LengthPair) => (p.converged === false ? "#ffffff" : curveColours.geodesic),
          scale: null,
        },
        fillOpacity: 0.85,
        stroke: curveColours.geodesic,
        strokeWidth: 1,
      }),
      textMark(["equal length"], {
        x: [most * 0.3],
        y: [most * 0.3],
        rotate: -45,
        dy: -9,
        dx: -9,
        fill: faint,
        fontSize: 11,
      }),
      textMark([`– –  ratio of the means ${ratio.toFixed(2)}`], {
        x: [most * 0.98],
        y: [most * 0.04],
        textAnchor: "end",
        fill: curveColours.geodesic,
        fontSize: 12,
        stroke: "white",
        strokeWidth: 4,
      }),
    ],
  });
  return picture(
    {
      width,
      height,
      title: "Length of geodesics and of straight lines",
      description: `${pairs.length} pairs; the mean geodesic is ${ratio.toFixed(2)} times the mean straight line.`,
    },
    plot,
    text("length of the straight line", {
      x: (width + left - right) / 2,
      y: height - 5,
      "text-anchor": "middle",
    }),
    text("length of the geodesic", {
      transform: `translate(12,${(height - bottom + top) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  );
}
