/**
 * Tolerances: end points of closed forms to 1e-8 in float64 (the half-plane and spheres of 2 and 5
 * dimensions), to 1e-4 in float32; drift of the speed below 1e-9; constants of motion to 1e-8.
 */
import { nativeEngine } from "pullback";
import type { Metric, ShootOptions, Shot, Value } from "pullback-core";
import {
  concat,
  decoder,
  geodesicCircle,
  graph,
  input,
  mul,
  programCache,
  pullback,
  relu,
  shoot,
  slice,
  smoothed,
  sqrt,
  square,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  halfPlane,
  halfPlaneExponential,
  linear,
  paraboloid,
  sphere,
  sphereExponential,
  stereographic,
  torus,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const from = (
  metric: Metric,
  points: readonly number[],
  velocities: readonly number[],
  options: Partial<ShootOptions> = {},
) =>
  shoot({
    ...options,
    cache,
    metric,
    points: Float64Array.from(points),
    velocities: Float64Array.from(velocities),
  });

const mapOf = (d: number, build: (z: Value) => Value): Metric => {
  const z = input("z", "float64", ["n", d]);
  return pullback(decoder(graph([z], { mean: build(z) })));
};

function near(got: ArrayLike<number>, expected: readonly number[], allowed: number): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((x, k) => {
    expect(Math.abs((got[k] as number) - x), `${[...Array.from(got)]} at ${k}`).toBeLessThan(
      allowed,
    );
  });
}

const five = [0.1, 0.2, -0.3, 0.1, 0.5];
const cases = [
  {
    surface: sphere,
    exponential: sphereExponential,
    starts: [
      [
        [0.3, 0.5],
        [0.5, 0.4],
      ],
      [
        [0, 1],
        [1.5, 0.3],
      ],
      [
        [-0.2, 0.1],
        [0, -1e-6],
      ],
    ],
  },
  {
    surface: stereographic(5, []),
    exponential: sphereExponential,
    starts: [[five, [0.6, -0.2, 0.1, 0.4, 0.2]]],
  },
  {
    surface: halfPlane,
    exponential: halfPlaneExponential,
    starts: [
      [
        [0, 1],
        [1.5, 0.3],
      ],
      [
        [2, 0.5],
        [-0.4, -1.1],
      ],
      [
        [-1, 3],
        [0, 4],
      ],
    ],
  },
  {
    surface: torus,
    exponential: (z: readonly number[], v: readonly number[]) =>
      z.map((x, k) => x + (v[k] as number)),
    starts: [
      [
        [0.2, -0.4],
        [3, 5],
      ],
    ],
  },
] as const;

describe.each(cases)("the exponential map of $surface.name", ({ surface, exponential, starts }) => {
  test.each([
    ["float64", 1e-8, 1e-9],
    ["float32", 1e-4, 1e-4],
  ] as const)("in %s ends where the closed form does", async (type, allowed, drift) => {
    const shots = await from(
      surface.metric(type),
      starts.flatMap(([z]) => z),
      starts.flatMap(([, v]) => v),
    );
    shots.forEach((shot, i) => {
      const [z, v] = starts[i] as (typeof starts)[0];
      expect([shot.status, shot.reached]).toEqual(["arrived", 1]);
      near(shot.end, exponential(z, v), allowed);
      expect(shot.drift).toBeLessThan(drift);
      // Between the ends too, and there at equal parameter steps.
      for (const share of [0.25, 0.5]) {
        const at = (64 * share * z.length) | 0;
        const part = exponential(
          z,
          v.map((x) => share * x),
        );
        near(shot.curve.subarray(at, at + z.length), part, allowed);
      }
    });
  });
});

test("the length is that of the velocity, and the distance as far as the geodesic is shortest", async () => {
  const [shot] = (await from(halfPlane.metric("float64"), [0, 1], [1.5, 0.3])) as [Shot];
  expect(shot.length).toBeCloseTo(Math.hypot(1.5, 0.3), 12);
  expect(halfPlane.distance([0, 1], [...shot.end])).toBeCloseTo(shot.length, 9);
});

test("a surface of revolution keeps the angular momentum (Clairaut)", async () => {
  const [shot] = (await from(paraboloid.metric("float64"), [1, 0.2], [0.5, 2])) as [Shot];
  const momentum = ([x, y]: Float64Array, [u, v]: Float64Array): number =>
    (x as number) * (v as number) - (y as number) * (u as number);
  expect(momentum(shot.end, shot.velocity)).toBeCloseTo(1 * 2 - 0.2 * 0.5, 8);
  expect(shot.drift).toBeLessThan(1e-9);
});

test("backwards along the last velocity leads to the start", async () => {
  const metric = paraboloid.metric("float64");
  const [there] = (await from(metric, [1, 0.2], [0.5, 2])) as [Shot];
  const back = there.velocity.map((x) => -x);
  const [here] = (await from(metric, [...there.end], [...back])) as [Shot];
  near(here.end, [1, 0.2], 1e-8);
  near(here.velocity, [-0.5, -2], 1e-8);
});

test("no velocity, no way", async () => {
  const [shot] = (await from(sphere.metric("float64"), [0.3, 0.1], [0, 0])) as [Shot];
  expect(shot).toMatchObject({ status: "arrived", length: 0, drift: 0 });
  expect([...shot.end]).toEqual([0.3, 0.1]);
});

test("a geodesic circle of the half-plane is a circle, its centre higher", async () => {
  const [x, y, radius] = [0.4, 1.5, 0.8];
  const rays = await geodesicCircle({
    cache,
    metric: halfPlane.metric("float64"),
    centre: [x, y],
    radius,
  });
  expect(rays).toHaveLength(72);
  for (const { end } of rays) {
    const distance = Math.hypot((end[0] as number) - x, (end[1] as number) - y * Math.cosh(radius));
    expect(distance).toBeCloseTo(y * Math.sinh(radius), 8);
  }
});

test("a tensor that is more precise than its points: the smoothed metric", async () => {
  const [single, double] = (await Promise.all(
    (["float32", "float64"] as const).map(async (type) => {
      const metric = smoothed(sphere.metric(type), { lambda: 0.3 });
      const [shot] = await from(metric, [0.3, 0.1], [0.7, -0.4]);
      return shot;
    }),
  )) as [Shot, Shot];
  expect([single.status, double.status]).toEqual(["arrived", "arrived"]);
  near(single.end, [...double.end], 1e-4);
  expect(double.drift).toBeLessThan(1e-9);
  // Not that of the sphere itself.
  expect(
    Math.abs((double.end[0] as number) - (sphereExponential([0.3, 0.1], [0.7, -0.4])[0] as number)),
  ).toBeGreaterThan(0.01);
});

describe("what stops a geodesic is said", () => {
  test("a metric without full rank", async () => {
    const metric = mapOf(2, (z) => {
      const first = slice(z, 1, 0, 1);
      return concat([square(first), first], 1);
    });
    const [shot] = (await from(metric, [1, 1], [1, 0])) as [Shot];
    expect(shot).toMatchObject({ status: "singular", reached: 0 });
    expect(shot.message).toMatch(/singular.*stay where the data is/);
    expect([...shot.end]).toEqual([1, 1]);
  });

  test("a metric that loses its rank on the way", async () => {
    const metric = mapOf(1, (z) => square(z));
    const [shot] = (await from(metric, [1], [-1], { tolerance: 1e-6 })) as [Shot];
    // |z^2| falls from 1 at speed 2: at 0 the metric vanishes.
    expect(["singular", "escaped"]).toContain(shot.status);
    expect(shot.reached).toBeCloseTo(0.5, 4);
  });

  test("NaN at the start", async () => {
    const [shot] = (await from(mapOf(1, sqrt), [-1], [1])) as [Shot];
    expect(shot).toMatchObject({ status: "nonFinite", reached: 0, length: 0 });
  });

  test("a path that leaves the chart: through the point that stereographic projection lacks", async () => {
    const [shot, other] = (await from(sphere.metric("float64"), [0.5, 0, 0.5, 0], [4, 0, 0.1, 0], {
      tolerance: 1e-7,
    })) as [Shot, Shot];
    expect(shot.status).toBe("escaped");
    const angle = Math.PI - 2 * Math.atan(0.5);
    expect(shot.length).toBeCloseTo(angle, 4);
    expect(other.status).toBe("arrived");
  });

  test("too many steps", async () => {
    const options = { maxSteps: 3 };
    const [shot] = (await from(sphere.metric("float64"), [0.3, 0.1], [1, 1], options)) as [Shot];
    expect(shot.status).toBe("maxSteps");
    expect(shot.reached).toBeLessThan(1);
  });

  test("a decoder with kinks is refused", async () => {
    const kinked = mapOf(2, (z) => concat([relu(z), mul(z, 0.5)], 1));
    await expect(from(kinked, [0, 0], [1, 1])).rejects.toThrow(
      "shoot: expected a smooth decoder, got one with kinks (pullback)",
    );
  });

  test.each([
    [[1, 2, 3], [1, 2, 3], "expected points and velocities of 2 numbers each, got 3 and 3"],
    [[1, 2], [1, 2, 3, 4], "got 2 and 4 numbers"],
    [[1, 2], [1, Number.NaN], "expected finite velocities, got NaN in row 0"],
  ])("%j along %j", async (points, velocities, message) => {
    await expect(from(linear.metric("float64"), points, velocities)).rejects.toThrow(message);
  });

  test("a signal stops it", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const { metric } = linear;
    await expect(from(metric("float64"), [0, 1], [1, 1], { signal })).rejects.toThrow("enough");
  });
});
