import {
  boundsAround,
  coordinatePlane,
  InputError,
  planeThrough,
  principalPlane,
  project,
  random,
} from "pullback-core";
import { describe, expect, test } from "vitest";

const { normal } = random(1, "plane");
// Spread 3 along (1, 1, 0) / sqrt 2, 2 along the third axis, 0.1 across; centre (5, 0, -1).
const latents = Float64Array.from({ length: 2000 }, () => normal()).reduce<number[]>(
  (all, _, i) => {
    if (i % 4) return all;
    const [along, across, up] = [3 * normal(), 0.1 * normal(), 2 * normal()];
    const r = Math.SQRT1_2;
    all.push(5 + r * (along - across), r * (along + across), -1 + up);
    return all;
  },
  [],
);
const codes = Float64Array.from(latents);

describe("principal plane", () => {
  const { origin, axes } = principalPlane(codes, 3);

  test("lies along the two widest directions", () => {
    expect(Math.abs((axes[0]?.[0] as number) - Math.SQRT1_2)).toBeLessThan(0.02);
    expect(Math.abs((axes[0]?.[1] as number) - Math.SQRT1_2)).toBeLessThan(0.02);
    expect(axes[1]?.[2]).toBeCloseTo(1, 3);
    expect(origin[0]).toBeCloseTo(5, 0);
  });

  test("its axes are orthonormal", () => {
    const [a, b] = axes as [number[], number[]];
    expect(Math.hypot(...a)).toBeCloseTo(1, 12);
    expect(a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)).toBeCloseTo(0, 12);
  });

  test("projecting what lies in it gives back its coordinates", () => {
    const point = origin.map(
      (o, i) => o + 2 * (axes[0]?.[i] as number) - 3 * (axes[1]?.[i] as number),
    );
    expect(project({ origin, axes }, point)[0]).toBeCloseTo(2, 12);
    expect(project({ origin, axes }, point)[1]).toBeCloseTo(-3, 12);
  });

  test("codes on one line, or all in one place, still have a plane", () => {
    for (const degenerate of [
      [0, 0, 0, 1, 1, 1],
      [2, 2, 2, 2, 2, 2],
    ]) {
      const plane = principalPlane(Float64Array.from(degenerate), 3);
      expect(plane.axes.flat().every(Number.isFinite)).toBe(true);
    }
  });
});

test("a coordinate plane keeps the mean of the others", () => {
  const { origin, axes } = coordinatePlane(Float32Array.from([0, 2, 4, 2, 4, 8]), 3, 2, 0);
  expect(origin).toEqual([0, 3, 0]);
  expect(axes).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(() => coordinatePlane(Float32Array.from([0, 1]), 2, 1, 1)).toThrow(InputError);
  expect(() => coordinatePlane(Float32Array.from([0, 1]), 2, 0, 2)).toThrow("0,2");
});

test("a plane through three points has them in it, at their distances from each other", () => {
  const points = [
    [1, 2, 3, 4],
    [2, 2, 5, 0],
    [-1, 0, 1, 1],
  ] as const;
  const plane = planeThrough(...points);
  const inside = points.map((point) => project(plane, point));
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const apart = Math.hypot(...points[i].map((value, k) => value - (points[j][k] as number)));
    const [a, b] = [inside[i], inside[j]] as [Float64Array, Float64Array];
    const [dx, dy] = [0, 1].map((k) => (a[k] as number) - (b[k] as number)) as [number, number];
    expect(Math.hypot(dx, dy)).toBeCloseTo(apart, 12);
  }
  // The first axis runs from the first point to the second.
  expect(inside[0]?.[1]).toBeCloseTo(inside[1]?.[1] as number, 12);
  expect(inside[1]?.[0]).toBeGreaterThan(inside[0]?.[0] as number);
});

test("three points on one line, or two in one place, make no plane", () => {
  expect(() => planeThrough([0, 0, 0], [1, 2, 3], [2, 4, 6])).toThrow(InputError);
  expect(() => planeThrough([1, 1, 1], [1, 1, 1], [2, 4, 6])).toThrow("not on one line");
});

test("bounds are square, with a margin, and stand without points", () => {
  expect(boundsAround([0, 0, 10, 5])).toEqual([-0.5, 10.5, -3, 8]);
  expect(boundsAround([])).toEqual([-3, 3, -3, 3]);
  expect(boundsAround([1, 1])).toEqual([0.45, 1.55, 0.45, 1.55]);
});
