/**
 * Tolerances: means and medians on the sphere and the half-plane 1e-8 in float64 with refined
 * logarithms, 3e-3 without and in float32.
 *
 * Points are made as exp_p(v_i) in closed form, so that p is their mean where the weighted v_i add
 * up to nothing, and their median where the weighted directions do.
 */
import { nativeEngine } from "pullback";
import type { Centre, FloatType, MeanOptions } from "pullback-core";
import {
  concat,
  decoder,
  frechetMean,
  frechetMedian,
  graph,
  input,
  mul,
  programCache,
  pullback,
  relu,
  sqrt,
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

const surfaces = [
  { surface: sphere, exponential: sphereExponential, p: [0.3, -0.2] },
  { surface: halfPlane, exponential: halfPlaneExponential, p: [0.5, 1.5] },
];
/** They add up to nothing. */
const balanced = [
  [0.5, 0.2],
  [-0.7, 0.4],
  [0.1, -0.9],
  [0.1, 0.3],
];
/** Their directions do: three at 120 degrees, however long. */
const fanned = [0.3, 0.9, 0.5].map((length, i) => {
  const angle = 0.4 + (2 * Math.PI * i) / 3;
  return [length * Math.cos(angle), length * Math.sin(angle)];
});

const options = (rest: Partial<MeanOptions> & Pick<MeanOptions, "metric" | "points">) => ({
  cache,
  starts: [straight],
  ...rest,
});
const exact = { refine: true, accuracy: 1e-9 } as const;

function near(got: ArrayLike<number>, expected: readonly number[], allowed: number): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((x, k) => {
    expect(Math.abs((got[k] as number) - x), `${Array.from(got)}`).toBeLessThan(allowed);
  });
}

describe.each(surfaces)("on $surface.name", ({ surface, exponential, p }) => {
  const metric = surface.metric("float64");
  const around = (velocities: readonly (readonly number[])[]): Float64Array =>
    Float64Array.from(velocities.flatMap((v) => exponential(p, v)));

  test("the mean is where logarithms add up to nothing", async () => {
    const centre = await frechetMean(options({ metric, points: around(balanced), ...exact }));
    expect(centre.status).toBe("converged");
    near(centre.point, p, 1e-8);
    near(centre.velocities, balanced.flat(), 1e-7);
    const distances = balanced.map((v) => surface.distance(p, exponential(p, v)));
    near(centre.distances, distances, 1e-8);
    const variance = distances.reduce((sum, x) => sum + (x * x) / 4, 0);
    expect(centre.cost).toBeCloseTo(variance, 8);
  });

  test("the median is where their directions do", async () => {
    const centre = await frechetMedian(options({ metric, points: around(fanned), ...exact }));
    expect(centre.status).toBe("converged");
    near(centre.point, p, 1e-8);
  });

  test("a weight counts as so many points", async () => {
    const points = around([
      [0.1, -0.3],
      [-0.3, 0.9],
    ]);
    const centre = await frechetMean(options({ metric, points, weights: [3, 1], ...exact }));
    near(centre.point, p, 1e-8);
  });

  test("a point with half of the weight is the median", async () => {
    const points = around([[0, 0], ...balanced]);
    const centre = await frechetMedian(
      options({
        metric,
        points,
        weights: [5, 1, 1, 1, 1],
        from: exponential(p, [0.3, 0.4]),
        ...exact,
      }),
    );
    near(centre.point, p, 1e-7);
  });

  test.each(["float64", "float32"] as FloatType[])(
    "without refinement to 3e-3, %s",
    async (type) => {
      const points = around(balanced);
      const centre = await frechetMean(options({ metric: surface.metric(type), points }));
      expect(centre.status).toBe("converged");
      near(centre.point, p, 3e-3);
    },
  );
});

test("in five dimensions", async () => {
  const p = [0.1, 0.2, -0.3, 0.1, 0.5];
  const v = [0.6, -0.2, 0.1, 0.4, 0.2];
  const w = [-0.3, 0.5, 0.2, 0, 0.1];
  const velocities = [v, w, v.map((x, k) => -x - (w[k] as number))];
  const points = Float64Array.from(velocities.flatMap((u) => sphereExponential(p, u)));
  const metric = stereographic(5, []).metric("float64");
  near((await frechetMean(options({ metric, points, ...exact }))).point, p, 1e-8);
});

test("wide data on the half-plane, where full steps are too long", async () => {
  const metric = halfPlane.metric("float64");
  const velocities = [
    [3, 1],
    [-3, 1],
    [0, -2],
  ];
  const points = Float64Array.from(velocities.flatMap((v) => halfPlaneExponential([0, 1], v)));
  const centre = await frechetMean(options({ metric, points, accuracy: 1e-4, refine: true }));
  expect(centre.status).toBe("converged");
  near(centre.point, [0, 1], 1e-3);
});

test("a decoder with kinks has means too", async () => {
  const z = input("z", "float64", ["n", 2]);
  const metric = pullback(decoder(graph([z], { mean: concat([relu(z), mul(z, 0.5)], 1) })));
  // Where all coordinates are positive it is linear.
  const points = Float64Array.of(1, 1, 2, 3, 3, 2);
  near((await frechetMean(options({ metric, points }))).point, [2, 2], 1e-2);
});

test("one point is its own centre; the start is the point nearest to the middle", async () => {
  const metric = sphere.metric("float64");
  for (const find of [frechetMean, frechetMedian]) {
    const centre = (await find(options({ metric, points: Float64Array.of(0.3, 0.1) }))) as Centre;
    expect([...centre.point]).toEqual([0.3, 0.1]);
    expect(centre).toMatchObject({ cost: 0, residual: 0, iterations: 0, status: "converged" });
  }
});

test("running out of steps is said, and so is a decoder that is not finite", async () => {
  const points = Float64Array.from(balanced.flatMap((v) => sphereExponential([0.3, -0.2], v)));
  const metric = sphere.metric("float64");
  const short = await frechetMean(options({ metric, points, mostSteps: 1, accuracy: 1e-6 }));
  expect(short).toMatchObject({ status: "maxIterations", iterations: 1 });
  const z = input("z", "float64", ["n", 1]);
  const broken = pullback(decoder(graph([z], { mean: sqrt(z) })));
  const lost = await frechetMean(options({ metric: broken, points: Float64Array.of(-1, 2) }));
  expect(lost.status).toBe("nonFinite");
  expect(lost.message).toMatch(/check that the points lie where/);
});

test.each([
  [[1, 2, 3], undefined, "frechet mean: expected finite points of 2 numbers, got 3 numbers"],
  [[1, Number.NaN], undefined, "got NaN"],
  [[1, 2], [1, 2], "expected 1 weights from 0 with a sum above 0, got 2 with the sum 3"],
  [[1, 2], [-1], "with the sum -1"],
])("points %j with weights %j are refused", async (points, weights, message) => {
  const metric = sphere.metric("float64");
  await expect(
    frechetMean(options({ metric, points: Float64Array.from(points), weights })),
  ).rejects.toThrow(message);
});
