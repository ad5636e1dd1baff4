import { describe, expect, test } from "vitest";
import { ballAround } from "../../../packages/core/src/neighbourhood/ball.ts";
import { march } from "../../../packages/core/src/neighbourhood/marching.ts";
import { stencils } from "../../../packages/core/src/neighbourhood/stencils.ts";
import { wayDown } from "../../../packages/core/src/neighbourhood/trace.ts";

const side = 81;
type Tensor = readonly [number, number, number];

/** The way between two points of a lattice, in steps of it. */
function way(
  metric: (x: number, y: number) => Tensor,
  from: readonly [number, number],
  to: readonly [number, number],
) {
  const tensors = Float64Array.from({ length: side * side }, (_, i) => i).reduce(
    (all, node) => {
      all.set(metric(node % side, Math.floor(node / side)), 3 * node);
      return all;
    },
    new Float64Array(3 * side * side),
  );
  const lattice = stencils({ width: side, height: side, tensors });
  const ball = ballAround(lattice, ...from, 33);
  const front = march(lattice, ball, { loose: ball.corners });
  const nodes = wayDown(lattice, front, from, to);
  return (
    nodes && Array.from({ length: nodes.length / 2 }, (_, i) => [...nodes.slice(2 * i, 2 * i + 2)])
  );
}

const length = (nodes: readonly number[][]): number =>
  nodes
    .slice(1)
    .reduce(
      (sum, [x, y], i) =>
        sum +
        Math.hypot(
          (x as number) - (nodes[i]?.[0] as number),
          (y as number) - (nodes[i]?.[1] as number),
        ),
      0,
    );

describe("the way down a field of distances", () => {
  test("on the plane it is nearly straight, between the points themselves", () => {
    const nodes = way(() => [1, 0, 1], [10.3, 20.6], [70.2, 41.9]) as number[][];
    expect(nodes[0]).toEqual([10.3, 20.6]);
    expect(nodes.at(-1)).toEqual([70.2, 41.9]);
    expect(length(nodes) / Math.hypot(59.9, 21.3)).toBeLessThan(1.05);
  });

  test("it follows a valley of few steps' width", () => {
    // Along a circle a step costs one, beside it 31.
    const ring = (x: number, y: number): Tensor => {
      const off = (Math.hypot(x - 40, y - 40) - 30) / 1.5;
      const factor = 1 + 30 * Math.min(1, off * off);
      return [factor ** 2, 0, factor ** 2];
    };
    const at = (angle: number): [number, number] => [
      40 + 30 * Math.cos(angle),
      40 + 30 * Math.sin(angle),
    ];
    const nodes = way(ring, at(0.2), at(2.6)) as number[][];
    expect(nodes.at(-1)).toEqual(at(2.6));
    for (const [x, y] of nodes)
      expect(Math.abs(Math.hypot((x as number) - 40, (y as number) - 40) - 30)).toBeLessThan(1.5);
    expect(length(nodes) / (30 * 2.4)).toBeLessThan(1.12);
  });

  test("there is none from where no front came", () => {
    // A wall of holes between both.
    const wall = (x: number): Tensor => (x === 40 ? [Number.NaN, 0, Number.NaN] : [1, 0, 1]);
    expect(way(wall, [20, 40], [60, 40])).toBeNull();
  });
});
