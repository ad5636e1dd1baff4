import { nativeEngine } from "pullback";
import type { TensorMetric } from "pullback-core";
import {
  connect,
  evaluator,
  programCache,
  random,
  regionOf,
  straight,
  within,
} from "pullback-core";
import { expect, test } from "vitest";
import { halfPlane } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));

test("the region holds all codes with a little room, and turns with them", () => {
  const { normal } = random(2, "codes");
  const codes = Float64Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? 5 : 1) * normal());
  const { centre, precision } = regionOf(codes, 3);
  const rho = Array.from({ length: 200 }, (_, i) => {
    const x = [0, 1, 2].map((k) => (codes[3 * i + k] as number) - (centre[k] as number));
    return x.reduce(
      (sum, xk, k) =>
        sum + x.reduce((inner, xl, l) => inner + xk * xl * (precision[3 * k + l] as number), 0),
      0,
    );
  });
  expect(Math.max(...rho)).toBeCloseTo(0.9, 10);
});

test("a metric is the same inside and a wall outside", async () => {
  const metric = halfPlane.metric("float64") as TensorMetric;
  const region = { centre: [0, 2], precision: [1, 0, 0, 1] };
  const walled = await evaluator(cache, within(metric, region)).tensors(
    Float64Array.of(0, 2.5, 0, 3, 0, 3.2),
  );
  expect((walled[0] as number) * 2.5 ** 2).toBeCloseTo(1, 12);
  expect((walled[4] as number) * 3 ** 2).toBeCloseTo(2, 12);
  expect((walled[8] as number) * 3.2 ** 2).toBeCloseTo(1 + 1.2 ** 64, 6);
});

test("geodesics keep to the region, and are as they were where it is far", async () => {
  const metric = halfPlane.metric("float64") as TensorMetric;
  const pairs = Float64Array.of(-2, 1, 2, 1);
  const solve = async (radius: number) => {
    const region = { centre: [0, 1], precision: [radius ** -2, 0, 0, radius ** -2] };
    const { geodesics } = await connect({
      engine: cache.engine,
      metric: within(metric, region),
      pairs,
      starts: [straight],
    });
    return geodesics[0];
  };
  // Unwalled, the geodesic rises to sqrt(5).
  const free = await solve(20);
  expect(free?.length).toBeCloseTo(halfPlane.distance([-2, 1], [2, 1]), 5);
  const flat = { centre: [0, 1], precision: [1 / 16, 0, 0, 1 / 0.25] };
  const { geodesics } = await connect({
    engine: cache.engine,
    metric: within(metric, flat),
    pairs,
    starts: [straight],
  });
  const curve = geodesics[0]?.curve as Float64Array;
  const highest = Math.max(...curve.filter((_, i) => i % 2 === 1));
  expect(highest).toBeLessThan(1.55);
  expect(highest).toBeGreaterThan(1.3);
});

test("codes that do not span the space are refused", () => {
  expect(() => regionOf([0, 0, 1, 1, 2, 2, 3, 3], 2)).toThrow("without full rank");
  expect(() => regionOf([0, 0], 2)).toThrow("expected more than 2 codes");
});
