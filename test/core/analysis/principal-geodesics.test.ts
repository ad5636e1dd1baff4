/**
 * Tolerances: variances, components and scores of points that are made as exp_p(v_i) in closed
 * form, on the sphere and the half-plane, 1e-7 in float64; geodesics along them 1e-7.
 */
import { nativeEngine } from "pullback";
import type { PrincipalGeodesicsOptions } from "pullback-core";
import {
  concat,
  decoder,
  graph,
  input,
  mul,
  principalGeodesics,
  programCache,
  pullback,
  relu,
  slice,
  square,
  straight,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  halfPlane,
  halfPlaneExponential,
  sphere,
  sphereExponential,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const analyse = (
  rest: Partial<PrincipalGeodesicsOptions> & Pick<PrincipalGeodesicsOptions, "metric" | "points">,
) => principalGeodesics({ cache, starts: [straight], refine: true, accuracy: 1e-9, ...rest });

// Both charts are conformal: lengths at p are those of the chart times a factor.
const cases = [
  { surface: sphere, exponential: sphereExponential, p: [0.3, -0.2], factor: 2 / 1.13 },
  { surface: halfPlane, exponential: halfPlaneExponential, p: [0.5, 1.5], factor: 1 / 1.5 },
];
const angle = 0.5;
const along = [Math.cos(angle), Math.sin(angle)] as const;
const across = [-Math.sin(angle), Math.cos(angle)] as const;
/** Long and short steps along two directions at right angles, which add up to nothing. */
const velocities = [
  [0.8, 0],
  [-0.8, 0],
  [0, 0.3],
  [0, -0.3],
].map(([a, b]) => along.map((x, k) => (a ?? 0) * x + (b ?? 0) * (across[k] ?? 0)));

describe.each(cases)("on $surface.name", ({ surface, exponential, p, factor }) => {
  const metric = surface.metric("float64");
  const points = Float64Array.from(velocities.flatMap((v) => exponential(p, v)));

  test("components, variances, scores and geodesics are those of the tangent vectors", async () => {
    const found = await analyse({ metric, points });
    const variances = [0.8, 0.3].map((size) => (size * factor) ** 2 / 2);
    variances.forEach((expected, k) => {
      expect(found.variances[k]).toBeCloseTo(expected, 7);
      expect(found.explained[k]).toBeCloseTo(
        expected / ((variances[0] ?? 0) + (variances[1] ?? 0)),
        7,
      );
    });
    const components = [...found.components].map((x) => x * factor);
    const signs = [0, 1].map((k) =>
      Math.sign((components[2 * k] ?? 0) * ((k ? across : along)[0] ?? 0)),
    );
    [...along, ...across].forEach((x, i) => {
      expect((components[i] ?? 0) * (signs[i >> 1] ?? 0)).toBeCloseTo(x, 7);
    });
    [0.8, 0, -0.8, 0, 0, 0.3, 0, -0.3].forEach((score, i) => {
      expect((found.scores[i] ?? 0) * (signs[i % 2] ?? 0)).toBeCloseTo(score * factor, 7);
    });
    // From -2 to 2 standard deviations along the first.
    const reach = (2 * 0.8) / Math.SQRT2;
    const [first] = found.geodesics;
    const ends = [-1, 1].map((side) =>
      exponential(
        p,
        along.map((x) => (signs[0] ?? 0) * side * reach * x),
      ),
    );
    [...(first?.subarray(0, 2) ?? [])].forEach((x, k) => {
      expect(x).toBeCloseTo(ends[0]?.[k] as number, 7);
    });
    [...(first?.subarray(-2) ?? [])].forEach((x, k) => {
      expect(x).toBeCloseTo(ends[1]?.[k] as number, 7);
    });
    expect(first?.subarray(128, 130)).toEqual(found.mean.point);
  });

  test("a weight counts as so many points", async () => {
    const twice = Float64Array.of(...points, ...points.subarray(0, 4));
    const weighted = await analyse({ metric, points, weights: [2, 2, 1, 1] });
    const repeated = await analyse({ metric, points: twice });
    weighted.variances.forEach((value, k) => {
      expect(value).toBeCloseTo(repeated.variances[k] as number, 9);
    });
  });
});

test("points on one geodesic have one component", async () => {
  const metric = halfPlane.metric("float64");
  const points = Float64Array.from([0.5, 1, 2, 4].flatMap((y) => [0, y]));
  const { explained, variances, components } = await analyse({ metric, points });
  expect(explained[0]).toBeCloseTo(1, 9);
  expect(variances[1]).toBeLessThan(1e-12);
  expect(Math.abs(components[0] as number)).toBeLessThan(1e-6);
});

test("on a decoder with kinks there are components, but no geodesics to follow", async () => {
  const z = input("z", "float64", ["n", 2]);
  const metric = pullback(decoder(graph([z], { mean: concat([relu(z), mul(z, 0.5)], 1) })));
  const points = Float64Array.of(1, 2, 5, 2, 3, 1.5, 3, 2.5);
  const { geodesics, components } = await analyse({ metric, points, accuracy: 1e-3 });
  expect(geodesics).toEqual([null, null]);
  expect(Math.abs(components[1] as number)).toBeLessThan(1e-6);
});

test("a mean where the metric is singular is refused", async () => {
  const z = input("z", "float64", ["n", 2]);
  const [x, y] = [slice(z, 1, 0, 1), slice(z, 1, 1, 2)];
  const metric = pullback(decoder(graph([z], { mean: concat([square(x), mul(0, y)], 1) })));
  await expect(analyse({ metric, points: Float64Array.of(1, 1) })).rejects.toThrow(
    "expected a metric of full rank at the mean, got a singular one at z = 1,1",
  );
});
