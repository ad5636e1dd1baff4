/**
 * @file Where the tool of a robot arm goes (Fig. 9 of the paper): the circle that was demonstrated,
 * seen along its axis, and over it the ways along geodesics and straight lines.
 *
 * One pair is drawn with its ends and its names; of many pairs each way is a fine line.
 */
import { axisX, axisY, dot, frame, line } from "@observablehq/plot";
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import type { MapCurve, Panel } from "./map-curves.ts";
import { curveLabels, curveMarks } from "./map-curves.ts";
import { chart, element, faint, ink, picture, text, translate } from "./svg.ts";

export interface EndEffectorFigure {
  /** What was demonstrated, without noise, in order: [n, 2], x_c and y_c in metres. */
  readonly demonstrated: FloatArray;
  /** Where the tool was in the data, noise and all: [n, 2]; thinned out where there are many. */
  readonly data?: FloatArray;
  /** One geodesic and one straight line, or many of both; points are x_c and y_c. */
  readonly curves: readonly MapCurve[];
  /** Width of the whole picture; 420 by default. */
  readonly width?: number;
}

const margin = { top: 10, right: 12, bottom: 40, left: 52 };
const legendHeight = 30;
const dotLimit = 1200;
const circleColour = "#9a9a9a";
const dotColour = "#c4c4c4";

/** The picture as SVG. Throws `InputError` where nothing was demonstrated. */
export function endEffectorFigure(document: FigureDocument, figure: EndEffectorFigure): string {
  const { demonstrated, data, curves, width = 420 } = figure;
  if (demonstrated.length < 4 || demonstrated.length % 2 !== 0)
    throw new InputError(
      `figure end effector: expected two places or more, got ${demonstrated.length} numbers`,
    );
  const circle = placesOf(demonstrated);
  const shown = data ? thinned(placesOf(data)) : [];
  const [x0, x1, y0, y1] = bounds([...circle, ...shown, ...curves.flatMap(({ points }) => points)]);
  const panel = { width: width - margin.left - margin.right, height: 0 };
  panel.height = (panel.width * (y1 - y0)) / (x1 - x0);
  const height = panel.height + margin.top + margin.bottom;
  const many = curves.length > 2;
  const axis = { label: null, ticks: 6, tickSize: 4, fontSize: 11, color: faint, fill: ink };
  const plot = chart(document, {
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { domain: [x0, x1] },
    y: { domain: [y0, y1] },
    marks: [
      axisX(axis),
      axisY(axis),
      frame({ stroke: faint, strokeWidth: 0.75 }),
      dot(shown, { x: "0", y: "1", r: 1.2, fill: dotColour }),
      line(circle, { x: "0", y: "1", stroke: circleColour, strokeWidth: 5, strokeOpacity: 0.6 }),
      ...(many ? manyMarks(curves) : curveMarks(curves)),
    ],
  });
  const place: Panel = {
    pixel: (x, y) => [
      margin.left + (panel.width * (x - x0)) / (x1 - x0),
      margin.top + (panel.height * (y1 - y)) / (y1 - y0),
    ],
    frame: {
      x0: margin.left,
      y0: margin.top,
      x1: margin.left + panel.width,
      y1: margin.top + panel.height,
    },
  };
  return picture(
    {
      width,
      height: height + legendHeight,
      title: "Ways of the tool",
      description: `The demonstrated circle and ${curves.length} ways of the tool over it, in metres.`,
    },
    plot,
    ...(many ? [] : curveLabels(curves, [], place)),
    axisName("x", `translate(${margin.left + panel.width / 2},${height - 6})`),
    axisName("y", `translate(13,${margin.top + Math.round(panel.height / 2)}) rotate(-90)`),
    legend(curves, shown.length > 0, height + 12),
  );
}

type Place = readonly number[];

const placesOf = (flat: FloatArray): Place[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i] as number,
    flat[2 * i + 1] as number,
  ]);

/** x or y with a small c, for the plane of the circle. */
function axisName(name: "x" | "y", transform: string): string {
  return element(
    "text",
    { transform, "text-anchor": "middle" },
    element("tspan", { "font-style": "italic" }, name),
    element("tspan", { "font-size": 9, dy: 3 }, "c"),
    element("tspan", { dy: -3 }, " (m)"),
  );
}

/** Evenly along the demonstration. */
function thinned(places: readonly Place[]): Place[] {
  const every = Math.ceil(places.length / dotLimit);
  return places.filter((_, i) => i % every === 0);
}

/** A twentieth wider to each side than all that is drawn. */
function bounds(places: readonly Place[]): readonly [number, number, number, number] {
  const range = (axis: 0 | 1): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const place of places) {
      low = Math.min(low, place[axis] as number);
      high = Math.max(high, place[axis] as number);
    }
    const room = 0.05 * (high - low || 1);
    return [low - room, high + room];
  };
  return [...range(0), ...range(1)];
}

/** Straight lines first: the geodesics are what the picture is about. */
function manyMarks(curves: readonly MapCurve[]) {
  const order = [...curves].sort(
    (a, b) => Number(b.kind === "straight") - Number(a.kind === "straight"),
  );
  return order.map(({ kind, points }) =>
    line(points, {
      x: "0",
      y: "1",
      stroke: curveColours[kind],
      strokeWidth: kind === "straight" ? 0.8 : 1,
      strokeOpacity: 0.55,
    }),
  );
}

function legend(curves: readonly MapCurve[], hasData: boolean, y: number): string {
  const names = { geodesic: "geodesic", straight: "straight line" } as const;
  const kinds = (["geodesic", "straight"] as const).filter((kind) =>
    curves.some((curve) => curve.kind === kind),
  );
  const entries = [
    { name: "demonstrated", stroke: circleColour, "stroke-width": 5, "stroke-opacity": 0.6 },
    ...kinds.map((kind) => ({
      name: names[kind],
      stroke: curveColours[kind],
      "stroke-width": 2.2,
      "stroke-dasharray": kind === "straight" && curves.length <= 2 ? "6,3" : undefined,
    })),
  ];
  let x = margin.left;
  const drawn = entries.map(({ name, ...stroke }) => {
    const entry = translate(
      x,
      y,
      element("path", { d: "M0,0h20", ...stroke }),
      text(name, { x: 26, y: 4 }),
    );
    x += 42 + 5.9 * name.length;
    return entry;
  });
  const dots = hasData
    ? translate(
        x,
        y,
        element("circle", { cx: 4, r: 1.6, fill: dotColour }),
        text("data", { x: 11, y: 4 }),
      )
    : "";
  return drawn.join("") + dots;
}
