/**
 * Tolerances: areas and volumes in closed form (sphere, half-plane, its polygons, hyperbolic space,
 * a ring torus) 1e-7, relative, in float64, and never further off than the stated error.
 */
import fc from "fast-check";
import { nativeEngine } from "pullback";
import type { Metric, VolumeOptions } from "pullback-core";
import {
  constant,
  decoder,
  div,
  graph,
  input,
  log,
  mul,
  programCache,
  pullback,
  reshape,
  slice,
  tensorFrom,
  tensorMetric,
  volume,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { triangulate } from "../../../packages/core/src/metric/polygon.ts";
import { halfPlane, linear, ringTorus, sphere, swissRoll } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const of = (metric: Metric, region: VolumeOptions["region"], tolerance = 1e-8) =>
  volume({ cache, metric, region, tolerance });

/** dx dy / y^2 over a counter-clockwise polygon is the integral of dx / y around it (Green). */
const halfPlaneArea = (corners: readonly (readonly [number, number])[]): number =>
  corners.reduce((sum, [x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length] as readonly [number, number];
    const mean = Math.abs(y2 - y1) < 1e-9 ? 1 / y1 : Math.log(y2 / y1) / (y2 - y1);
    return sum + (x2 - x1) * mean;
  }, 0);

/** Hyperbolic space: G = I / h^2 over (x, y, h). */
function hyperbolicSpace(): Metric {
  const z = input("z", "float64", ["n", 3]);
  const h = slice(z, 1, 2, 3);
  const identity = constant(tensorFrom("float64", [1, 3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  return tensorMetric("H3", graph([z], { G: div(identity, reshape(mul(h, h), ["n", 1, 1])) }));
}

const rollLength = (t: number): number => (t * Math.sqrt(1 + t * t) + Math.asinh(t)) / 2;
const a = 1.5;
const s = a / Math.sqrt(1 + a * a);

describe("volumes in closed form", () => {
  test.each([
    [
      "a square of the sphere",
      () => sphere.metric("float64"),
      {
        box: [
          [-a, a],
          [-a, a],
        ],
      },
      16 * s * Math.atan(s),
    ],
    [
      "a box of the half-plane",
      () => halfPlane.metric("float64"),
      {
        box: [
          [-1, 2],
          [0.5, 4],
        ],
      },
      3 * (2 - 0.25),
    ],
    [
      "all of a ring torus",
      () => ringTorus("float64"),
      {
        box: [
          [0, 2 * Math.PI],
          [0, 2 * Math.PI],
        ],
      },
      8 * Math.PI ** 2,
    ],
    [
      "a strip of the swiss roll",
      () => swissRoll.metric("float64"),
      {
        box: [
          [1, 7],
          [0, 2],
        ],
      },
      2 * (rollLength(7) - rollLength(1)),
    ],
    [
      "a box of hyperbolic space",
      hyperbolicSpace,
      {
        box: [
          [0, 1],
          [-1, 1],
          [0.5, 2],
        ],
      },
      2 * 0.5 * (4 - 0.25),
    ],
  ] as const)("%s", async (_, metric, region, expected) => {
    const { value, error } = await of(metric(), region);
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-7);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(error + 1e-12);
    expect(error).toBeLessThanOrEqual(1e-8 * value);
  });

  test("in one dimension it is the length", async () => {
    const z = input("z", "float64", ["n", 1]);
    const metric = pullback(decoder(graph([z], { mean: log(z) })));
    const { value } = await of(metric, { box: [[0.1, 5]] });
    expect(value).toBeCloseTo(Math.log(50), 7);
  });

  test("of polygons, concave ones too, whichever way they run", async () => {
    const star = Array.from({ length: 10 }, (_, i) => {
      const [radius, angle] = [i % 2 ? 0.5 : 1.2, (Math.PI * i) / 5];
      return [radius * Math.cos(angle), 2 + radius * Math.sin(angle)] as const;
    });
    const metric = halfPlane.metric("float64");
    for (const polygon of [star, [...star].reverse()]) {
      const { value, error } = await of(metric, { polygon }, 1e-7);
      expect(Math.abs(value - halfPlaneArea(star))).toBeLessThan(1e-7);
      expect(error).toBeLessThan(1e-6);
    }
  });

  test("a polygon is what its triangles are", async () => {
    const metric = linear.metric("float64");
    const square = [
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ] as const;
    const { value } = await of(metric, { polygon: square });
    expect(value).toBeCloseTo(4 * (linear.magnification?.([0, 0]) as number), 9);
  });
});

test("float32 reaches its own digits, and a budget ends the work with an honest error", async () => {
  const region = {
    box: [
      [-1, 2],
      [0.5, 4],
    ],
  } as const;
  const single = await of(halfPlane.metric("float32"), region, 1e-4);
  expect(Math.abs(single.value - 5.25)).toBeLessThan(1e-3);
  const metric = halfPlane.metric("float64");
  const short = await volume({
    cache,
    metric,
    region: {
      box: [
        [0, 1],
        [0.01, 1],
      ],
    },
    mostPoints: 100,
  });
  expect(short.points).toBeLessThan(200);
  expect(Math.abs(short.value - 99)).toBeLessThan(short.error);
});

test("triangles have the area of their polygon", () => {
  const corner = fc.tuple(fc.double({ min: 0.2, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(corner, { minLength: 3, maxLength: 12 }), (radii) => {
      // Star-shaped about the origin: sides never cross.
      const polygon = radii.map(([r], i) => {
        const angle = (2 * Math.PI * i) / radii.length;
        return [r * Math.cos(angle), r * Math.sin(angle)] as const;
      });
      const area = (p: readonly (readonly [number, number])[]): number =>
        p.reduce((sum, [x, y], i) => {
          const [u, v] = p[(i + 1) % p.length] as readonly [number, number];
          return sum + (x * v - y * u) / 2;
        }, 0);
      const total = triangulate(polygon).reduce((sum, triangle) => sum + area(triangle), 0);
      expect(total).toBeCloseTo(area(polygon), 12);
    }),
    { seed: 2 },
  );
});

describe("refused", () => {
  const metric = (): Metric => halfPlane.metric("float64");
  test.each([
    [{ box: [[0, 1]] }, "expected bounds of 2 axes, at most 10, got 1"],
    [
      {
        box: [
          [0, 1],
          [2, 1],
        ],
      },
      "expected bounds with low < high, got 2,1",
    ],
    [
      {
        box: [
          [0, 1],
          [-1, 1],
        ],
      },
      "expected a metric that is finite in the region, got NaN at z = 0.5,0",
    ],
    [
      {
        polygon: [
          [0, 1],
          [1, 1],
        ],
      },
      "expected three finite corners or more, got 2",
    ],
    [
      {
        polygon: [
          [0, 1],
          [1, 1],
          [0, Number.NaN],
        ],
      },
      "expected three finite corners or more, got NaN",
    ],
    [
      {
        polygon: [
          [0, 1],
          [2, 3],
          [2, 1],
          [0, 3.5],
        ],
      },
      "expected sides that do not cross each other, got sides 0 and 2",
    ],
  ] as const)("%j", async (region, message) => {
    await expect(of(metric(), region)).rejects.toThrow(message);
  });

  test("a polygon in three dimensions", async () => {
    const region = {
      polygon: [
        [0, 1],
        [1, 1],
        [0, 2],
      ],
    } as const;
    await expect(of(hyperbolicSpace(), region)).rejects.toThrow(
      "expected two dimensions for a polygon, got 3",
    );
  });
});
