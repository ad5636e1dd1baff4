/**
 * Tolerances: exp(log) = identity and the length of the logarithm to 1e-8 in float64 on spheres of
 * 2 and 5 dimensions and on the half-plane, to 1e-4 in float32.
 */
import fc from "fast-check";
import { nativeEngine } from "pullback";
import type { FloatType, Logarithm, Metric } from "pullback-core";
import {
  concat,
  decoder,
  graph,
  input,
  logarithms,
  mul,
  programCache,
  pullback,
  relu,
  shoot,
  slice,
  straight,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  halfPlane,
  halfPlaneExponential,
  sphere,
  sphereExponential,
  stereographic,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const of = (metric: Metric, pairs: readonly number[]): Promise<Logarithm[]> =>
  logarithms({ cache, metric, pairs: Float64Array.from(pairs), starts: [straight] });

const sphere5 = stereographic(5, [
  [
    [0.1, 0.2, -0.3, 0.1, 0.5],
    [-0.4, 0.3, 0.2, 0.6, -0.1],
  ],
]);

describe.each([
  { surface: sphere, exponential: sphereExponential },
  { surface: sphere5, exponential: sphereExponential },
  { surface: halfPlane, exponential: halfPlaneExponential },
])("the logarithm map of $surface.name", ({ surface, exponential }) => {
  test.each([
    ["float64", 1e-8],
    ["float32", 1e-4],
  ] as [FloatType, number][])("in %s", async (type, allowed) => {
    const logs = await of(surface.metric(type), surface.pairs.flat(2));
    logs.forEach(({ velocity, length, miss, status }, i) => {
      const [a, b] = surface.pairs[i] as (typeof surface.pairs)[0];
      expect(status).toBe("converged");
      expect(Math.abs(length - surface.distance(a, b))).toBeLessThan(allowed);
      expect(miss).toBeLessThan(allowed);
      exponential(a, [...velocity]).forEach((x, k) => {
        expect(Math.abs(x - (b[k] as number))).toBeLessThan(allowed);
      });
    });
  });
});

test("exp(log) and log(exp) are identities between random points of the half-plane", async () => {
  const metric = halfPlane.metric("float64");
  const point = fc.tuple(
    fc.double({ min: -2, max: 2, noNaN: true }),
    fc.double({ min: 0.3, max: 3, noNaN: true }),
  );
  const apart = fc
    .array(fc.tuple(point, point), { minLength: 8, maxLength: 8 })
    .filter((pairs) => pairs.every(([[a, b], [c, d]]) => Math.hypot(a - c, b - d) > 0.01));
  await fc.assert(
    fc.asyncProperty(apart, async (pairs) => {
      const logs = await of(metric, pairs.flat(2));
      const shots = await shoot({
        cache,
        metric,
        points: Float64Array.from(pairs.flatMap(([a]) => a)),
        velocities: Float64Array.from(logs.flatMap(({ velocity }) => [...velocity])),
      });
      pairs.forEach(([, b], i) => {
        const end = shots[i]?.end as Float64Array;
        expect(Math.hypot((end[0] as number) - b[0], (end[1] as number) - b[1])).toBeLessThan(1e-8);
      });
    }),
    { numRuns: 4, seed: 2 },
  );
});

test("equal points have the logarithm zero", async () => {
  const [log] = (await of(sphere.metric("float64"), [0.3, 0.1, 0.3, 0.1])) as [Logarithm];
  expect([...log.velocity].map(Math.abs)).toEqual([0, 0]);
  expect(log).toMatchObject({ length: 0, miss: 0, status: "converged" });
});

test("on a decoder with kinks the velocity is that of the curve, and the message says so", async () => {
  const z = input("z", "float64", ["n", 2]);
  const metric = pullback(decoder(graph([z], { mean: concat([relu(z), mul(z, 0.5)], 1) })));
  const [log] = (await of(metric, [0.5, 0.5, 1, 2])) as [Logarithm];
  expect(log).toMatchObject({ status: "converged", miss: null });
  expect(log.message).toMatch(/kinks/);
  // Between positive coordinates the decoder is linear.
  expect(log.velocity[0]).toBeCloseTo(0.5, 5);
  expect(log.velocity[1]).toBeCloseTo(1.5, 5);
});

test("where no shot arrives the velocity of the curve stands, and the status says so", async () => {
  const z = input("z", "float64", ["n", 2]);
  const first = slice(z, 1, 0, 1);
  const metric = pullback(decoder(graph([z], { mean: concat([first, mul(first, 2)], 1) })));
  const [log] = (await of(metric, [0, 0, 1, 0])) as [Logarithm];
  expect(log).toMatchObject({ status: "stalled", miss: null });
  expect(log.message).toMatch(/metric is singular/);
  expect([...log.velocity]).toEqual([1, 0]);
  expect(log.length).toBeCloseTo(Math.sqrt(5), 6);
});
