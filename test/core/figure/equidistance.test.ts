import type { DistanceField } from "pullback-core";
import { equidistanceFigure, InputError } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const bounds = [-1, 1, -1, 1] as const;
const map = {
  bounds,
  grid: 4,
  logMagnification: Float64Array.from({ length: 16 }, (_, i) => Math.log(10) * (i / 15)),
};

/** Ellipses: three times as far across as along. */
function field(x0: number, y0: number): DistanceField {
  const grid = 61;
  const at = ([x, y]: readonly number[]): number =>
    Math.hypot(3 * ((x as number) - x0), (y as number) - y0);
  const distance = Float64Array.from({ length: grid * grid }, (_, i) =>
    at([-1 + (i % grid) / 30, -1 + Math.floor(i / grid) / 30]),
  );
  return { bounds, grid, source: [x0, y0], distance, at };
}

// The panel is 464 wide from x = 46 and y = 8: 232 pixels a unit.
const unit = 232;
const centre = [46 + unit, 8 + unit] as const;

/** Points of the coloured path, relative to the middle, in latent units, y upwards. */
function linePoints(svg: string, colour: string): number[][][] {
  const [, d = ""] = new RegExp(`d="([^"]*)"[^>]*stroke="${colour}"`).exec(svg) ?? [];
  return d
    .split("M")
    .slice(1)
    .map((line) =>
      line.split("L").map((point) => {
        const [x, y] = point.split(",").map(Number) as [number, number];
        return [(x - centre[0]) / unit, (centre[1] - y) / unit];
      }),
    );
}

describe("equidistance figure", () => {
  const single = field(0, 0);

  test("lines lie where the distance is that of the level", () => {
    const svg = equidistanceFigure(document, { map, fields: [single], levels: [0.3, 0.6, 0.9] });
    const lines = linePoints(svg, "#d55e00");
    expect(lines).toHaveLength(3);
    lines.forEach((line, i) => {
      expect(line.length).toBeGreaterThan(40);
      for (const point of line) expect(single.at(point)).toBeCloseTo(0.3 * (i + 1), 1);
    });
  });

  test("levels are written on their lines, in the direction with most room", () => {
    const svg = equidistanceFigure(document, { map, fields: [single], levels: [0.3, 0.6, 0.9] });
    expect(texts(svg)).toEqual(expect.arrayContaining(["0.3", "0.6", "0.9"]));
    const at = Number(/y="([\d.]+)"[^>]*>0\.9</.exec(svg)?.[1]);
    expect(Math.abs(Math.abs(at - 3.5 - centre[1]) / unit - 0.9)).toBeLessThan(0.04);
  });

  test("levels by default are few, round, and end where a tenth of the area is", () => {
    const svg = equidistanceFigure(document, { map, fields: [single] });
    const found = /distance at ([\d., ]+) around a point/.exec(svg)?.[1]?.split(", ").map(Number);
    // A quantile of 0.12 of the area 4 lies where pi r^2 / 3 is 0.48: r = 0.677.
    expect(found).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  });

  test("the circle holds as many codes as the outermost line, and shares are counted", () => {
    // Four codes of class 0 up and down within the line, one of class 1 to the side, outside of it.
    const points = Float32Array.of(0, 0, 0, 0.5, 0, -0.5, 0, 0.8, 0.4, 0, 0.95, 0.95);
    const data = { points, labels: [0, 0, 0, 0, 1, 1], labelNames: ["a", "b"] };
    const svg = equidistanceFigure(document, { map, data, fields: [single], levels: [0.9] });
    expect(texts(svg)).toContain("codes inside of the point's own class: a: 100 % (circle 75 %)");
    const dashed = /d="([^"]*)"[^>]*stroke-dasharray/.exec(svg)?.[1] ?? "";
    const radius = Math.abs(Number(/^M([\d.]+)/.exec(dashed)?.[1]) - centre[0]) / unit;
    expect(radius).toBeCloseTo(0.5, 2);
    // The point's disc bears its class.
    expect(attributes(svg, "circle", "r")).toContain("8.5");
  });

  test("without data the circle has the area of the outermost line", () => {
    const svg = equidistanceFigure(document, { map, fields: [single], levels: [0.6] });
    const dashed = /d="M([\d.]+)[^"]*"[^>]*stroke-dasharray/.exec(svg)?.[1];
    expect((Number(dashed) - centre[0]) / unit).toBeCloseTo(Math.sqrt(0.36 / 3), 1);
  });

  test("what is wider than the map is cut at its frame", () => {
    const svg = equidistanceFigure(document, {
      map,
      fields: [field(0.8, -0.7)],
      levels: [1.5],
    });
    const numbers = [...svg.matchAll(/<path d="([^"]*)"[^>]*stroke="#d55e00"/g)].flatMap(([, d]) =>
      (d ?? "").split(/[ML]/).slice(1),
    );
    expect(numbers.length).toBeGreaterThan(40);
    for (const point of numbers) {
      const [x, y] = point.split(",").map(Number) as [number, number];
      expect(x).toBeGreaterThanOrEqual(46);
      expect(x).toBeLessThanOrEqual(510);
      expect(y).toBeGreaterThanOrEqual(8);
      expect(y).toBeLessThanOrEqual(472);
    }
  });

  test("no field and levels that do not rise are refused", () => {
    expect(() => equidistanceFigure(document, { map, fields: [] })).toThrow(InputError);
    for (const levels of [[], [0, 1], [2, 1], [1, 1]])
      expect(() => equidistanceFigure(document, { map, fields: [single], levels })).toThrow(
        "rising levels above 0",
      );
  });

  test("snapshot", async () => {
    const points = Float32Array.of(-0.4, 0.1, -0.3, -0.4, -0.5, 0.5, 0.5, 0.2, 0.4, -0.3, 0.1, 0.8);
    const svg = equidistanceFigure(document, {
      map,
      fields: [field(-0.4, 0.1), field(0.5, 0.2)],
      data: { points, labels: [0, 0, 0, 1, 1, 1] },
      levels: [0.25, 0.5, 0.75],
    });
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/equidistance.svg");
  });
});
