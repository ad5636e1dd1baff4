/** @file The map as the figure that `pullback map` draws. Loaded when it is asked for: it brings Plot. */
import { axisPlane, mapFigure } from "pullback-core";
import { short } from "../view/words.ts";
import type { Explorer } from "./explorer.svelte.ts";
import { inPlane } from "./places.ts";

/** SVG of the map in view, on white as in print; null while there is none. */
export function mapPicture({ about, stage, heat, curve, d }: Explorer): string | null {
  const { level } = heat;
  const { both, path } = curve;
  const { plane, points } = stage;
  if (!level || !about || !both) return null;
  const { labels, values, description } = about;
  const inside = Array.from({ length: both.geodesic.curve.length / d }, (_, i) =>
    inPlane(plane, both.geodesic.curve.subarray(i * d, (i + 1) * d)),
  );
  return mapFigure(document as never, {
    map: {
      bounds: level.bounds,
      grid: level.side,
      logMagnification: Float64Array.from(level.logs),
    },
    data: points.length
      ? { points, labels, values, labelNames: description.labelNames, value: description.value }
      : undefined,
    curves: [
      {
        kind: "straight",
        label: `straight ${short(both.straight.length)}`,
        points: path.map((point) => inPlane(plane, point)),
      },
      { kind: "geodesic", label: `geodesic ${short(both.geodesic.length)}`, points: inside },
    ],
    axes: isFirstTwo(plane.axes, d) ? ["z₁", "z₂"] : ["first axis of the plane", "second axis"],
  });
}

const isFirstTwo = (axes: readonly (readonly number[])[], d: number): boolean =>
  JSON.stringify(axes) === JSON.stringify(axisPlane(d).axes);
