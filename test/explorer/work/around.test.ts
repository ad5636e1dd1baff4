import type { DistanceGrid } from "pullback-core";
import { describe, expect, test } from "vitest";
import { around } from "../../../packages/explorer/src/work/around.ts";

/** A plane in which a step along y is three times as long. */
const side = 41;
const bounds = [-2, 2, -2, 2] as const;
const away = ([x = 0, y = 0]: readonly number[], [u = 0, w = 0]: readonly number[]): number =>
  Math.hypot(x - u, 3 * (y - w));
const grid = {
  bounds: [...bounds],
  grid: side,
  from: (source: readonly number[]) => ({
    bounds: [...bounds],
    grid: side,
    source,
    distance: Float64Array.from({ length: side * side }, (_, i) =>
      away(source, [-2 + (i % side) / 10, -2 + Math.floor(i / side) / 10]),
    ),
    at: (point: readonly number[]) => away(source, point),
  }),
} as unknown as DistanceGrid;

describe("around a point", () => {
  // The source itself as it was rounded, two codes beside it, two above.
  const codes = Float32Array.of(0.00004, 0, 0.5, 0, -1, 0, 0, 0.4, 0, 1.2);

  test("the nearest by either distance, the code that is the source left out", () => {
    const found = around(grid, codes, { source: [0, 0], nearest: 3 });
    expect(found.geodesic.map(({ code }) => code)).toEqual([1, 2, 3]);
    expect(found.euclidean.map(({ code }) => code)).toEqual([3, 1, 2]);
    expect(found.geodesic[2]?.distance).toBeCloseTo(1.2, 6);
  });

  test("lines lie where the distance is theirs, at a round step", () => {
    const { lines } = around(grid, codes, { source: [0, 0], nearest: 3 });
    expect(lines).toHaveLength(9);
    expect(lines[0]?.distance).toBeCloseTo(0.2, 12);
    for (const { distance, paths } of lines.slice(0, 5))
      for (const path of paths)
        for (let i = 0; i < path.length; i += 2)
          expect(
            Math.abs(away([0, 0], [path[i] as number, path[i + 1] as number]) - distance),
          ).toBeLessThan(0.03);
  });
});
