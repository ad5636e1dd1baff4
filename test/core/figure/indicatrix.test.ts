import { curveColours, indicatrixFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const map = {
  bounds: [-1, 1, -2, 2] as const,
  grid: 2,
  logMagnification: Float64Array.of(0, 1, 1, 0),
};
const round = (x: number, y: number, radius: number) => ({
  centre: [x, y],
  lengths: [radius, radius],
  directions: [
    [1, 0],
    [0, 1],
  ],
});
/** Cells are 1 wide, so that half axes of up to 0.46 fit; a unit is 232 pixels. */
const ellipses = [
  round(-0.5, -1.5, 4),
  {
    centre: [0.5, -1.5],
    lengths: [4, 1],
    directions: [
      [0, 1],
      [1, 0],
    ],
  },
  {
    centre: [-0.5, -0.5],
    lengths: [4, 2],
    directions: [
      [Math.SQRT1_2, Math.SQRT1_2],
      [Math.SQRT1_2, -Math.SQRT1_2],
    ],
  },
  round(0.5, -0.5, 2),
  round(-0.5, 0.5, 1),
  {
    centre: [0.5, 0.5],
    lengths: [Number.POSITIVE_INFINITY, 1],
    directions: [
      [1, 0],
      [0, 1],
    ],
  },
  {
    centre: [-0.5, 1.5],
    lengths: [400, 4],
    directions: [
      [1, 0],
      [0, 1],
    ],
  },
  round(0.5, 1.5, 4),
];

describe("indicatrices over the map", () => {
  const svg = indicatrixFigure(document, { map, indicatrices: ellipses });
  const of = (name: string) => attributes(svg, "ellipse", name);

  test("have one scale, a round number that is stated", () => {
    // Half of the ellipses have a long axis of 4 at most: 0.1 x 4 fits 0.46.
    expect(texts(svg)).toContain(
      "ellipses: steps of length 0.1 in data space; open ones are larger than drawn",
    );
    const radii = of("rx").map(Number);
    expect(radii[0]).toBeCloseTo(0.4 * 232, 1);
    expect(radii[4]).toBeCloseTo(0.1 * 232, 1);
  });

  test("stand where they belong, turned as they are, y upwards", () => {
    const [first, , tilted] = of("transform");
    expect(first).toBe("translate(162,820) rotate(0)");
    expect(tilted).toMatch(/rotate\(-45\)$/);
    const ratio = of("ry").map((ry, i) => Number(ry) / Number(of("rx")[i]));
    expect(ratio[1]).toBeCloseTo(0.25, 3);
  });

  test("that do not fit are outlines as large as fits, an endless one a line", () => {
    const fills = of("fill");
    expect(fills.map((fill) => fill === "none")).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(fills[0]).toBe(curveColours.geodesic);
    expect(Number(of("rx")[5])).toBeCloseTo(0.46 * 232, 1);
    expect(Number(of("ry")[5])).toBe(0.4);
    expect(Number(of("ry")[6]) / Number(of("rx")[6])).toBeCloseTo(0.01, 2);
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/indicatrix.svg");
  });
});

test("nothing, and other than ellipses, are refused", () => {
  expect(() => indicatrixFigure(document, { map, indicatrices: [] })).toThrow("got none");
  const line = { centre: [0], lengths: [1], directions: [[1]] };
  expect(() => indicatrixFigure(document, { map, indicatrices: [line] })).toThrow("got 1 axes");
});
