import { random } from "pullback-core";
import { describe, expect, test } from "vitest";
import { bezierControls, bezierPoints } from "../../../packages/core/src/start/bezier.ts";

const from = Float64Array.of(1, -1, 2);
const to = Float64Array.of(3, 1, 1);
const line = [2, 2, -1];
const length = 3;

/** Offsets of the inner control points of many curves from their centres on the line. */
function offsets(curves: number, degree: number): number[][] {
  return Array.from({ length: curves }, (_, curve) => {
    const controls = bezierControls(from, to, degree, random(1, curve));
    return Array.from({ length: degree - 1 }, (_, i) =>
      line.map(
        (x, k) =>
          (controls[(i + 1) * 3 + k] as number) - (from[k] as number) - (x * (i + 1)) / degree,
      ),
    );
  }).flat();
}

describe("control points", () => {
  test("begin and end at the pair's own points", () => {
    const controls = bezierControls(from, to, 5, random(1));
    expect(controls).toHaveLength(6 * 3);
    expect([...controls.subarray(0, 3)]).toEqual([...from]);
    expect([...controls.subarray(15)]).toEqual([...to]);
  });

  test("lie orthogonal to the line, evenly over an interval of half its length", () => {
    const all = offsets(2000, 4);
    for (const offset of all) {
      const along = offset.reduce((sum, x, k) => sum + x * (line[k] as number), 0);
      expect(Math.abs(along)).toBeLessThan(1e-12);
    }
    const radii = all.map((offset) => Math.hypot(...offset));
    expect(Math.max(...radii)).toBeLessThanOrEqual(length / 4);
    expect(Math.max(...radii)).toBeGreaterThan(0.99 * (length / 4));
    // Of an even distribution each quarter holds a quarter: 6000 draws, standard error 0.6 %.
    for (let quarter = 0; quarter < 4; quarter++) {
      const [low, high] = [quarter, quarter + 1].map((q) => (q * length) / 16) as [number, number];
      const share = radii.filter((r) => r >= low && r < high).length / radii.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.025);
    }
  });

  test("prefer no direction of those orthogonal to the line", () => {
    const all = offsets(2000, 4);
    // Two orthonormal directions across the line (2, 2, -1) / 3.
    const across = [[1, -1, 0].map((x) => x / Math.SQRT2), [1, 1, 4].map((x) => x / Math.sqrt(18))];
    const angles = all.map((offset) => {
      const [x, y] = across.map((u) => u.reduce((sum, x, k) => sum + x * (offset[k] as number), 0));
      return (Math.atan2(y as number, x as number) + Math.PI) / (2 * Math.PI);
    });
    for (let eighth = 0; eighth < 8; eighth++) {
      const share =
        angles.filter((a) => a >= eighth / 8 && a < (eighth + 1) / 8).length / angles.length;
      expect(Math.abs(share - 1 / 8)).toBeLessThan(0.02);
    }
  });

  test("stay on the line where nothing is orthogonal to it", () => {
    const controls = bezierControls(Float64Array.of(-1), Float64Array.of(3), 4, random(2));
    expect([...controls]).toEqual([-1, 0, 1, 2, 3]);
  });
});

describe("points", () => {
  const controls = Float64Array.of(0, 1, 2, -3, 4, 5, -1, 2);

  test("are those of Bernstein's polynomials", () => {
    const times = [0, 0.2, 0.5, 0.9, 1];
    const points = bezierPoints(controls, 2, times);
    times.forEach((t, i) => {
      const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      for (const k of [0, 1]) {
        const expected = weights.reduce(
          (sum, w, j) => sum + w * (controls[2 * j + k] as number),
          0,
        );
        expect(points[2 * i + k]).toBeCloseTo(expected, 12);
      }
    });
  });

  test("begin and end at the outer control points", () => {
    expect([...bezierPoints(controls, 2, [0, 1])]).toEqual([0, 1, -1, 2]);
  });
});
