import { describe, expect, test } from "vitest";
import { isolines } from "../../../packages/core/src/figure/contour.ts";

const grid = (columns: number, rows: number, f: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: columns * rows }, (_, i) => f(i % columns, Math.floor(i / columns)));

describe("isolines", () => {
  test("of a plane are straight, exact, and end at the border", () => {
    const lines = isolines(
      grid(8, 6, (x, y) => x + 2 * y),
      8,
      6,
      7.5,
    );
    expect(lines).toHaveLength(1);
    const line = lines[0] ?? [];
    for (const [x, y] of line) expect(x + 2 * y).toBeCloseTo(7.5, 12);
    const ends = [line[0], line.at(-1)].sort((a, b) => (a?.[0] ?? 0) - (b?.[0] ?? 0));
    expect(ends).toEqual([
      [0, 3.75],
      [7, 0.25],
    ]);
  });

  test("of a cone are closed circles, one ring each", () => {
    const cone = grid(41, 41, (x, y) => Math.hypot(x - 20, y - 20));
    for (const radius of [3.3, 8, 17.9]) {
      const lines = isolines(cone, 41, 41, radius);
      expect(lines).toHaveLength(1);
      const ring = lines[0] ?? [];
      expect(ring[0]).toEqual(ring.at(-1));
      for (const [x, y] of ring)
        expect(Math.abs(Math.hypot(x - 20, y - 20) - radius)).toBeLessThan(0.3 / radius);
      const length = ring
        .slice(1)
        .reduce(
          (sum, [x, y], i) => sum + Math.hypot(x - (ring[i]?.[0] ?? 0), y - (ring[i]?.[1] ?? 0)),
          0,
        );
      expect(length / (2 * Math.PI * radius)).toBeCloseTo(1, 1);
    }
  });

  test("that run out of the grid are open pieces", () => {
    const cone = grid(21, 21, (x, y) => Math.hypot(x - 10, y - 10));
    const lines = isolines(cone, 21, 21, 12);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line[0]).not.toEqual(line.at(-1));
  });

  test("at a saddle the mean of the corners says which way", () => {
    // Low corners 0 and 2 with a high middle are cut off one by one; with a low middle they join.
    const high = isolines([0, 3, 3, 0], 2, 2, 1);
    const low = isolines([0, 1.5, 1.5, 0], 2, 2, 1);
    const cutOff = (lines: typeof high): boolean =>
      lines.some((line) => line.every(([x, y]) => x + y < 1));
    expect(high).toHaveLength(2);
    expect(low).toHaveLength(2);
    expect(cutOff(high)).toBe(true);
    expect(cutOff(low)).toBe(false);
  });

  test("stop beside values that are not finite, and none where nothing is crossed", () => {
    const holed = grid(9, 9, (x, y) => (x === 4 && y === 4 ? Infinity : x + 0.5));
    const lines = isolines(holed, 9, 9, 4);
    expect(lines).toHaveLength(2);
    for (const [, y] of lines.flat()) expect(y <= 3 || y >= 5).toBe(true);
    expect(isolines(holed, 9, 9, 40)).toEqual([]);
    expect(isolines([], 0, 0, 1)).toEqual([]);
  });
});
