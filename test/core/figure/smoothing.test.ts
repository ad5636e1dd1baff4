import { smoothingFigure } from "pullback-core";
import { expect, test } from "vitest";
import { document, kept, texts } from "./draw.ts";

const rows = [0, 1e3, 1e4, 1e5].map((lambda, i) => {
  const straight = [10 / 2 ** i, 12 / 2 ** i, 14 / 2 ** i];
  const data = [15 / 3 ** i, 15 / 3 ** i, 15 / 3 ** i];
  return { lambda, straight, data, ratio: data[0] as number };
});

test("draws both means over lambda, zero a decade before the first, the chosen one marked", async () => {
  const svg = smoothingFigure(document, { rows, chosen: 1e4 });
  expect(texts(svg)).toEqual(
    expect.arrayContaining(["0", "10³", "10⁴", "10⁵", "λ", "straight line", "path along the data"]),
  );
  await expect(kept(svg)).toMatchFileSnapshot("snapshots/smoothing.svg");
});

test("needs two lambdas above zero", () => {
  expect(() => smoothingFigure(document, { rows: rows.slice(0, 2) })).toThrow(
    "expected two lambdas above 0 or more, got 1",
  );
});
