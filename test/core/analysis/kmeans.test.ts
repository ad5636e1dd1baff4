/**
 * Tolerances: on the sphere and the half-plane clusters are found exactly and their centres, known
 * in closed form, to 3e-3, with unrefined logarithms in float64 and float32.
 */
import { nativeEngine } from "pullback";
import type { FloatType, KMeansOptions, Metric } from "pullback-core";
import { kMeans, programCache, straight } from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  asTensor,
  halfPlane,
  halfPlaneExponential,
  sphere,
  sphereExponential,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

/** Steps around a centre that add up to nothing. */
const steps = [
  [0.2, 0.05],
  [-0.1, 0.2],
  [-0.15, -0.1],
  [0.05, -0.15],
];
const cases = [
  {
    surface: sphere,
    exponential: sphereExponential,
    centres: [
      [0.9, 0],
      [-0.5, 0.8],
      [-0.4, -0.7],
    ],
  },
  {
    surface: halfPlane,
    exponential: halfPlaneExponential,
    centres: [
      [0, 1],
      [3, 1],
      [0, 5],
    ],
  },
];

const cluster = (rest: Partial<KMeansOptions> & Pick<KMeansOptions, "metric" | "points">) =>
  kMeans({ cache, starts: [straight], clusters: 3, ...rest });

describe.each(cases)("on $surface.name", ({ surface, exponential, centres }) => {
  const points = Float64Array.from(centres.flatMap((p) => steps.flatMap((v) => exponential(p, v))));
  const check = async (metric: Metric, seed: number): Promise<void> => {
    const found = await cluster({ metric, points, seed });
    expect(found.status).toBe("converged");
    centres.forEach((centre, c) => {
      const label = found.labels[4 * c] as number;
      expect([...found.labels.subarray(4 * c, 4 * c + 4)]).toEqual(Array(4).fill(label));
      centre.forEach((x, k) => {
        expect(Math.abs((found.centres[2 * label + k] as number) - x)).toBeLessThan(3e-3);
      });
    });
    const inertia = found.distances.reduce((sum, x) => sum + x * x, 0);
    expect(found.inertia).toBeCloseTo(inertia, 12);
  };

  test.each(["float64", "float32"] as FloatType[])(
    "finds clusters and centres, %s",
    async (type) => {
      await check(surface.metric(type), 1);
    },
  );

  test("from other seeds, and the same from the same", async () => {
    const metric = surface.metric("float64");
    await check(metric, 4);
    const [one, other] = [await cluster({ metric, points }), await cluster({ metric, points })];
    expect(one).toEqual(other);
  });
});

test("the chord spares most geodesics, and changes nothing", async () => {
  const [{ exponential, centres }] = cases as [(typeof cases)[0]];
  const points = Float64Array.from(centres.flatMap((p) => steps.flatMap((v) => exponential(p, v))));
  const metric = sphere.metric("float64");
  const [map, tensor] = [
    await cluster({ metric, points }),
    await cluster({ metric: asTensor(metric), points }),
  ];
  expect([...map.labels]).toEqual([...tensor.labels]);
  expect(map.connected).toBeLessThan(tensor.connected / 1.5);
});

test("as many clusters as points, one cluster, and points that coincide", async () => {
  const metric = halfPlane.metric("float64");
  const points = Float64Array.of(0, 1, 1, 1, 2, 3);
  const each = await cluster({ metric, points });
  expect(new Set(each.labels).size).toBe(3);
  expect(each.inertia).toBe(0);
  const one = await cluster({ metric, points, clusters: 1 });
  expect([...one.labels]).toEqual([0, 0, 0]);
  const same = await cluster({ metric, points: Float64Array.of(0, 1, 0, 1, 0, 1) });
  expect(new Set(same.labels).size).toBe(3);
  expect(same.inertia).toBe(0);
});

test.each([0, 4, 1.5])("%d clusters of three points are refused", async (clusters) => {
  const points = Float64Array.of(0, 1, 1, 1, 2, 3);
  const metric = halfPlane.metric("float64");
  await expect(cluster({ metric, points, clusters })).rejects.toThrow(
    `expected 1 to 3 clusters, got ${clusters}`,
  );
});
