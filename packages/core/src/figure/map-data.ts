/** @file The data over a map: coloured dots, names of classes, and what the colours mean. */
import { dot } from "@observablehq/plot";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { ValueAxis } from "../format/model.ts";
import type { Bounds } from "../metric/magnification.ts";
import { categorical, cyclic, sequential } from "./colour.ts";
import { medianPoint } from "./label.ts";
import { colourBar, colourRing, swatches, swatchRows } from "./legend.ts";
import { text, translate } from "./svg.ts";

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

/** More points than this are thinned out, evenly at random: a picture shows no more. */
export const pointLimit = 4000;

export interface Shown extends MapData {
  readonly index: Uint32Array;
}

/** Random order, so that no class lies on top of the others; inside the bounds; `pointLimit`. */
export function thin(data: MapData, [x0, x1, y0, y1]: Bounds): Shown {
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

export function pointMarks(data: Shown) {
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

export interface ClassName {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly colour: string;
}

/** The name of each class at the median of its points, where the colour alone may not tell. */
export function classNames({ points, labels, labelNames, index }: Shown): ClassName[] {
  if (!labels) return [];
  const members = new Map<number, number[]>();
  for (const i of index) {
    const label = labels[i] as number;
    const known = members.get(label);
    if (known) known.push(i);
    else members.set(label, [i]);
  }
  return [...members].map(([label, of]) => {
    const [x, y] = medianPoint(of, points);
    return { x, y, name: labelNames?.[label] ?? String(label), colour: categorical(label) };
  });
}

/** Names over the map, given where a point of the plane is drawn. */
export function classLabels(
  names: readonly ClassName[],
  { pixel }: { pixel(x: number, y: number): readonly [number, number] },
): string[] {
  return names.map(({ x, y, name, colour }) => {
    const [px, py] = pixel(x, y);
    return text(name, {
      x: px,
      y: py + 5,
      "text-anchor": "middle",
      "font-size": 15,
      "font-weight": "bold",
      fill: colour,
      stroke: "#ffffff",
      "stroke-width": 4,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    });
  });
}

/** Ring, bar or swatches, and how high they are. */
export function dataLegend(
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
      svg: text(name, { y: 4 }) + translate(84, 34, colourRing({ period, unit })),
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
