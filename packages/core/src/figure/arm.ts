/**
 * @file Robot arms for strips: each pose as sticks, and behind it the ways that the tool takes over all
 * of the strip, so that one sees where on them it is.
 */
import type { FloatArray } from "../array/tensor.ts";
import { armFoot, armPaths, armView, toolPath } from "../drawing/arm.ts";
import { rawUnits } from "../drawing/raw.ts";
import type { Scaling } from "../format/model.ts";
import type { Painter } from "./painter.ts";
import { element } from "./svg.ts";

const floor = "#ececec";
const way = "#a3a3a3";
/** Of the stand, the arm and the hand, in metres. */
const thickness = [0.15, 0.1, 0.06] as const;

/**
 * Paints poses `width` wide, all to one scale: that in which all of `all`, each [n, 6] before the
 * scaling is undone, just fit.
 */
export function armPainter(
  scaling: Scaling | undefined,
  width: number,
  all: readonly FloatArray[],
): Painter {
  const poses = all.map((observations) => rawUnits(observations, scaling));
  const view = armView(poses, width);
  const ways = poses.map((rows) =>
    element("path", { d: toolPath(rows, view), fill: "none", stroke: way, "stroke-width": 0.6 }),
  );
  const behind = element("ellipse", { ...armFoot(view), fill: floor }) + ways.join("");
  return {
    height: view.height,
    observation(x, colour) {
      const { links, joints } = armPaths(rawUnits(x, scaling), view);
      return (
        behind +
        element(
          "g",
          { fill: "none", stroke: colour, "stroke-linecap": "round", "stroke-linejoin": "round" },
          ...links.map((d, i) =>
            element("path", { d, "stroke-width": (thickness[i] as number) * view.scale }),
          ),
          ...joints.map(([cx, cy]) =>
            element("circle", { cx, cy, r: 0.03 * view.scale, fill: "#ffffff", stroke: "none" }),
          ),
        )
      );
    },
  };
}
