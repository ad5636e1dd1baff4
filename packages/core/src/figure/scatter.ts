/** @file Panels of points side by side, coloured by class: the same codes by two kinds of distance. */
import { dot, frame } from "@observablehq/plot";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import { categorical } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { swatches, swatchRows } from "./legend.ts";
import { pointLimit } from "./map-data.ts";
import { chart, faint, picture, text, translate } from "./svg.ts";

export interface ScatterPanel {
  readonly title: string;
  /** A line below the title, such as what was measured. */
  readonly caption?: string;
  /** [n, 2]; equal scales across and up. */
  readonly points: FloatArray;
  /** Class of each point, from 0. */
  readonly labels?: ArrayLike<number>;
  /** Points drawn larger, with a ring. */
  readonly marked?: ArrayLike<number>;
}

export interface ScatterFigure {
  readonly title: string;
  readonly panels: readonly ScatterPanel[];
  /** What the colours are. */
  readonly legend?: string;
  readonly labelNames?: readonly string[];
  /** Of one panel; 330 by default. */
  readonly side?: number;
}

const gap = 18;
const head = 44;

/** Each panel has its own extent: embeddings have no unit in common. */
export function scatterFigure(
  document: FigureDocument,
  { title, panels, legend = "class", labelNames, side = 330 }: ScatterFigure,
): string {
  const width = panels.length * (side + gap) + gap;
  const present = [...new Set(panels.flatMap(({ labels }) => Array.from(labels ?? [])))];
  const entries = present
    .sort((a, b) => a - b)
    .map((label) => ({ name: labelNames?.[label] ?? String(label), colour: categorical(label) }));
  const rows = entries.length > 0 ? swatchRows(entries, width - 2 * gap - 60) : 0;
  const height = head + side + gap + (rows > 0 ? 18 * rows + 8 : 0);
  const drawn = panels.map((panel, i) =>
    translate(
      gap + i * (side + gap),
      0,
      text(panel.title, { y: 20, "font-size": 14, "font-weight": "bold" }),
      panel.caption ? text(panel.caption, { y: 37, fill: faint }) : "",
      translate(0, head, cloud(document, panel, side)),
    ),
  );
  const key =
    rows > 0
      ? translate(
          gap,
          head + side + gap + 8,
          text(legend, { y: 4 }),
          translate(60, 0, swatches({ entries, width: width - 2 * gap - 60 })),
        )
      : "";
  return picture({ width, height, title }, ...drawn, key);
}

function cloud(
  document: FigureDocument,
  { points, labels, marked = [] }: ScatterPanel,
  side: number,
): string {
  const n = points.length / 2;
  // Random order, so that no class lies on top of the others.
  const index = random(1, "figure").permutation(n).slice(0, pointLimit);
  const [x, y] = [extent(points, 0), extent(points, 1)];
  const half = 0.53 * Math.max(x[1] - x[0], y[1] - y[0], Number.MIN_VALUE);
  const around = ([low, high]: readonly [number, number]): [number, number] => [
    (low + high) / 2 - half,
    (low + high) / 2 + half,
  ];
  const colour = (i: number): string => (labels ? categorical(labels[i] as number) : "#4477aa");
  const place = { x: (i: number) => points[2 * i], y: (i: number) => points[2 * i + 1] };
  return chart(document, {
    width: side,
    height: side,
    margin: 0,
    x: { domain: around(x), axis: null },
    y: { domain: around(y), axis: null },
    marks: [
      frame({ stroke: "#dddddd" }),
      dot(index, {
        ...place,
        fill: { value: colour, scale: null },
        r: n > 1500 ? 1.6 : n > 300 ? 2.2 : 3,
        fillOpacity: 0.8,
      }),
      dot(Array.from(marked), {
        ...place,
        r: 6,
        fill: { value: colour, scale: null },
        stroke: "#222222",
        strokeWidth: 1.5,
      }),
    ],
  });
}

function extent(points: FloatArray, axis: 0 | 1): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis; i < points.length; i += 2) {
    low = Math.min(low, points[i] as number);
    high = Math.max(high, points[i] as number);
  }
  return [low, high];
}
