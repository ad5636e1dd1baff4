/**
 * @file What the decoder shows along a geodesic and along the straight line, with the velocity of
 * both below (Fig. 1, 5 and 11 of the paper).
 *
 * Observations stand at equal steps of the curve parameter. A geodesic has constant speed, so
 * these are equal arc lengths; on the straight line the steps show where it rushes and rests.
 */
import { areaY, axisX, axisY, line, ruleY } from "@observablehq/plot";
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import type { Depiction } from "./painter.ts";
import { painter } from "./painter.ts";
import { chart, faint, ink, picture, text, translate } from "./svg.ts";

export interface StripFigure extends Depiction {
  readonly geodesic: Track;
  readonly straight: Track;
  readonly width?: number;
}

/** One curve, seen in data space. */
export interface Track {
  readonly length: number;
  /** Decoded points at equal steps of t, ends included: [count, D]. */
  readonly observations: FloatArray;
  /** Speed (Eq. 11) at equal steps of t in [0, 1], ends included; any number of them. */
  readonly velocity: ArrayLike<number>;
}

const left = 46;
const right = 10;
const gap = 3;

/** The strip as SVG. Throws `InputError` where the two curves have different counts. */
export function stripFigure(document: FigureDocument, figure: StripFigure): string {
  const { observationShape, geodesic, straight, width = 520 } = figure;
  const size = observationShape.reduce((a, b) => a * b, 1);
  const count = geodesic.observations.length / size;
  if (count < 2 || count !== straight.observations.length / size)
    throw new InputError(
      `figure strip: expected the same number of observations, two or more, got ${count} and ${straight.observations.length / size}`,
    );
  const cell = (width - left - right + gap) / count - gap;
  const all = [geodesic.observations, straight.observations];
  const draw = painter(document, figure, cell, all);
  const tracks = [
    { ...geodesic, name: "geodesic", colour: curveColours.geodesic },
    { ...straight, name: "straight line", colour: curveColours.straight },
  ];
  const rowHeight = draw.height + 30;
  const rows = tracks.map(({ observations, name, colour, length }, row) =>
    translate(
      0,
      row * rowHeight + 14,
      text(`${name}, length ${length.toPrecision(3)}`, {
        x: left,
        y: 0,
        fill: colour,
        "font-weight": "bold",
      }),
      ...Array.from({ length: count }, (_, i) =>
        translate(
          left + i * (cell + gap),
          7,
          draw.observation(observations.subarray(i * size, (i + 1) * size), colour),
        ),
      ),
    ),
  );
  const top = 2 * rowHeight + 6;
  return picture(
    {
      width,
      height: top + velocityHeight,
      title: "Decoded observations along geodesic and straight line",
      description: `Geodesic of length ${geodesic.length.toPrecision(3)}, straight line of length ${straight.length.toPrecision(3)}; velocity of both below.`,
    },
    ...rows,
    translate(0, top, velocityChart(document, { width, cell, tracks })),
  );
}

const velocityHeight = 138;

/** Velocity over t; the first and the last observation stand exactly above t = 0 and t = 1. */
function velocityChart(
  document: FigureDocument,
  {
    width,
    cell,
    tracks,
  }: {
    readonly width: number;
    readonly cell: number;
    readonly tracks: readonly (Track & { readonly colour: string })[];
  },
): string {
  const lines = tracks.map(({ velocity, colour }) => ({
    colour,
    points: Array.from(velocity, (speed, i) => ({ t: i / (velocity.length - 1), speed })),
  }));
  const [geodesic, straight] = lines as [(typeof lines)[0], (typeof lines)[0]];
  const plot = chart(document, {
    width,
    height: velocityHeight,
    marginLeft: left + cell / 2,
    marginRight: right + cell / 2,
    marginTop: 16,
    marginBottom: 36,
    x: { domain: [0, 1] },
    y: {
      domain: [0, Math.max(...lines.flatMap(({ points }) => points.map(({ speed }) => speed)))],
      nice: true,
    },
    marks: [
      axisX({ label: null, ticks: 5, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      axisY({ label: null, ticks: 4, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      ruleY([0], { stroke: faint, strokeWidth: 0.75 }),
      areaY(straight.points, { x: "t", y: "speed", fill: straight.colour, fillOpacity: 0.1 }),
      line(straight.points, {
        x: "t",
        y: "speed",
        stroke: straight.colour,
        strokeWidth: 1.8,
        strokeDasharray: "6,3",
      }),
      line(geodesic.points, { x: "t", y: "speed", stroke: geodesic.colour, strokeWidth: 2.2 }),
    ],
  });
  return (
    plot +
    text("velocity φ(t)", { x: left + cell / 2, y: 9 }) +
    text("t", {
      x: (width + left - right) / 2,
      y: velocityHeight - 4,
      "text-anchor": "middle",
      "font-style": "italic",
    })
  );
}
