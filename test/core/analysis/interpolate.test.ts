/**
 * Tolerances: points at equal distances on geodesics of the half-plane and the sphere in closed form
 * 1e-6 in float64, from nodes that are not evenly spaced.
 */
import { nativeEngine } from "pullback";
import type { Metric } from "pullback-core";
import {
  concat,
  connect,
  decoder,
  graph,
  input,
  interpolate,
  mul,
  programCache,
  pullback,
  relu,
  straight,
  straightNodes,
} from "pullback-core";
import { afterAll, expect, test } from "vitest";
import { halfPlane, sphere } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const on = (metric: Metric, curves: readonly Float64Array[], points: number) =>
  interpolate({ cache, metric, curves, points, tolerance: 1e-9 });

test("a vertical of the half-plane in equal latent steps becomes one of equal ratios", async () => {
  const nodes = straightNodes(Float64Array.of(0.5, 1), Float64Array.of(0.5, 4), 40);
  const [got] = (await on(halfPlane.metric("float64"), [nodes], 9)) as [Float64Array];
  for (let i = 0; i < 9; i++) {
    expect(got[2 * i]).toBeCloseTo(0.5, 12);
    expect(got[2 * i + 1]).toBeCloseTo(4 ** (i / 8), 6);
  }
});

test("points on geodesics of the sphere are equally far apart", async () => {
  const metric = sphere.metric("float64");
  const pairs = Float64Array.from(sphere.pairs.flat(2));
  const options = { engine, cache, metric, pairs, tolerance: 1e-7, starts: [straight] };
  const { geodesics } = await connect(options);
  const got = await on(
    metric,
    geodesics.map(({ curve }) => curve),
    6,
  );
  got.forEach((points, pair) => {
    const [a, b] = sphere.pairs[pair] as (typeof sphere.pairs)[0];
    const part = sphere.distance(a, b) / 5;
    for (let i = 0; i < 5; i++) {
      const at = (j: number): number[] => [...points.subarray(2 * j, 2 * j + 2)];
      expect(Math.abs(sphere.distance(at(i), at(i + 1)) - part)).toBeLessThan(1e-6);
    }
    expect([...points.subarray(0, 2), ...points.subarray(-2)]).toEqual([...a, ...b]);
  });
});

test("a polyline on a decoder with kinks stays one", async () => {
  const z = input("z", "float64", ["n", 2]);
  const metric = pullback(decoder(graph([z], { mean: concat([relu(z), mul(z, 0.5)], 1) })));
  // A corner at (1, 1): in the positive quarter the decoder is linear and isotropic.
  const [got] = (await on(metric, [Float64Array.of(0, 1, 1, 1, 1, 3)], 4)) as [Float64Array];
  [0, 1, 1, 1, 1, 2, 1, 3].forEach((x, i) => {
    expect(got[i]).toBeCloseTo(x, 5);
  });
});

test("a curve without length is divided by its parameter", async () => {
  const z = input("z", "float64", ["n", 1]);
  const metric = pullback(decoder(graph([z], { mean: mul(0, z) })));
  const [got] = (await on(metric, [Float64Array.of(0, 1, 2)], 5)) as [Float64Array];
  expect([...got]).toEqual([0, 0.5, 1, 1.5, 2]);
});

test.each([
  [[0, 1, 1, 1], 1, "got 1 and curves that do"],
  [[0, 1], 3, "got 3 and 1 nodes"],
])("%j in %d points is refused", async (nodes, points, message) => {
  await expect(on(halfPlane.metric("float64"), [Float64Array.from(nodes)], points)).rejects.toThrow(
    message,
  );
});
