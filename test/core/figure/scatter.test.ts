import { accuracyFigure, scatterFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

describe("scatter", () => {
  const points = Float64Array.of(0, 0, 4, 0, 0, 2);
  const svg = scatterFigure(document, {
    title: "three points",
    panels: [
      { title: "one", caption: "stress 1 %", points, labels: [0, 1, 1], marked: [1] },
      { title: "two", points: points.map((x) => 10 * x), labels: [0, 1, 1] },
    ],
    labelNames: ["zero", "one"],
    side: 200,
  });

  test("says what is shown, in colours that are explained", () => {
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["one", "stress 1 %", "two", "class", "zero"]),
    );
    const fills = attributes(svg, "circle", "fill");
    // Three points, a marked one, three points, two swatches.
    expect(fills).toHaveLength(9);
    expect(new Set(fills).size).toBe(2);
  });

  test("has equal scales: both panels look the same, four across for two up", () => {
    const x = attributes(svg, "circle", "cx").map(Number);
    const y = attributes(svg, "circle", "cy").map(Number);
    const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
    expect(spread(x.slice(0, 3)) / spread(y.slice(0, 3))).toBeCloseTo(2, 1);
    expect(x.slice(4, 7)).toEqual(x.slice(0, 3));
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/scatter.svg");
  });
});

test("accuracy: a line for each kind of distance, in percent", async () => {
  const at = (share: number) => [1, 5, 10].map((k) => ({ k, share: share + k / 100, error: 0.02 }));
  const svg = accuracyFigure(document, {
    lines: [
      { name: "Along the manifold", kind: "geodesic", accuracy: at(0.7) },
      { name: "Euclidean", kind: "straight", accuracy: at(0.6) },
    ],
  });
  expect(texts(svg)).toEqual(expect.arrayContaining(["Along the manifold", "Euclidean", "70 %"]));
  await expect(kept(svg)).toMatchFileSnapshot("snapshots/accuracy.svg");
});
