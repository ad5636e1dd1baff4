import { InputError } from "pullback-core";
import { describe, expect, test } from "vitest";
import { ballAround } from "../../../packages/core/src/neighbourhood/ball.ts";
import { march } from "../../../packages/core/src/neighbourhood/marching.ts";
import { shortestPathsOn } from "../../../packages/core/src/neighbourhood/shortest.ts";
import { sparseGraph } from "../../../packages/core/src/neighbourhood/sparse.ts";
import type { MetricLattice } from "../../../packages/core/src/neighbourhood/stencils.ts";
import { stencils } from "../../../packages/core/src/neighbourhood/stencils.ts";

type Point = readonly [number, number];
type Tensor = readonly [g11: number, g12: number, g22: number];

/** Speeds 1 along one axis and `ratio` along the other, turned by an angle. */
function turned(ratio: number, angle: number): Tensor {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const great = ratio ** 2;
  return [great * c * c + s * s, (great - 1) * c * s, great * s * s + c * c];
}

function latticeOf(side: number, metric: (x: number, y: number) => Tensor): MetricLattice {
  const tensors = new Float64Array(3 * side * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      tensors.set(metric(column, row), 3 * (row * side + column));
  return { width: side, height: side, tensors };
}

/** Relative errors at all nodes but those of the outermost twentieth, where ways may end. */
function errors(
  lattice: MetricLattice,
  source: Point,
  distance: (a: Point, b: Point) => number,
): Float64Array {
  const ball = ballAround(lattice, ...source);
  const { distances } = march(stencils(lattice), ball, { loose: ball.corners });
  const rim = Math.ceil(lattice.width / 20);
  const within = (i: number): boolean => i >= rim && i < lattice.width - rim;
  return distances.map((found, node) => {
    const to = [node % lattice.width, Math.floor(node / lattice.width)] as const;
    return to.every(within) ? found / distance(source, to) - 1 : 0;
  });
}

const worst = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const flat =
  ([g11, g12, g22]: Tensor) =>
  ([ax, ay]: Point, [bx, by]: Point): number => {
    const [x, y] = [bx - ax, by - ay];
    return Math.sqrt(g11 * x * x + 2 * g12 * x * y + g22 * y * y);
  };

describe("a constant metric, any direction of its axes", () => {
  test.each([
    [1, 0],
    [5, 0],
    [15, 0.2],
    [30, 0],
    [30, 0.4],
    [30, 1.1],
    [60, 1.9],
  ])("anisotropy %d turned by %d", (ratio, angle) => {
    const tensor = turned(ratio, angle);
    const lattice = latticeOf(161, () => tensor);
    expect(worst(errors(lattice, [97.04, 71.64], flat(tensor)))).toBeLessThan(0.01);
  });
});

describe("curved metrics with closed forms", () => {
  const side = 161;
  const curved = [
    {
      name: "half-plane",
      metric: (_: number, y: number): Tensor => [1 / (y + 30) ** 2, 0, 1 / (y + 30) ** 2],
      distance: ([ax, ay]: Point, [bx, by]: Point) =>
        Math.acosh(1 + ((bx - ax) ** 2 + (by - ay) ** 2) / (2 * (ay + 30) * (by + 30))),
    },
    {
      name: "sphere, stereographic",
      metric: (x: number, y: number): Tensor => {
        const [u, v] = [(x - 80) / 120, (y - 80) / 120];
        const g = (2 / (1 + u * u + v * v) / 120) ** 2;
        return [g, 0, g];
      },
      distance: (a: Point, b: Point) => {
        const on = ([x, y]: Point): number[] => {
          const [u, v] = [(x - 80) / 120, (y - 80) / 120];
          const s = 1 + u * u + v * v;
          return [2 / s - 1, (2 * u) / s, (2 * v) / s];
        };
        const [p, q] = [on(a), on(b)];
        return Math.acos(p.reduce((sum, value, i) => sum + value * (q[i] as number), 0));
      },
    },
    {
      name: "swiss roll, stretched 30 times across at its end",
      metric: (x: number): Tensor => [1 + (x / 5) ** 2, 0, 1],
      distance: ([ax, ay]: Point, [bx, by]: Point) => {
        const along = (x: number): number =>
          2.5 * ((x / 5) * Math.hypot(1, x / 5) + Math.asinh(x / 5));
        return Math.hypot(along(bx) - along(ax), by - ay);
      },
    },
  ];
  test.each(curved)("$name", ({ metric, distance }) => {
    for (const source of [
      [97.04, 71.64],
      [20.5, 120.2],
    ] as const) {
      const all = errors(latticeOf(side, metric), source, distance);
      expect(worst(all)).toBeLessThan(0.01);
    }
  });

  test("the error falls with the steps", () => {
    const { metric, distance } = curved[0] as (typeof curved)[0];
    // Away from the source, where the ball is what it is.
    const at = (refine: number): number => {
      const lattice = latticeOf(40 * refine + 1, (x, y) => {
        const [g11, g12, g22] = metric(x / refine, y / refine);
        return [g11 / refine ** 2, g12 / refine ** 2, g22 / refine ** 2];
      });
      const ball = ballAround(lattice, 20.3 * refine, 20.6 * refine);
      const { distances } = march(stencils(lattice), ball, { loose: ball.corners });
      const node = 35 * refine * lattice.width + 4 * refine;
      return Math.abs((distances[node] as number) / distance([20.3, 20.6], [4, 35]) - 1);
    };
    expect(at(4)).toBeLessThan(at(1) / 3);
  });
});

test("Dijkstra over 4 or 8 neighbours is no match on the same lattice", () => {
  const tensor = turned(10, 0.7);
  const side = 81;
  const distance = flat(tensor);
  const along = (moves: readonly Point[]): number => {
    const [from, to, weight]: number[][] = [[], [], []];
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        for (const [dx, dy] of moves) {
          if (x + dx < 0 || x + dx >= side || y + dy >= side) continue;
          from?.push(y * side + x);
          to?.push((y + dy) * side + x + dx);
          weight?.push(distance([0, 0], [dx, dy]));
        }
    const graph = sparseGraph(side * side, from ?? [], to ?? [], weight ?? []);
    const found = shortestPathsOn(graph)(40 * side + 40).distance;
    return worst(
      found.map((d, node) => {
        const place = [node % side, Math.floor(node / side)] as const;
        return node === 40 * side + 40 ? 0 : d / distance([40, 40], place) - 1;
      }),
    );
  };
  const four = along([
    [1, 0],
    [0, 1],
  ]);
  const eight = along([
    [1, 0],
    [0, 1],
    [1, 1],
    [-1, 1],
  ]);
  const marched = errors(
    latticeOf(side, () => tensor),
    [40, 40],
    distance,
  );
  marched[40 * side + 40] = 0;
  expect(four).toBeGreaterThan(2);
  expect(eight).toBeGreaterThan(0.5);
  expect(worst(marched)).toBeLessThan(0.01);
});

describe("what is not a metric everywhere", () => {
  const wall = (gap: boolean) =>
    latticeOf(41, (x, y) => (x === 20 && !(gap && y > 36) ? [Number.NaN, 0, 1] : [1, 0, 1]));

  test("a hole across the lattice: nothing behind it is reached", () => {
    const lattice = wall(false);
    const { distances } = march(stencils(lattice), ballAround(lattice, 5, 5));
    expect(distances[10 * 41 + 12]).toBeCloseTo(Math.hypot(7, 5), 1);
    expect(distances[10 * 41 + 20]).toBe(Infinity);
    expect(distances[10 * 41 + 30]).toBe(Infinity);
  });

  test("a gap in it is gone through", () => {
    const lattice = wall(true);
    const { distances } = march(stencils(lattice), ballAround(lattice, 5, 5));
    const through = Math.hypot(14, 32) + 2 + Math.hypot(9, 27);
    const found = distances[10 * 41 + 30] as number;
    expect(Math.abs(found / through - 1)).toBeLessThan(0.03);
  });

  test("a metric of rank one, or none, still has distances", () => {
    const one = latticeOf(41, () => [4, 0, 0]);
    const ball = ballAround(one, 20, 20);
    const { distances } = march(stencils(one), ball, { loose: ball.corners });
    expect(distances[20 * 41 + 30]).toBeCloseTo(20, 3);
    expect(distances[40 * 41 + 20]).toBeLessThan(0.3);
    const none = latticeOf(41, () => [0, 0, 0]);
    const everywhere = march(stencils(none), ballAround(none, 20.5, 20)).distances;
    expect(Math.max(...everywhere)).toBeLessThan(1e-60);
  });

  test("a source in a hole, or outside, is refused", () => {
    expect(() => ballAround(wall(false), 20, 5)).toThrow(InputError);
    expect(() => ballAround(wall(false), -0.5, 5)).toThrow("finite");
  });

  test("a lattice of the wrong size is refused", () => {
    expect(() => stencils({ width: 3, height: 3, tensors: new Float64Array(9) })).toThrow(
      "3 x 3 tensors",
    );
  });
});

test("stencils add up to the inverse of the metric", () => {
  for (const [ratio, angle] of [
    [1, 0],
    [3, 0.3],
    [30, 1],
    [150, 2.5],
  ] as const) {
    const [g11, g12, g22] = turned(ratio, angle);
    const { directions, weights } = stencils(latticeOf(1, () => [g11, g12, g22]));
    const sum = [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      const [ex, ey] = [directions[2 * k] as number, directions[2 * k + 1] as number];
      [ex * ex, ex * ey, ey * ey].forEach((product, i) => {
        sum[i] = (sum[i] as number) + (weights[k] as number) * product;
      });
    }
    const determinant = g11 * g22 - g12 * g12;
    [g22, -g12, g11].forEach((entry, i) => {
      expect(sum[i]).toBeCloseTo(entry / determinant, 9);
    });
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
  }
});

test("the front ends early where it is told, and what it passed is the same", () => {
  const lattice = latticeOf(61, (x) => [1 + x / 30, 0.1, 1]);
  const all = stencils(lattice);
  const ball = ballAround(lattice, 30.3, 30.4);
  const whole = march(all, ball).distances;
  const marks = new Uint8Array(61 * 61);
  marks[30 * 61 + 45] = 1;
  marks[20 * 61 + 30] = 1;
  const early = march(all, ball, { until: { marks, count: 2 } });
  expect(early.reach).toBe(whole[30 * 61 + 45]);
  early.distances.forEach((distance, node) => {
    expect([whole[node], Infinity]).toContain(distance);
    expect(distance <= early.reach || distance === Infinity).toBe(true);
  });
});
