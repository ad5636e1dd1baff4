/** Tolerances: half axes on the sphere and the half-plane in closed form 1e-12 in float64. */
import { nativeEngine } from "pullback";
import type { Metric, Plane } from "pullback-core";
import {
  cellCentres,
  concat,
  decoder,
  evaluator,
  graph,
  indicatrices,
  input,
  mul,
  programCache,
  pullback,
  slice,
} from "pullback-core";
import { afterAll, expect, test } from "vitest";
import { halfPlane, paraboloid, sphere, stereographic } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const at = (metric: Metric, points: readonly number[], plane?: Plane) =>
  indicatrices({ cache, metric, points: Float64Array.from(points), plane });

test("are circles where a chart is conformal: sphere and half-plane", async () => {
  const points = [0.4, 1.2, -0.7, 0.5];
  for (const [surface, radius] of [
    [sphere, (x: number, y: number) => (1 + x * x + y * y) / 2],
    [halfPlane, (_: number, y: number) => y],
  ] as const)
    (await at(surface.metric("float64"), points)).forEach(({ centre, lengths }, i) => {
      const [x, y] = [points[2 * i] as number, points[2 * i + 1] as number];
      expect(centre).toEqual([x, y]);
      for (const length of lengths) expect(length).toBeCloseTo(radius(x, y), 12);
    });
});

test("have axes of length 1 in the metric, orthogonal there and in the plane", async () => {
  const metric = paraboloid.metric("float64");
  const [{ lengths, directions }] = (await at(metric, [0.4, 1.2])) as [
    Awaited<ReturnType<typeof at>>[0],
  ];
  const G = await evaluator(cache, metric).tensors(Float64Array.of(0.4, 1.2));
  const inner = (u: readonly number[], w: readonly number[]): number =>
    [0, 1].reduce(
      (sum, k) =>
        sum + [0, 1].reduce((s, l) => s + (u[k] ?? 0) * (G[2 * k + l] ?? 0) * (w[l] ?? 0), 0),
      0,
    );
  const axes = directions.map((direction, k) => direction.map((x) => x * (lengths[k] as number)));
  const [a, b] = axes as [number[], number[]];
  expect([inner(a, a), inner(b, b)].map((x) => Number(x.toFixed(12)))).toEqual([1, 1]);
  expect(inner(a, b)).toBeCloseTo(0, 12);
  // A paraboloid is steepest outwards: the short axis points there.
  expect((b[0] as number) / (b[1] as number)).toBeCloseTo(0.4 / 1.2, 12);
  expect(lengths[0]).toBeGreaterThan(lengths[1] as number);
});

test("restricted to a plane have its coordinates", async () => {
  const plane = {
    origin: [0.1, 0.2, 0.3],
    axes: [
      [1, 0, 0],
      [0, 0.6, 0.8],
    ],
  };
  const [{ centre, lengths }] = (await at(
    stereographic(3, []).metric("float64"),
    [0.5, 1],
    plane,
  )) as [Awaited<ReturnType<typeof at>>[0]];
  const z = [0.6, 0.8, 1.1];
  expect(centre).toEqual([0.5, 1]);
  expect(lengths[0]).toBeCloseTo((1 + z.reduce((s, x) => s + x * x, 0)) / 2, 12);
  expect(lengths).toHaveLength(2);
});

test("are endless in a direction that does not move the data", async () => {
  const z = input("z", "float64", ["n", 2]);
  const first = slice(z, 1, 0, 1);
  const metric = pullback(decoder(graph([z], { mean: concat([first, mul(2, first)], 1) })));
  const [{ lengths, directions }] = (await at(metric, [1, 1])) as [
    Awaited<ReturnType<typeof at>>[0],
  ];
  expect(lengths).toEqual([Number.POSITIVE_INFINITY, 1 / Math.sqrt(5)]);
  expect(directions[0]).toEqual([0, 1]);
});

test("cells of a map have their centres row by row", () => {
  expect([...cellCentres([0, 4, 10, 12], 2)]).toEqual([1, 10.5, 3, 10.5, 1, 11.5, 3, 11.5]);
});

test("points that do not fit are refused", async () => {
  await expect(at(sphere.metric("float64"), [1, 2, 3])).rejects.toThrow(
    "expected points of 2 numbers and a plane in 2 dimensions, got 3 numbers and [2,2,2]",
  );
});
