import { nativeEngine } from "pullback";
import type { TensorMetric } from "pullback-core";
import { connect, evaluator, programCache, random, within } from "pullback-core";
import { expect, test } from "vitest";
import { halfPlane } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));
const metric = halfPlane.metric("float64") as TensorMetric;

/** Codes over a band from (-2, 1) to (2, 1), 0.4 high: below the geodesic of the half-plane. */
const band = (() => {
  const { uniform } = random(2, "band");
  return Float64Array.from({ length: 1200 }, (_, i) =>
    i % 2 === 0 ? -2.2 + 4.4 * uniform() : 0.8 + 0.4 * uniform(),
  );
})();

test("a metric is the same among the codes and a wall away from them", async () => {
  const walled = within(metric, band);
  const G = await evaluator(cache, walled).tensors(Float64Array.of(0, 1, -1, 1.05, 0, 3, 0.5, 9));
  const factor = (i: number, y: number): number => (G[4 * i] as number) * y ** 2;
  expect(factor(0, 1)).toBeCloseTo(1, 1);
  expect(factor(1, 1.05)).toBeCloseTo(1, 1);
  expect(factor(2, 3)).toBeGreaterThan(1000);
  expect(factor(3, 9)).toBeCloseTo(1 + 25 ** 3, 0);
  // A scalar factor: still conformal.
  expect(G[1]).toBe(0);
  expect(G[9]).toBe(0);
});

test("geodesics keep to the codes", async () => {
  const pairs = Float64Array.of(-2, 1, 2, 1);
  const highest = async (of: TensorMetric): Promise<number> => {
    const { geodesics } = await connect({ engine: cache.engine, metric: of, pairs, latents: band });
    const curve = geodesics[0]?.curve as Float64Array;
    return Math.max(...curve.filter((_, i) => i % 2 === 1));
  };
  // The half-plane's own is a half circle around the origin.
  expect(await highest(metric)).toBeCloseTo(Math.sqrt(5), 2);
  const kept = await highest(within(metric, band));
  expect(kept).toBeGreaterThan(1.1);
  expect(kept).toBeLessThan(1.5);
});

test("gaps between codes on a ring stay open, and the middle of the ring closed", async () => {
  const { normal } = random(3, "ring");
  const at = (degrees: number, radius: number) => {
    const t = (degrees * Math.PI) / 180;
    return [radius * Math.cos(t), 20 + radius * Math.sin(t)] as const;
  };
  // Eight arcs of 37 degrees, and gaps of 8 between them: 0.7.
  const codes = Float64Array.from({ length: 1600 }, (_, i) => {
    const code = i >> 1;
    const [x, y] = at(45 * (code % 8) + (37 * code) / 800, 5);
    return (i % 2 === 0 ? x : y) + 0.1 * normal();
  });
  const walled = within(metric, codes);
  const factors = async (places: readonly (readonly [number, number])[]) => {
    const z = Float64Array.from(places.flat());
    const G = await evaluator(cache, walled).tensors(z);
    return places.map(([, y], i) => (G[4 * i] as number) * y ** 2);
  };
  const gaps = Array.from({ length: 8 }, (_, i) => at(45 * i + 41, 5));
  expect(Math.max(...(await factors(gaps)))).toBeLessThan(1.2);
  expect(Math.min(...(await factors([at(0, 0), at(40, 2.5), at(200, 2.5)])))).toBeGreaterThan(1000);
});

test("needs codes", () => {
  expect(() => within(metric, [])).toThrow("expected codes of the data, got none");
});
