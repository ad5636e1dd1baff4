/** @file Accuracy of nearest neighbours over how many are asked, for two kinds of distance. */
import { axisX, axisY, dot, gridY, line, ruleX } from "@observablehq/plot";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { chart, faint, ink, picture, text } from "./svg.ts";

export interface AccuracyLine {
  readonly name: string;
  readonly kind: "geodesic" | "straight";
  /** Share that is right, for each k. */
  readonly accuracy: readonly {
    readonly k: number;
    readonly share: number;
    readonly error: number;
  }[];
}

export interface AccuracyFigure {
  readonly lines: readonly AccuracyLine[];
  readonly width?: number;
}

/** The least that the axis spans: nobody should see differences that are none. */
const leastSpan = 0.1;

/** Lines with bars of one standard error to either side. */
export function accuracyFigure(
  document: FigureDocument,
  { lines, width = 520 }: AccuracyFigure,
): string {
  const [height, left, bottom, top] = [330, 58, 44, 30];
  const all = lines.flatMap(({ accuracy }) => accuracy);
  const low = Math.min(...all.map(({ share, error }) => share - error));
  const high = Math.max(...all.map(({ share, error }) => share + error));
  const room = Math.max(0.08 * (high - low), (leastSpan - (high - low)) / 2);
  const most = Math.min(1, high + room);
  const marks = lines.flatMap(({ kind, accuracy }) => [
    ruleX(accuracy, {
      x: "k",
      y1: ({ share, error }: AccuracyLine["accuracy"][number]) => share - error,
      y2: ({ share, error }: AccuracyLine["accuracy"][number]) => share + error,
      stroke: curveColours[kind],
      strokeOpacity: 0.6,
    }),
    line(accuracy, {
      ...{ x: "k", y: "share", stroke: curveColours[kind], strokeWidth: 2 },
      // Where both are the same, the one below shows through.
      ...(kind === "straight" && { strokeDasharray: "6 6" }),
    }),
    dot(accuracy, { x: "k", y: "share", fill: curveColours[kind], r: 3 }),
  ]);
  const plot = chart(document, {
    width,
    height,
    marginLeft: left,
    marginRight: 14,
    marginTop: top,
    marginBottom: bottom,
    x: { domain: [0, 1 + Math.max(...all.map(({ k }) => k))] },
    y: { domain: [Math.max(0, Math.min(low - room, most - leastSpan)), most] },
    marks: [
      gridY({ stroke: "#e6e6e6", strokeOpacity: 1, ticks: 6 }),
      axisX({ label: null, ticks: 8, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      axisY({
        label: null,
        ticks: 6,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        fill: ink,
        tickFormat: (share: number) => `${Number((100 * share).toFixed(1))} %`,
      }),
      ...marks,
    ],
  });
  const names = lines.map(({ name, kind }, i) =>
    text(name, { x: left + i * 160, y: 18, fill: curveColours[kind], "font-weight": "bold" }),
  );
  return picture(
    { width, height, title: "Accuracy of nearest neighbours" },
    plot,
    ...names,
    text("held-out classes told right", { x: width - 14, y: 18, "text-anchor": "end" }),
    text("neighbours asked", { x: (width + left) / 2, y: height - 6, "text-anchor": "middle" }),
  );
}
