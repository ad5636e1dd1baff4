import { nativeEngine } from "pullback";
import type { Metric } from "pullback-core";
import {
  add,
  connect,
  constant,
  div,
  exp,
  frontStart,
  graph,
  input,
  mul,
  reshape,
  slice,
  straight,
  sub,
  tensorFrom,
  tensorMetric,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { halfPlane, sphere, stereographic } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });

describe.each([sphere, halfPlane])("front start on $name", (surface) => {
  test("leads to the geodesic", async () => {
    const pairs = Float64Array.from(surface.pairs.flat(2));
    const { geodesics } = await connect({
      engine,
      metric: surface.metric("float64"),
      pairs,
      latents: Float64Array.of(-1.5, 0.4, 1.5, 3),
      starts: [frontStart({ grid: 61 })],
      tolerance: 1e-6,
    });
    geodesics.forEach(({ length, start, iterations }, i) => {
      const [a, b] = surface.pairs[i] as (typeof surface.pairs)[0];
      expect(start).toBe("front");
      expect(Math.abs(length / surface.distance(a, b) - 1)).toBeLessThan(1e-5);
      expect(iterations).toBeGreaterThan(0);
    });
  });
});

/** A hill between the two ends, three times as high to the right as to the left. */
function hill(): Metric {
  const z = input("z", "float64", ["n", 2]);
  const [x, y] = [slice(z, 1, 0, 1), slice(z, 1, 1, 2)];
  const high = mul(exp(mul(mul(y, y), -8)), div(600, add(1, exp(mul(add(x, 0.6), -12)))));
  const identity = constant(tensorFrom("float64", [1, 2, 2], [1, 0, 0, 1]));
  return tensorMetric("hill", graph([z], { G: mul(identity, reshape(add(high, 1), ["n", 1, 1])) }));
}

test("goes around a hill that the straight line cannot leave", async () => {
  const options = {
    engine,
    metric: hill(),
    pairs: Float64Array.of(0.5, -1, 0.5, 1),
    latents: Float64Array.of(-2, -1.5, 2, 1.5),
  };
  const length = async (starts: Parameters<typeof connect>[0]["starts"]): Promise<number> =>
    (await connect({ ...options, starts })).geodesics[0]?.length ?? Number.NaN;
  const [front, line] = [await length([frontStart({ grid: 81 })]), await length([straight])];
  expect(front).toBeLessThan(0.9 * line);
});

test("offers nothing in three dimensions, nor from where the metric is not finite", async () => {
  const { geodesics } = await connect({
    engine,
    metric: stereographic(3, []).metric("float32"),
    pairs: Float64Array.of(0, 0, 0, 0.2, 0.1, 0),
    starts: [straight, frontStart()],
  });
  expect(geodesics[0]?.start).toBe("straight");
  const z = input("z", "float32", ["n", 2]);
  const x = slice(z, 1, 0, 1);
  const G = mul(
    constant(tensorFrom("float32", [1, 2, 2], [1, 0, 0, 1])),
    reshape(div(sub(x, 1), sub(x, 1)), ["n", 1, 1]),
  );
  const hole = await connect({
    engine,
    metric: tensorMetric("hole", graph([z], { G })),
    pairs: Float64Array.of(1, 0, 0, 0),
    latents: Float64Array.of(0, -1, 2, 1),
    starts: [straight, frontStart({ grid: 21 })],
  });
  expect(hole.geodesics[0]?.start).toBe("straight");
});
