import { nativeEngine } from "pullback";
import type { Bounds, DistanceField, FloatType, Metric } from "pullback-core";
import {
  add,
  connect,
  constant,
  distanceField,
  distanceGrid,
  div,
  graph,
  InputError,
  input,
  log,
  mul,
  programCache,
  random,
  reshape,
  slice,
  tensorFrom,
  tensorMetric,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import type { Surface } from "../../reference/surfaces.ts";
import {
  halfPlane,
  linear,
  paraboloid,
  sphere,
  stereographic,
  swissRoll,
  torus,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);

const surfaces: readonly (readonly [Surface, Bounds, FloatType])[] = [
  [linear, [-2, 2, -1, 3], "float32"],
  [sphere, [-0.7, 0.7, -0.7, 0.7], "float32"],
  [torus, [-1, 1, -1, 1], "float64"],
  [swissRoll, [1, 10, -2, 7], "float32"],
  [halfPlane, [-1, 1, 0.6, 2.6], "float32"],
];

/** Points in the middle nine tenths of the bounds, so that shortest ways do not leave. */
function points([x0, x1, y0, y1]: Bounds, count: number): [number, number][] {
  const draw = random(3, "points");
  const within = (a: number, b: number): number => a + (b - a) * (0.05 + 0.9 * draw.uniform());
  return Array.from({ length: count }, () => [within(x0, x1), within(y0, y1)]);
}

describe.each(surfaces)("$0.name", (surface, bounds, type) => {
  const metric = surface.metric(type);

  test("distances to the grid and between its points are right to 1 %", async () => {
    const grid = await distanceGrid({ cache, metric, bounds, grid: 121 });
    for (const source of points(bounds, 3)) {
      const field = grid.from(source);
      for (const point of points(bounds, 300).slice(3)) {
        const expected = surface.distance(source, point);
        expect(Math.abs(field.at(point) / expected - 1)).toBeLessThan(0.01);
      }
    }
  });
});

test("a paraboloid against exact geodesics", async () => {
  const metric = paraboloid.metric("float64");
  const bounds = [-1.2, 1.2, -1.2, 1.2] as const;
  const grid = await distanceGrid({ cache, metric, bounds, grid: 121 });
  expect(Math.abs(grid.from([0, -1]).at([1, 1]) / 2.9285257 - 1)).toBeLessThan(0.01);
  const list = points(bounds, 8);
  const pairs = Float64Array.from(
    list.flatMap((a, i) => list.slice(i + 1).flatMap((b) => [...a, ...b])),
  );
  const { geodesics } = await connect({ engine, cache, metric, pairs });
  for (const { from, to, length } of geodesics)
    expect(Math.abs(grid.from([...from]).at([...to]) / length - 1)).toBeLessThan(0.01);
});

/** Anisotropic and turned, and cheaper to the right. */
function sheared(type: FloatType): Metric {
  const z = input("z", type, ["n", 2]);
  const x = slice(z, 1, 0, 1);
  const B = [400, -30, -30, 2.5];
  const square = reshape(mul(add(x, 10), add(x, 10)), ["n", 1, 1]);
  return tensorMetric(
    "sheared",
    graph([z], { G: div(constant(tensorFrom(type, [1, 2, 2], B)), square) }),
  );
}

test("anisotropy 40 : 1 on a curved metric, against exact geodesics", async () => {
  const metric = sheared("float64");
  const bounds = [-1, 1, -1, 1] as const;
  const grid = await distanceGrid({ cache, metric, bounds, grid: 161 });
  const list = points(bounds, 7);
  const pairs = Float64Array.from(
    list.flatMap((a, i) => list.slice(i + 1).flatMap((b) => [...a, ...b])),
  );
  const { geodesics } = await connect({ engine, cache, metric, pairs });
  let compared = 0;
  for (const { from, to, length, curve } of geodesics) {
    // A shortest way that leaves the grid is another problem.
    if (curve.some((value) => Math.abs(value) > 1.05)) continue;
    compared++;
    expect(Math.abs(grid.from([...from]).at([...to]) / length - 1)).toBeLessThan(0.01);
  }
  expect(compared).toBeGreaterThan(9);
});

describe("a field", () => {
  const metric = sphere.metric("float32");
  const field = (options: Partial<Parameters<typeof distanceField>[0]>): Promise<DistanceField> =>
    distanceField({
      cache,
      metric,
      bounds: [-0.5, 0.5, -0.4, 0.4],
      grid: 41,
      source: [0.1, -0.2],
      ...options,
    });

  test("has its rows from y0 up and its columns along x", async () => {
    const { distance, grid, at } = await field({});
    expect(grid).toBe(41);
    expect(distance).toHaveLength(41 * 41);
    expect(distance[0]).toBeCloseTo(at([-0.5, -0.4]), 12);
    expect(distance[40]).toBeCloseTo(at([0.5, -0.4]), 12);
    expect(distance[40 * 41]).toBeCloseTo(at([-0.5, 0.4]), 12);
    expect(distance[0] as number).toBeLessThan(distance[40 * 41] as number);
  });

  test("is zero at its source and nothing outside its bounds", async () => {
    const { at } = await field({});
    expect(at([0.1, -0.2])).toBeCloseTo(0, 9);
    expect(at([0.51, 0])).toBe(Infinity);
    expect(at([Number.NaN, 0])).toBe(Infinity);
  });

  test("goes around where the metric is not finite", async () => {
    // log x has no real value left of 0: a wall.
    const z = input("z", "float32", ["n", 2]);
    const x = slice(z, 1, 0, 1);
    const G = mul(
      constant(tensorFrom("float32", [1, 2, 2], [1, 0, 0, 1])),
      reshape(div(log(x), log(x)), ["n", 1, 1]),
    );
    const { at } = await field({ metric: tensorMetric("wall", graph([z], { G })) });
    expect(at([0.4, -0.2])).toBeCloseTo(0.3, 2);
    expect(at([-0.1, -0.2])).toBe(Infinity);
  });

  test.each([
    [{ source: [0.6, 0] }, "source: expected two coordinates within -0.5 to 0.5 and -0.4 to 0.4"],
    [{ source: [0] }, "source: expected two coordinates"],
    [{ bounds: [1, 1, 0, 1] as const }, "expected bounds x0 < x1 and y0 < y1, got 1, 1, 0, 1"],
    [{ grid: 3 }, "a grid of at least 9 points a side, got 3"],
    [{ metric: stereographic(3, []).metric("float32") }, "2 latent dimensions"],
  ])("refuses %j", async (options, message) => {
    const failure = field(options);
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(message);
  });
});
