/**
 * Tolerances: moments of the distance from the mean, against quadrature of exp(-r^2 / 2 sigma^2)
 * with sin r on the sphere and sinh r on the half-plane, within 4 standard errors of independent
 * draws, widened by what repeated draws cost; so are the mean directions.
 */
import { nativeEngine } from "pullback";
import type { Metric, RiemannianNormalOptions } from "pullback-core";
import {
  concat,
  decoder,
  graph,
  input,
  mul,
  programCache,
  pullback,
  riemannianNormal,
  slice,
  straight,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { halfPlane, sphere } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const draw = (rest: Partial<RiemannianNormalOptions> & Pick<RiemannianNormalOptions, "metric">) =>
  riemannianNormal({
    cache,
    starts: [straight],
    mean: [0.3, 0.8],
    sigma: 0.6,
    count: 500,
    ...rest,
  });

/** E[r^k] by the midpoint rule. */
function moment(k: number, sigma: number, density: (r: number) => number, most: number): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < 4000; i++) {
    const r = (most * (i + 0.5)) / 4000;
    const weight = Math.exp(-(r * r) / (2 * sigma * sigma)) * density(r);
    above += weight * r ** k;
    below += weight;
  }
  return above / below;
}

const cases = [
  // A fifth of the proposals with the larger sigma pass the opposite point and come back: each
  // place is counted once all the same.
  { surface: sphere, density: Math.sin, most: Math.PI, sigmas: [0.4, 1.5] },
  { surface: halfPlane, density: Math.sinh, most: 12, sigmas: [0.4, 0.9] },
];

describe.each(cases)("around a point of $surface.name", ({ surface, density, most, sigmas }) => {
  test.each(sigmas)("moments with sigma %d", async (sigma) => {
    const metric = surface.metric("float64");
    const { samples, distances, acceptance } = await draw({ metric, sigma });
    expect(acceptance).toBeGreaterThan(0.4);
    expect(Math.max(...distances)).toBeLessThan(most);
    const n = distances.length;
    const inflation = (2 - acceptance) / acceptance;
    for (const k of [1, 2]) {
      const [expected, square] = [
        moment(k, sigma, density, most),
        moment(2 * k, sigma, density, most),
      ];
      const error = Math.sqrt(((square - expected ** 2) / n) * inflation);
      const mean = distances.reduce((sum, r) => sum + r ** k / n, 0);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
      // The flat moments would not do.
      if (sigma > 0.5) {
        const flat = moment(k, sigma, (r) => r, 12);
        expect(Math.abs(flat - expected)).toBeGreaterThan(4 * error);
      }
    }
    distances.forEach((r, i) => {
      const end = [...samples.subarray(2 * i, 2 * i + 2)];
      expect(Math.abs(surface.distance([0.3, 0.8], end) - r)).toBeLessThan(1e-6);
    });
  });
});

test("same seed, same samples; another, others", async () => {
  const metric = halfPlane.metric("float64");
  const few = { metric, count: 40 };
  const [a, b, c] = [await draw(few), await draw(few), await draw({ ...few, seed: 2 })];
  expect(a).toEqual(b);
  expect([...a.samples]).not.toEqual([...c.samples]);
});

describe("refused", () => {
  const metric = (): Metric => sphere.metric("float64");
  test.each([
    [{ mean: [1] }, "expected a mean of 2 finite numbers, got 1"],
    [{ sigma: 0 }, "expected sigma above 0, got 0"],
    [{ count: 0 }, "expected a count from 1, got 0"],
  ])("%j", async (options, message) => {
    await expect(draw({ metric: metric(), ...options })).rejects.toThrow(message);
  });

  test("a mean where the metric is singular", async () => {
    const z = input("z", "float64", ["n", 2]);
    const first = slice(z, 1, 0, 1);
    const flat = pullback(decoder(graph([z], { mean: concat([first, mul(2, first)], 1) })));
    await expect(draw({ metric: flat })).rejects.toThrow("got a singular one at z = 0.3,0.8");
  });
});
