import { categorical, cyclic, greyRange, InputError, mapFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const grid = 4;
const map = {
  bounds: [-1, 1, -2, 2] as const,
  grid,
  logMagnification: Float64Array.from({ length: grid * grid }, (_, i) => Math.log(10) * (i / 15)),
};
const points = Float32Array.from([-1, -2, 1, 2, 0, 0]);
const curves = [
  {
    kind: "straight",
    label: "straight line 3.00",
    points: [
      [-0.5, 0],
      [0, 0],
      [0.5, 0],
    ],
  },
  {
    kind: "geodesic",
    label: "geodesic 2.00",
    points: [
      [-0.5, 0],
      [0, 0.5],
      [0.5, 0],
    ],
  },
] as const;

/** Circles by their colour: only data have one of their own. */
const placed = (svg: string, colour: string): [number, number][] =>
  [...svg.matchAll(/<circle\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(`fill="${colour}"`) && tag.includes("cx="))
    .map((tag) => [Number(/cx="([^"]*)"/.exec(tag)?.[1]), Number(/cy="([^"]*)"/.exec(tag)?.[1])]);

describe("map figure", () => {
  const byClass = mapFigure(document, { map, curves, data: { points, labels: [0, 1, 2] } });

  test("the corners of the data lie in the corners of the panel, y upwards, aspect equal", () => {
    // 520 wide: 464 for the panel from x = 46, so 928 high from y = 8.
    expect(placed(byClass, categorical(0))[0]).toEqual([46, 936]);
    expect(placed(byClass, categorical(1))[0]).toEqual([510, 8]);
    expect(placed(byClass, categorical(2))[0]).toEqual([278, 472]);
  });

  test("background fills the panel exactly", () => {
    const at = ["x", "y", "width", "height"].map((name) => attributes(byClass, "image", name)[0]);
    expect(at).toEqual(["46", "8", "464", "928"]);
  });

  test("ticks of the colour bar stand at their logarithms", () => {
    const bar = byClass.slice(byClass.indexOf("linearGradient"));
    const tick = (label: string): number =>
      Number(
        new RegExp(`translate\\(([\\d.]+),24\\)"><line[^>]*/><text[^>]*>${label}<`).exec(bar)?.[1],
      );
    expect(tick("1")).toBe(0);
    expect(tick("10")).toBe(200);
    expect(tick("2")).toBeCloseTo(200 * Math.log10(2), 2);
    expect(tick("5")).toBeCloseTo(200 * Math.log10(5), 2);
  });

  test("curves and classes are named", () => {
    expect(texts(byClass)).toEqual(
      expect.arrayContaining(["geodesic 2.00", "straight line 3.00", "0", "1", "2", "z₁", "z₂"]),
    );
  });

  test("labels have their names, escaped", () => {
    const svg = mapFigure(document, {
      map,
      data: { points, labels: [0, 1, 1], labelNames: ["<b>", 'a & "b"'] },
    });
    expect(svg).not.toContain("<b>");
    expect(texts(svg)).toEqual(expect.arrayContaining(["&lt;b&gt;", "a &amp; &quot;b&quot;"]));
  });

  test("an angle is coloured around, 0 and 360 alike", () => {
    const value = { name: "angle", unit: "°", period: 360 };
    const svg = mapFigure(document, { map, data: { points, values: [0, 360, 90], value } });
    expect(placed(svg, cyclic(0))).toHaveLength(2);
    expect(placed(svg, cyclic(0.25))).toHaveLength(1);
    expect(texts(svg)).toEqual(expect.arrayContaining(["angle", "0°", "90°", "180°", "270°"]));
  });

  test("a value with ends has a bar", () => {
    const svg = mapFigure(document, {
      map,
      data: { points, values: [2, 4, 3], value: { name: "time", unit: "s" } },
    });
    expect(texts(svg)).toEqual(expect.arrayContaining(["time (s)", "2", "3", "4"]));
  });

  test("more points than the limit are thinned out, the same ones every time", () => {
    const many = { points: new Float32Array(20_000), values: new Float32Array(10_000) };
    const svg = mapFigure(document, { map, data: many });
    expect(attributes(svg, "circle", "cx")).toHaveLength(4000);
    expect(mapFigure(document, { map, data: many }) === svg).toBe(true);
  });

  test("points outside the bounds are left out", () => {
    const far = { points: Float32Array.from([0, 0, 5, 0, 0, -9]), labels: [0, 0, 0] };
    expect(placed(mapFigure(document, { map, data: far }), categorical(0))).toHaveLength(2);
  });

  test("a grid of another size is refused", () => {
    expect(() => mapFigure(document, { map: { ...map, grid: 5 } })).toThrow(InputError);
  });

  test("snapshot", async () => {
    await expect(kept(byClass)).toMatchFileSnapshot("snapshots/map.svg");
  });
});

test("grey runs over finite values, without the lowest hundredth", () => {
  const logs = Float64Array.from({ length: 1000 }, (_, i) => i);
  logs[0] = -Infinity;
  logs[1] = -1e9;
  expect(greyRange(logs)).toEqual([10, 999]);
  expect(greyRange(Float64Array.from([2, 2]))).toEqual([1.5, 2.5]);
  expect(greyRange(Float64Array.from([Number.NaN]))).toEqual([-1, 1]);
});
