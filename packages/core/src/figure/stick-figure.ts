/**
 * @file Stick figures for strips: fine lines with a gap where one limb passes before another, the
 * far side of the body paler than the near one, and its shadow on the ground.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { rawUnits } from "../drawing/raw.ts";
import type { PaperPoint, Part, StickFigure } from "../drawing/stick-figure.ts";
import { stickFigure } from "../drawing/stick-figure.ts";
import type { Bone } from "../format/model.ts";
import type { Depiction, Painter } from "./painter.ts";
import { element, ink, round } from "./svg.ts";

/** Of the side of the body that is turned away. */
const far = "#a3a3a3";
const shadow = "#ececec";
const ground = "#b5b5b5";

/** Widths of lines, in metres of the figure; least and most in pixels, so that they stay fine. */
const thickness = { limb: 0.034, small: 0.02, gap: 0.02, least: 0.6, most: 2.4 } as const;

/**
 * Paints poses `width` wide, all to one scale: that in which the widest and tallest of `all`, [n, D],
 * just fit.
 */
export function skeletonPainter(
  bones: readonly Bone[],
  { observationShape, scaling }: Pick<Depiction, "observationShape" | "scaling">,
  width: number,
  all: readonly FloatArray[],
): Painter {
  const size = observationShape.reduce((a, b) => a * b, 1);
  const pose = (x: FloatArray): StickFigure => stickFigure(bones, rawUnits(x, scaling));
  const poses = all.flatMap((rows) =>
    Array.from({ length: rows.length / size }, (_, i) =>
      pose(rows.subarray(i * size, (i + 1) * size)),
    ),
  );
  if (poses.length === 0) throw new InputError("figure: expected a pose or more to draw, got none");
  const { low, high } = box(poses.flatMap(outline));
  const scale = width / (high[0] - low[0]);
  const onPaper = ([right, up]: PaperPoint): PaperPoint => [
    (right - low[0]) * scale,
    (high[1] - up) * scale,
  ];
  return {
    height: (high[1] - low[1]) * scale,
    observation: (x, colour) => drawn(pose(x), { scale, onPaper, colour }),
  };
}

/** Everything that must be inside the picture. */
function outline({ parts, shadow: fallen, ground: line }: StickFigure): PaperPoint[] {
  return [
    ...line,
    ...fallen.flat(),
    ...parts.flatMap((part): readonly PaperPoint[] => {
      if (part.kind === "limb") return part.points;
      const { centre, radius } = part;
      return [-1, 1].map((sign) => [centre[0] + sign * radius, centre[1] + sign * radius] as const);
    }),
  ];
}

/** Corners around points, with room for the width of a line. */
function box(points: readonly PaperPoint[]): {
  readonly low: PaperPoint;
  readonly high: PaperPoint;
} {
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (const point of points)
    for (const axis of [0, 1] as const) {
      low[axis] = Math.min(low[axis], point[axis] - thickness.limb);
      high[axis] = Math.max(high[axis], point[axis] + thickness.limb);
    }
  return { low, high };
}

interface Ink {
  /** Pixels of a metre. */
  readonly scale: number;
  readonly onPaper: (point: PaperPoint) => PaperPoint;
  readonly colour: string;
}

function drawn(figure: StickFigure, { scale, onPaper, colour }: Ink): string {
  const pixels = (metres: number): number =>
    Math.min(thickness.most, Math.max(thickness.least, metres * scale));
  const path = (points: readonly PaperPoint[]): string =>
    points
      .map(onPaper)
      .map(([x, y], i) => `${i ? "L" : "M"}${round(x)},${round(y)}`)
      .join("");
  const colours = { left: far, right: colour, middle: ink };
  const part = (each: Part): string => {
    if (each.kind === "head") {
      const [cx, cy] = onPaper(each.centre);
      return element("circle", {
        ...{ cx, cy, r: each.radius * scale, fill: "#ffffff", stroke: ink },
        "stroke-width": pixels(thickness.limb),
      });
    }
    const d = path(each.points);
    // Not where the limb grows out of the body: there it would cut into what it hangs on.
    const free = each.points.slice(each.points.length > 2 ? 1 : 0);
    const stroke = colours[each.side ?? "middle"];
    const wide = pixels(each.small ? thickness.small : thickness.limb);
    return (
      element("path", {
        ...{ d: path(free), stroke: "#ffffff", "stroke-linecap": "butt" },
        "stroke-width": wide + 2 * pixels(thickness.gap),
      }) + element("path", { d, stroke, "stroke-width": wide })
    );
  };
  return element(
    "g",
    { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" },
    element("path", {
      ...{ d: figure.shadow.map(path).join(""), stroke: shadow },
      "stroke-width": pixels(thickness.limb),
    }),
    element("path", { d: path(figure.ground), stroke: ground, "stroke-width": thickness.least }),
    ...figure.parts.map(part),
  );
}
