import {
  lengthScatterFigure,
  lengthValueFigure,
  trainingFigure,
  valueDifference,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const value = { name: "angle", unit: "°", period: 360 };
const pairs = [
  { difference: 0, length: 0, straightLength: 0 },
  { difference: 90, length: 2, straightLength: 5 },
  { difference: 180, length: 4, straightLength: 10 },
];

describe("length over value", () => {
  const svg = lengthValueFigure(document, { pairs, value });

  test("states mean and correlation of both", () => {
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["mean 2.00, r = 1.00", "mean 5.00, r = 1.00"]),
    );
    expect(texts(svg)).toContain("difference in angle (°)");
  });

  test("says what its lengths are", () => {
    expect(texts(svg)).toContain("length in data space");
    const smoothed = lengthValueFigure(document, { pairs, value, lengthLabel: "length in Ĝ" });
    expect(texts(smoothed)).toContain("length in Ĝ");
  });

  test("geodesics lie where they belong: half the angle is half-way across", () => {
    // Panel from x = 50 to 506 of 520; y is 0 at 290 of 330 and 10.4 at 10.
    const x = attributes(svg, "circle", "cx").map(Number);
    const y = attributes(svg, "circle", "cy").map(Number);
    expect(x.slice(-3)).toEqual([50, 278, 506]);
    expect(y.slice(-3)).toEqual([
      290,
      expect.closeTo(290 - (2 / 10.4) * 280, 1),
      expect.closeTo(290 - (4 / 10.4) * 280, 1),
    ]);
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/length-value.svg");
  });
});

test("angles differ by the shorter way round", () => {
  expect(valueDifference(350, 10, 360)).toBe(20);
  expect(valueDifference(10, 350, 360)).toBe(20);
  expect(valueDifference(0, 180, 360)).toBe(180);
  expect(valueDifference(5, 725, 360)).toBe(0);
  expect(valueDifference(1, 4)).toBe(3);
});

test("length scatter: equal scales, ratio of the means, hollow where not converged", async () => {
  const svg = lengthScatterFigure(document, {
    pairs: pairs.map((pair, i) => ({ ...pair, converged: i !== 1 })),
  });
  expect(texts(svg)).toContain("– –  ratio of the means 0.40");
  expect(attributes(svg, "circle", "fill").filter((fill) => fill === "#ffffff")).toHaveLength(1);
  await expect(kept(svg)).toMatchFileSnapshot("snapshots/length-scatter.svg");
});

describe("training curve", () => {
  test("needs two steps", () => {
    expect(() => trainingFigure(document, { steps: [1], bounds: [1] })).toThrow("two steps");
  });

  test("snapshot", async () => {
    const steps = Array.from({ length: 12 }, (_, i) => 100 * i);
    const bounds = steps.map((step) => 10 - 10 / (1 + step / 100));
    await expect(kept(trainingFigure(document, { steps, bounds }))).toMatchFileSnapshot(
      "snapshots/training.svg",
    );
  });
});
