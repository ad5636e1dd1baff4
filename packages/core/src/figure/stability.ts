/**
 * @file How much each pair's distance varies over models that differ in their seed: coefficient of
 * variation of Euclidean latent distance across, of geodesic distance up, both on the same
 * logarithmic scale. Below the diagonal the geodesic distance is the steadier one.
 */
import { axisX, axisY, dot, gridX, gridY, line, text as textMark } from "@observablehq/plot";
import type { Stability, Variation } from "../analysis/stability.ts";
import { quantile } from "../analysis/statistics.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { logTicks } from "./legend.ts";
import { chart, faint, ink, picture, text, translate } from "./svg.ts";

export interface StabilityFigure {
  readonly stability: Stability;
  readonly width?: number;
}

const margins = { left: 58, right: 10, top: 30, bottom: 40 };

/** Two panels: distances as measured, and each model's divided by their mean. */
export function stabilityFigure(document: FigureDocument, figure: StabilityFigure): string {
  const { stability, width = 760 } = figure;
  const { models, pairs, asMeasured, scaled } = stability;
  const panel = width / 2;
  const side = panel - margins.left - margins.right;
  const height = side + margins.top + margins.bottom;
  const range = rangeOf([asMeasured, scaled]);
  const panels = [
    { name: "distances as measured", variation: asMeasured },
    { name: "divided by each model's mean", variation: scaled },
  ].map(({ name, variation }, i) =>
    translate(
      i * panel,
      0,
      scatter(document, variation, { width: panel, height, range }),
      text(name, { x: margins.left, y: 14, "font-weight": "bold" }),
      text(verdict(variation), { x: margins.left, y: height + 14, fill: ink }),
      text(medians(variation), { x: margins.left, y: height + 31, fill: faint }),
    ),
  );
  return picture(
    {
      width,
      height: height + 42,
      title: "Variation of distances over retraining",
      description: `${pairs} pairs of observations, ${models} models. Coefficient of variation of Euclidean latent distance across, of geodesic distance up.`,
    },
    ...panels,
  );
}

/** Without the lowest and the greatest hundredth, whose dots lie on the edge. */
function rangeOf(variations: readonly Variation[]): readonly [number, number] {
  const all = variations.flatMap(({ geodesic, euclidean }) => [...geodesic, ...euclidean]);
  const low = quantile(all, 0.01) / 1.15 || 1e-4;
  return [low, Math.max(1.15 * quantile(all, 0.99), 2 * low)];
}

interface Extent {
  readonly width: number;
  readonly height: number;
  readonly range: readonly [number, number];
}

function scatter(
  document: FigureDocument,
  { geodesic, euclidean, quartiles }: Variation,
  { width, height, range }: Extent,
): string {
  const [low, high] = range;
  const points = Array.from(geodesic, (value, pair) => ({
    x: Math.min(high, Math.max(low, euclidean[pair] as number)),
    y: Math.min(high, Math.max(low, value)),
  }));
  const [[, middleY], [, middleX]] = [quartiles.geodesic, quartiles.euclidean];
  const ticks = logTicks(low, high);
  const grid = { stroke: "#e6e6e6", strokeOpacity: 1, ticks };
  const axis = { label: null, ticks, tickSize: 4, tickFormat: percent, fontSize: 11 };
  const dashed = { stroke: curveColours.geodesic, strokeWidth: 1.2, strokeDasharray: "5,4" };
  const plot = chart(document, {
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    x: { domain: range, type: "log" },
    y: { domain: range, type: "log" },
    marks: [
      gridX(grid),
      gridY(grid),
      axisX({ ...axis, color: faint, fill: ink }),
      axisY({ ...axis, color: faint, fill: ink }),
      line(
        [
          [low, low],
          [high, high],
        ],
        { stroke: faint, strokeWidth: 1 },
      ),
      textMark(["equal"], {
        x: [low * (high / low) ** 0.1],
        y: [low * (high / low) ** 0.1],
        rotate: -45,
        dx: -8,
        dy: -8,
        fill: faint,
        fontSize: 11,
        stroke: "white",
        strokeWidth: 3,
      }),
      dot(points, { x: "x", y: "y", r: 2.4, fill: curveColours.straight, fillOpacity: 0.55 }),
      line(
        [
          [middleX, low],
          [middleX, middleY],
          [low, middleY],
        ],
        dashed,
      ),
      dot([{ x: middleX, y: middleY }], {
        x: "x",
        y: "y",
        r: 5,
        fill: curveColours.geodesic,
        stroke: "white",
        strokeWidth: 1.5,
      }),
    ],
  });
  return (
    plot +
    text("variation of Euclidean latent distance", {
      x: (width + margins.left - margins.right) / 2,
      y: height - 6,
      "text-anchor": "middle",
    }) +
    text("variation of geodesic distance", {
      transform: `translate(11,${(height - margins.bottom + margins.top) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    })
  );
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function verdict({ geodesic, geodesicSteadier, test: { p } }: Variation): string {
  const said = p < 1e-3 ? p.toExponential(0) : p.toPrecision(2);
  return `geodesic varies less in ${Math.round(100 * geodesicSteadier)} % of ${geodesic.length} pairs, p = ${said}`;
}

function medians({ quartiles: { geodesic, euclidean } }: Variation): string {
  return `medians: geodesic ${(100 * geodesic[1]).toFixed(1)} %, Euclidean ${(100 * euclidean[1]).toFixed(1)} %`;
}
