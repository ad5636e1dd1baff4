/**
 * @file Random Bézier curves between two points, as Appendix A of the paper draws them.
 *
 * The inner control points of a curve of degree K lie around the points z0 + (z1 - z0) k / K. The
 * paper's words, "a uniform distribution with its support orthogonal to the straight line and the
 * range (z1 - z0) / 2", are read so: the offset is r u with u a direction orthogonal to the line,
 * drawn evenly among all such directions, and r uniform over an interval of length |z1 - z0| / 2
 * around zero. In two dimensions that is the one interval the words describe; in more, it is the
 * same interval in a direction that prefers none. In one dimension nothing is orthogonal to the
 * line, and all curves are the line itself.
 */
import { dot } from "../array/linear.ts";
import type { Random } from "../array/random.ts";
import { random } from "../array/random.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { Start } from "./start.ts";
import { ends, pairCount } from "./start.ts";

/** One random curve a pair; other curves for another `index`. */
export function bezierStart({ degree = 3, index = 0 } = {}): Start {
  const times = Float64Array.from({ length: 65 }, (_, i) => i / 64);
  return {
    name: "bezier",
    propose: async ({ pairs, seed }) =>
      Array.from({ length: pairCount(pairs) }, (_, i) => {
        const { from, to } = ends(pairs, i);
        const draw = random(seed, "start", "bezier", index, i);
        return bezierPoints(bezierControls(from, to, degree, draw), pairs.d, times);
      }),
  };
}

/** The control points of one random curve from z0 to z1: [degree + 1, d]. */
export function bezierControls(from: Nodes, to: Nodes, degree: number, draw: Random): Nodes {
  const d = from.length;
  const line = to.map((x, k) => x - (from[k] as number));
  const length = Math.sqrt(dot(line, line));
  const controls = new Float64Array((degree + 1) * d);
  for (let i = 1; i < degree; i++) {
    const side = orthogonalTo(line, length, draw);
    const offset = (draw.uniform() - 0.5) * (length / 2);
    for (let k = 0; k < d; k++)
      controls[i * d + k] =
        (from[k] as number) +
        ((line[k] as number) * i) / degree +
        (side ? offset * (side[k] as number) : 0);
  }
  controls.set(from, 0);
  controls.set(to, degree * d);
  return controls;
}

/** A direction orthogonal to a vector of the given length; null where there is none. */
function orthogonalTo(line: Nodes, length: number, { normal }: Random): Nodes | null {
  const d = line.length;
  if (d === 1 || length === 0) return null;
  const direction = Float64Array.from(line, () => normal());
  const along = dot(direction, line) / length ** 2;
  const side = direction.map((x, k) => x - along * (line[k] as number));
  const size = Math.sqrt(dot(side, side));
  return side.map((x) => x / size);
}

/** Points of a Bézier curve at parameters t in [0, 1], by de Casteljau: [times, d]. */
export function bezierPoints(controls: Nodes, d: number, times: ArrayLike<number>): Nodes {
  const points = new Float64Array(times.length * d);
  for (let i = 0; i < times.length; i++) {
    const t = times[i] as number;
    const level = controls.slice();
    for (let left = controls.length - d; left > 0; left -= d)
      for (let j = 0; j < left; j++)
        level[j] = (1 - t) * (level[j] as number) + t * (level[j + d] as number);
    points.set(level.subarray(0, d), i * d);
  }
  return points;
}
