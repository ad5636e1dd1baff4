import { mapLineFigure } from "pullback-core";
import { expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

test("a line has its factor on a logarithmic axis and a stroke for each code inside", async () => {
  const svg = mapLineFigure(document, {
    bounds: [-1, 1],
    logMagnification: Float64Array.from([0, Math.log(10), 0]),
    points: Float64Array.from([-1, 0.5, 4]),
  });
  expect(texts(svg)).toEqual(expect.arrayContaining(["z", "1", "2", "5", "10"]));
  const strokes = attributes(svg, "line", "x1").map(Number);
  expect(strokes).toContain(56);
  expect(strokes).toContain(56 + 0.75 * 450);
  await expect(kept(svg)).toMatchFileSnapshot("snapshots/map-line.svg");
});
