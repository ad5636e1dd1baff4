import { InputError, stripFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const track = (length: number, rows: number[][], velocity: number[]) => ({
  length,
  observations: Float32Array.from(rows.flat()),
  velocity,
});
const geodesic = track(
  2,
  [
    [0, 0, 0, 1],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
  ],
  [2, 2, 2],
);
const straight = track(
  3,
  [
    [0, 0, 0, 1],
    [0, 1, 1, 0],
    [0, 1, 0, 0],
  ],
  [1, 7, 1],
);

describe("strip figure", () => {
  const figure = {
    drawing: { kind: "image", channels: 1 } as const,
    observationShape: [2, 2],
    geodesic,
    straight,
  };
  const svg = stripFigure(document, figure);

  test("one picture an observation, the same ends in both rows", () => {
    const pictures = attributes(svg, "image", "xlink:href");
    expect(pictures).toHaveLength(6);
    expect(pictures[0]).toBe(pictures[3]);
    expect(pictures[2]).toBe(pictures[5]);
    expect(pictures[1]).not.toBe(pictures[4]);
  });

  test("says both lengths", () => {
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        "geodesic, length 2.00",
        "straight line, length 3.00",
        "velocity φ(t)",
      ]),
    );
  });

  test("the velocity axis begins at zero and reaches the highest speed", () => {
    const ticks = texts(svg).map(Number).filter(Number.isFinite);
    expect(ticks).toContain(0);
    expect(Math.max(...ticks)).toBeGreaterThanOrEqual(6);
  });

  test("a decoder of rows of numbers gets a small line each", () => {
    const lines = stripFigure(document, {
      ...figure,
      drawing: { kind: "curve" },
      observationShape: [4],
    });
    expect(attributes(lines, "image", "width")).toEqual([]);
    expect(attributes(lines, "path", "d").filter((d) => /^M0\.00,/.test(d))).toHaveLength(6);
  });

  test("rows of different counts are refused", () => {
    const short = { ...straight, observations: straight.observations.slice(4) };
    expect(() => stripFigure(document, { ...figure, straight: short })).toThrow(InputError);
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/strip.svg");
  });
});
