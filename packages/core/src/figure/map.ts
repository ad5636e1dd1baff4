/**
 * @file The latent space seen from above (Fig. 2 and 7 of the paper): magnification factor in
 * grey, the data in colour, a geodesic and its straight line over both.
 *
 * The grey is logarithmic, dark where the decoder stretches, and leaves out the lowest hundredth
 * of the grid: a saturated decoder has corners of almost nothing.
 */
import { axisX, axisY, dot, frame, line, text as textMark } from "@observablehq/plot";
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { ValueAxis } from "../format/model.ts";
import type { MagnificationMap } from "../metric/magnification.ts";
import { categorical, curveColours, cyclic, grey, sequential } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { dataUri } from "./document.ts";
import { awayFrom, medianPoint } from "./label.ts";
import { colourBar, colourRing, logTicks, swatches, swatchRows, tickLabel } from "./legend.ts";
import { chart, element, faint, ink, picture, text, translate } from "./svg.ts";

export interface MapFigure {
  readonly map: Pick<MagnificationMap, "bounds" | "grid" | "logMagnification">;
  readonly data?: MapData;
  readonly curves?: readonly MapCurve[];
  /** Names of the plane's axes. */
  readonly axes?: readonly [string, string];
  /** Width of the whole picture; 520 by default. */
  readonly width?: number;
  /** Name of what the grey shows. */
  readonly label?: string;
}

/** Latent points over the map, coloured by class or by value. */
export interface MapData {
  /** [n, 2], in the plane's coordinates. */
  readonly points: FloatArray;
  /** Class of each point, from 0. */
  readonly labels?: ArrayLike<number>;
  readonly labelNames?: readonly string[];
  readonly values?: ArrayLike<number>;
  readonly value?: ValueAxis;
}

export interface MapCurve {
  readonly kind: "geodesic" | "straight";
  /** Said beside the curve, such as `geodesic 5.90`. */
  readonly label: string;
  /** Points in the plane's coordinates. */
  readonly points: readonly (readonly number[])[];
}

/** More points than this are thinned out, evenly at random: a picture shows no more. */
export const pointLimit = 4000;

const margin = { top: 8, right: 10, bottom: 38, left: 46 };

/** The map as SVG. Throws `InputError` where map and grid disagree. */
export function mapFigure(document: FigureDocument, figure: MapFigure): string {
  const { map, data, curves = [], axes = ["z₁", "z₂"], width = 520 } = figure;
  const [x0, x1, y0, y1] = map.bounds;
  if (map.logMagnification.length !== map.grid ** 2)
    throw new InputError(
      `figure map: expected ${map.grid} x ${map.grid} values, got ${map.logMagnification.length}`,
    );
  const panel = { width: width - margin.left - margin.right, height: 0 };
  panel.height = Math.round((panel.width * (y1 - y0)) / (x1 - x0));
  const range = greyRange(map.logMagnification);
  const shown = data ? thin(data, map.bounds) : undefined;

  const ground = element("image", {
    x: margin.left,
    y: margin.top,
    width: panel.width,
    height: panel.height,
    preserveAspectRatio: "none",
    "xlink:href": groundUri(document, map, range),
  });
  const plane = chart(document, {
    width,
    height: panel.height + margin.top + margin.bottom,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { domain: [x0, x1] },
    y: { domain: [y0, y1] },
    style: {},
    marks: [
      axisX({
        label: null,
        ticks: 7,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        textStroke: null,
        fill: ink,
      }),
      axisY({ label: null, ticks: 7, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      ...(shown ? pointMarks(shown) : []),
      ...curveMarks(curves),
      frame({ stroke: faint, strokeWidth: 0.75 }),
      ...(shown ? classMarks(shown) : []),
      ...curveLabels(curves, map.bounds),
    ],
  });
  const names = [
    text(axes[0], {
      x: margin.left + panel.width / 2,
      y: margin.top + panel.height + 33,
      "text-anchor": "middle",
    }),
    text(axes[1], {
      transform: `translate(12,${margin.top + Math.round(panel.height / 2)}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  ];
  const top = panel.height + margin.top + margin.bottom + 16;
  const legend = dataLegend(shown, panel.width);
  return picture(
    {
      width,
      height: top + Math.max(52, legend.height),
      title: "Latent space with its magnification factor",
      description:
        "Background: magnification factor, darker where the decoder stretches more. Points: data.",
    },
    ground,
    plane,
    ...names,
    translate(
      margin.left,
      top,
      colourBar({
        id: `grey-${Math.round(range[0] * 1e3)}-${Math.round(range[1] * 1e3)}`,
        label: figure.label ?? "magnification factor √det G",
        scale: grey,
        width: Math.min(200, panel.width * 0.46),
        ticks: logTicks(Math.exp(range[0]), Math.exp(range[1])).map((tick) => ({
          at: (Math.log(tick) - range[0]) / (range[1] - range[0]),
          label: tickLabel(tick),
        })),
      }),
    ),
    translate(margin.left + panel.width * 0.54, top, legend.svg),
  );
}

/** From the first hundredth to the greatest of the finite logarithms. */
export function greyRange(logMagnification: FloatArray): [number, number] {
  const sorted = logMagnification.filter(Number.isFinite).sort();
  if (!sorted.length) return [-1, 1];
  const low = sorted[Math.floor(sorted.length / 100)] as number;
  const high = sorted[sorted.length - 1] as number;
  return high - low > 1e-3 ? [low, high] : [low - 0.5, high + 0.5];
}

/** Grid points are drawn as pixels; the first row is the lowest. */
function groundUri(
  document: FigureDocument,
  { grid, logMagnification }: MapFigure["map"],
  [low, high]: readonly [number, number],
): string {
  const shades = Array.from({ length: 256 }, (_, i) =>
    Number.parseInt(grey(i / 255).slice(1, 3), 16),
  );
  const rgba = new Uint8ClampedArray(grid * grid * 4).fill(255);
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      const value = logMagnification[(grid - 1 - row) * grid + column] as number;
      const at = Math.min(1, Math.max(0, (value - low) / (high - low))) || 0;
      const shade = shades[Math.round(255 * at)] as number;
      rgba.fill(shade, (row * grid + column) * 4, (row * grid + column) * 4 + 3);
    }
  return dataUri(document, { width: grid, height: grid, rgba });
}

interface Shown extends MapData {
  readonly index: Uint32Array;
}

/** Random order, so that no class lies on top of the others; inside the bounds; `pointLimit`. */
function thin(data: MapData, [x0, x1, y0, y1]: MagnificationMap["bounds"]): Shown {
  const { points } = data;
  const inside = random(1, "figure")
    .permutation(points.length / 2)
    .filter((i) => {
      const [x, y] = [points[2 * i] as number, points[2 * i + 1] as number];
      return x >= x0 && x <= x1 && y >= y0 && y <= y1;
    });
  return { ...data, index: inside.slice(0, pointLimit) };
}

function colourOf({ labels, values, value }: MapData): (i: number) => string {
  if (labels) return (i) => categorical(labels[i] as number);
  if (!values) return () => "#4477aa";
  const period = value?.period;
  if (period) return (i) => cyclic((((values[i] as number) / period) % 1) + 0);
  const [low, high] = extent(values);
  return (i) => sequential(((values[i] as number) - low) / (high - low || 1));
}

function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] as number);
    high = Math.max(high, values[i] as number);
  }
  return [low, high];
}

function pointMarks(data: Shown) {
  const colour = colourOf(data);
  const { points, index } = data;
  return [
    dot(index, {
      x: (i: number) => points[2 * i],
      y: (i: number) => points[2 * i + 1],
      fill: { value: colour, scale: null },
      r: index.length > 1500 ? 1.4 : index.length > 300 ? 2 : 2.6,
      fillOpacity: 0.8,
    }),
  ];
}

/** The name of each class at the median of its points, where the colour alone may not tell. */
function classMarks({ points, labels, labelNames, index }: Shown) {
  if (!labels) return [];
  const members = new Map<number, number[]>();
  for (const i of index) {
    const label = labels[i] as number;
    members.set(label, [...(members.get(label) ?? []), i]);
  }
  const names = [...members].map(([label, of]) => {
    const [x, y] = medianPoint(of, points);
    return { x, y, name: labelNames?.[label] ?? String(label), colour: categorical(label) };
  });
  return [
    textMark(names, {
      x: "x",
      y: "y",
      text: "name",
      fill: { value: "colour", scale: null },
      fontSize: 15,
      fontWeight: "bold",
      stroke: "white",
      strokeWidth: 4,
    }),
  ];
}

function curveMarks(curves: readonly MapCurve[]) {
  return curves.flatMap(({ kind, points }) => {
    const straight = kind === "straight";
    const path = points.map(([x, y]) => ({ x, y }));
    const ends = [path[0], path[path.length - 1]];
    return [
      line(path, { x: "x", y: "y", stroke: "white", strokeWidth: 5.5, strokeLinecap: "round" }),
      line(path, {
        x: "x",
        y: "y",
        stroke: curveColours[kind],
        strokeWidth: 2.6,
        strokeDasharray: straight ? "7,4" : undefined,
      }),
      dot(ends, { x: "x", y: "y", r: 5, fill: "white", stroke: ink, strokeWidth: 2 }),
    ];
  });
}

function curveLabels(curves: readonly MapCurve[], bounds: MagnificationMap["bounds"]) {
  return curves.map((curve) => {
    const others = curves.filter((other) => other !== curve).flatMap((other) => other.points);
    const { x, y, dx, dy, anchor } = awayFrom(curve.points, others, bounds);
    return textMark([curve.label], {
      x: [x],
      y: [y],
      dx,
      dy,
      textAnchor: anchor,
      fill: curveColours[curve.kind],
      fontSize: 13,
      fontWeight: "bold",
      stroke: "white",
      strokeWidth: 4.5,
    });
  });
}

function dataLegend(
  data: MapData | undefined,
  panelWidth: number,
): { readonly svg: string; readonly height: number } {
  const width = panelWidth * 0.46;
  if (data?.labels) {
    const { labels, labelNames } = data;
    const present = [...new Set(Array.from(labels))].sort((a, b) => a - b);
    const entries = present.map((label) => ({
      name: labelNames?.[label] ?? String(label),
      colour: categorical(label),
    }));
    return {
      svg: text("class", { y: 4 }) + translate(0, 20, swatches({ entries, width })),
      height: 20 + 18 * swatchRows(entries, width),
    };
  }
  if (!data?.values || !data.value) return { svg: "", height: 0 };
  const { name, unit = "", period } = data.value;
  if (period)
    return {
      svg: text(name, { y: 4 }) + translate(108, 34, colourRing({ period, unit })),
      height: 78,
    };
  const [low, high] = extent(data.values);
  return {
    svg: colourBar({
      id: "values",
      label: unit ? `${name} (${unit})` : name,
      scale: sequential,
      width: width - 10,
      ticks: [0, 0.5, 1].map((at) => ({
        at,
        label: String(Number((low + at * (high - low)).toPrecision(3))),
      })),
    }),
    height: 52,
  };
}
