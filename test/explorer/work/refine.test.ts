import { axisPlane } from "pullback-core";
import { describe, expect, test } from "vitest";
import type { MapLevel } from "../../../packages/explorer/src/work/refine.ts";
import { refineMap } from "../../../packages/explorer/src/work/refine.ts";

const bounds = [-2, 2, -1, 1] as const;
const smooth = (x: number, y: number): number => Math.sin(2 * x) * Math.cos(y) + 0.3 * x;
/** A ridge far narrower than the coarsest cells, on a plain. */
const ridge = (x: number, y: number): number => 3 * Math.exp(-(((x - y) / 0.05) ** 2));

async function levels(f: (x: number, y: number) => number, tolerance?: number) {
  const found: MapLevel[] = [];
  let asked = 0;
  await refineMap({
    plane: axisPlane(2),
    bounds,
    first: 33,
    last: 257,
    tolerance,
    evaluate: async (points) => {
      asked += points.length / 2;
      return Float64Array.from({ length: points.length / 2 }, (_, i) =>
        f(points[2 * i] as number, points[2 * i + 1] as number),
      );
    },
    onLevel: (level) => found.push(level),
  });
  return { found, asked };
}

function greatestError({ side, logs }: MapLevel, f: (x: number, y: number) => number): number {
  const [x0, x1, y0, y1] = bounds;
  let greatest = 0;
  for (let at = 0; at < logs.length; at++) {
    const x = x0 + ((x1 - x0) * (at % side)) / (side - 1);
    const y = y0 + ((y1 - y0) * Math.floor(at / side)) / (side - 1);
    greatest = Math.max(greatest, Math.abs((logs[at] as number) - f(x, y)));
  }
  return greatest;
}

describe("refineMap", () => {
  test("goes from 33 to 257 a side, exact at first, and says when it is done", async () => {
    const { found } = await levels(smooth);
    expect(found.map(({ side }) => side)).toEqual([33, 65, 129, 257]);
    expect(found.map(({ final }) => final)).toEqual([false, false, false, true]);
    expect(greatestError(found[0] as MapLevel, smooth)).toBeLessThan(1e-6);
  });

  test("interpolates where that shows no difference, and computes far fewer points", async () => {
    const { found, asked } = await levels(smooth);
    const last = found.at(-1) as MapLevel;
    expect(last.computed).toBe(asked);
    expect(asked).toBeLessThan(0.4 * 257 * 257);
    expect(greatestError(last, smooth)).toBeLessThan(3.2 / 256);
  });

  test("follows a narrow ridge", async () => {
    const { found, asked } = await levels(ridge);
    expect(greatestError(found.at(-1) as MapLevel, ridge)).toBeLessThan(3 / 256);
    expect(asked).toBeLessThan(257 * 257);
  });

  test("computes every point where none may be interpolated", async () => {
    const { found, asked } = await levels(smooth, 0);
    expect(asked).toBe(257 * 257);
    expect(greatestError(found.at(-1) as MapLevel, smooth)).toBeLessThan(1e-6);
  });

  test("keeps what is not finite where it is", async () => {
    const holed = (x: number, y: number): number => (x > 1 && y > 0 ? Number.NaN : x);
    const last = (await levels(holed)).found.at(-1) as MapLevel;
    const at = (column: number, row: number): number => last.logs[row * 257 + column] as number;
    expect(at(256, 256)).toBeNaN();
    expect(at(10, 250)).toBeCloseTo(-2 + 40 / 256, 4);
  });
});
