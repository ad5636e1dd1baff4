/** @file Curves over a map, with their ends marked and their names beside them. */
import { dot, line } from "@observablehq/plot";
import { curveColours } from "./colour.ts";
import type { Pixel } from "./label.ts";
import { placeLabel } from "./label.ts";
import type { ClassName } from "./map-data.ts";
import { ink, text } from "./svg.ts";

export interface MapCurve {
  readonly kind: "geodesic" | "straight";
  /** Said beside the curve, such as `geodesic 5.90`. */
  readonly label: string;
  /** Points in the plane's coordinates. */
  readonly points: readonly (readonly number[])[];
}

export interface Panel {
  /** Where a point of the plane is drawn. */
  pixel(x: number, y: number): Pixel;
  readonly frame: {
    readonly x0: number;
    readonly y0: number;
    readonly x1: number;
    readonly y1: number;
  };
}

export function curveMarks(curves: readonly MapCurve[]) {
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

/** The name of each curve, beside it and clear of the other and of the names of the classes. */
export function curveLabels(
  curves: readonly MapCurve[],
  names: readonly ClassName[],
  { pixel, frame }: Panel,
): string[] {
  const paths = curves.map(({ points }) =>
    dense(points.map(([x, y]) => pixel(x as number, y as number))),
  );
  const placed = names.flatMap(({ x, y }) => {
    const [px, py] = pixel(x, y);
    return [-7, 0, 7].flatMap((dx) =>
      [-7, 0, 7].map((dy) => ({ at: [px + dx, py + dy] as Pixel, weight: 4 })),
    );
  });
  return curves.map(({ kind, label }, i) => {
    const [width, height] = [7.4 * label.length + 4, 20];
    const others = paths.flatMap((path, j) =>
      j === i ? [] : path.map((at) => ({ at, weight: 2 })),
    );
    const ends = [paths[i]?.[0], paths[i]?.at(-1)].flatMap((at) =>
      at ? [{ at, weight: 20 }] : [],
    );
    const [x, y] = placeLabel({
      width,
      height,
      curve: paths[i] as Pixel[],
      avoid: [...placed, ...others, ...ends],
      frame,
    });
    placed.push(
      ...[-0.4, -0.2, 0, 0.2, 0.4].map((share) => ({
        at: [x + share * width, y] as const,
        weight: 30,
      })),
    );
    return text(label, {
      x,
      y: y + 4.5,
      "text-anchor": "middle",
      "font-size": 13,
      "font-weight": "bold",
      fill: curveColours[kind],
      stroke: "#ffffff",
      "stroke-width": 4.5,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    });
  });
}

/** Fifty points, so that a straight line between two is seen in between as well. */
function dense(path: readonly Pixel[]): Pixel[] {
  return Array.from({ length: 50 }, (_, i) => {
    const at = (i / 49) * (path.length - 1);
    const from = Math.min(Math.floor(at), path.length - 2);
    const [a, b] = [path[from] as Pixel, path[from + 1] as Pixel];
    return [a[0] + (at - from) * (b[0] - a[0]), a[1] + (at - from) * (b[1] - a[1])];
  });
}
