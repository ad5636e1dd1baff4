/**
 * Tolerances: closed forms on spheres of 2 and 5 dimensions, half-plane, paraboloid and flat
 * surfaces 1e-9 in float64, as maps and as tensors, 1e-4 in float32; Gauss and Bonnet on a torus 1e-9.
 */
import { nativeEngine } from "pullback";
import type { FloatType, MapMetric, Metric, Value } from "pullback-core";
import {
  concat,
  curvature,
  decoder,
  graph,
  inline,
  input,
  mul,
  programCache,
  pullback,
  relu,
  slice,
  smoothed,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { logDensity } from "../../../packages/core/src/metric/density.ts";
import {
  asTensor,
  halfPlane,
  linear,
  paraboloid,
  ringTorus,
  sphere,
  stereographic,
  swissRoll,
  torus,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const at = (metric: Metric, points: readonly number[], plane?: [number[], number[]]) =>
  curvature({ cache, metric, points: Float64Array.from(points), plane });

const places = [0.4, 1.2, -0.7, 0.5, 2, 3];
const cases = [
  { surface: sphere, K: () => 1 },
  { surface: halfPlane, K: () => -1 },
  { surface: paraboloid, K: (x: number, y: number) => 4 / (1 + 4 * (x * x + y * y)) ** 2 },
  { surface: linear, K: () => 0 },
  { surface: torus, K: () => 0 },
  { surface: swissRoll, K: () => 0 },
];

describe.each(cases)("Gaussian curvature of $surface.name", ({ surface, K }) => {
  test.each([
    ["float64", 1e-9],
    ["float32", 1e-4],
  ] as const)("in %s, as it is given and as a tensor", async (type, allowed) => {
    const metric = surface.metric(type);
    for (const form of type === "float64" ? [metric, asTensor(metric)] : [metric]) {
      const values = await at(form, places);
      values.forEach((value, i) => {
        const expected = K(places[2 * i] as number, places[2 * i + 1] as number);
        expect(Math.abs(value - expected)).toBeLessThan(allowed);
      });
    }
  });
});

test("does not depend on how latent space is stretched", async () => {
  const z = input("z", "float64", ["n", 2]);
  const scaled = mul(0.1, z);
  const map = graph([z], { mean: concat([scaled, mul(scaled, scaled)], 1) });
  // x = (u, v, u^2, v^2): stretched by ten, curvature at ten times the place is the same.
  const wide = pullback(decoder(map));
  const narrow = pullback(decoder(graph([z], { mean: concat([z, mul(z, z)], 1) })));
  const [a] = await at(wide, [3, -5]);
  const [b] = await at(narrow, [0.3, -0.5]);
  expect(a).toBeCloseTo(b as number, 10);
});

describe("in more dimensions", () => {
  test("every plane of a sphere has curvature 1", async () => {
    const metric = stereographic(5, []).metric("float64");
    const point = [0.1, 0.2, -0.3, 0.1, 0.5];
    const plane: [number[], number[]] = [
      [1, 0.5, 0, -1, 2],
      [0, 1, 1, 0, -0.3],
    ];
    for (const form of [metric, asTensor(metric)])
      for (const value of [await at(form, point), await at(form, point, plane)])
        expect(value[0]).toBeCloseTo(1, 9);
  });

  test("a sphere times a line is bent only along the sphere", async () => {
    const z = input("z", "float64", ["n", 3]);
    const { map } = sphere.metric("float64") as MapMetric;
    const [x, y, h] = [0, 1, 2].map((k) => slice(z, 1, k, k + 1)) as [Value, Value, Value];
    const round = inline(map, { z: concat([x, y], 1) }).x as Value;
    const metric = pullback(decoder(graph([z], { mean: concat([round, h], 1) })));
    const point = [0.4, 1.2, 7];
    for (const form of [metric, asTensor(metric)]) {
      expect((await at(form, point))[0]).toBeCloseTo(1, 9);
      const upright: [number[], number[]] = [
        [1, 0, 0],
        [0, 0, 1],
      ];
      expect((await at(form, point, upright))[0]).toBeCloseTo(0, 9);
    }
  });
});

test("the integral of K over a torus is 0 (Gauss and Bonnet)", async () => {
  const side = 48;
  const points = Float64Array.from({ length: 2 * side * side }, (_, i) => {
    const point = i >> 1;
    return (2 * Math.PI * (i % 2 ? Math.floor(point / side) : point % side)) / side;
  });
  for (const metric of [ringTorus("float64"), asTensor(ringTorus("float64"))]) {
    const K = await curvature({ cache, metric, points });
    const density = await logDensity(cache, metric, points);
    const cell = ((2 * Math.PI) / side) ** 2;
    let [total, absolute] = [0, 0];
    K.forEach((value, i) => {
      total += value * Math.exp(density[i] as number) * cell;
      absolute += Math.abs(value) * Math.exp(density[i] as number) * cell;
    });
    expect(Math.abs(total)).toBeLessThan(1e-9);
    // Outside and inside each have the curvature of a whole sphere, 4 pi, against each other.
    expect(absolute).toBeCloseTo(8 * Math.PI, 1);
  }
});

test("of a tensor that is more precise than its points", async () => {
  const of = (type: FloatType) => at(smoothed(sphere.metric(type), { lambda: 0.3 }), [0.4, 1.2]);
  const [single, double] = [await of("float32"), await of("float64")];
  expect((single[0] as number) / (double[0] as number)).toBeCloseTo(1, 4);
});

test("where the metric is singular there is no curvature", async () => {
  const z = input("z", "float64", ["n", 2]);
  const first = slice(z, 1, 0, 1);
  const metric = pullback(decoder(graph([z], { mean: concat([first, mul(first, first)], 1) })));
  for (const form of [metric, asTensor(metric)])
    expect(await at(form, [1, 1])).toEqual(Float64Array.of(Number.NaN));
});

test.each([
  [() => stereographic(1, []).metric("float64"), [1], undefined, "expected two latent dimensions"],
  [
    () => sphere.metric("float64"),
    [1, 2, 3],
    undefined,
    "expected points of 2 numbers each, got 3",
  ],
  [
    () => sphere.metric("float64"),
    [1, 2],
    [[1], [2]] as [number[], number[]],
    "expected a plane in 2 latent dimensions, got directions of 1,1 numbers",
  ],
  [
    () => {
      const z = input("z", "float64", ["n", 2]);
      return pullback(decoder(graph([z], { mean: relu(z) })));
    },
    [1, 2],
    undefined,
    "curvature: expected a smooth decoder",
  ],
])("refuses %s", async (metric, points, plane, message) => {
  await expect(at(metric(), points, plane)).rejects.toThrow(message);
});
