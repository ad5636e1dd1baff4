import type { MapCurve } from "pullback-core";
import { curveColours, endEffectorFigure, InputError } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const arc = (from: number, to: number, radius = 0.4, count = 25): number[][] =>
  Array.from({ length: count }, (_, i) => {
    const angle = from + ((to - from) * i) / (count - 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
const demonstrated = Float64Array.from(arc(0, 2 * Math.PI, 0.4, 73).flat());
const pair = (from: number, to: number): MapCurve[] => [
  {
    kind: "straight",
    label: "straight line",
    points: [arc(from, from)[0] as number[], arc(to, to)[0] as number[]],
  },
  { kind: "geodesic", label: "geodesic", points: arc(from, to, 0.41) },
];

describe("ways of the tool", () => {
  const svg = endEffectorFigure(document, { demonstrated, curves: pair(0.3, 2.6) });

  test("metres are as long across as up", () => {
    // The circle, drawn first and thickest, is as wide as high.
    const [path] = [...svg.matchAll(/<g[^>]*stroke-width="5"[^>]*><path d="([^"]+)"/g)].map(
      ([, d]) => d as string,
    );
    const numbers = (path ?? "").match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
    const span = (odd: number) => {
      const along = numbers.filter((_, i) => i % 2 === odd);
      return Math.max(...along) - Math.min(...along);
    };
    expect(numbers).toHaveLength(2 * 73);
    expect(span(0)).toBeGreaterThan(200);
    expect(Math.abs(span(0) - span(1))).toBeLessThan(0.5);
  });

  test("one pair has its ends and its names", () => {
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["geodesic", "straight line", "demonstrated"]),
    );
    const ends = attributes(svg, "g", "aria-label").filter((label) => label === "dot");
    expect(ends.length).toBeGreaterThanOrEqual(2);
  });

  test("of many pairs each way is a line, geodesics over straight lines", () => {
    const curves = [0, 1, 2, 3, 4].flatMap((at) => pair(at, at + 2));
    const many = endEffectorFigure(document, { demonstrated, curves });
    const strokes = attributes(many, "g", "stroke").filter((colour) =>
      Object.values<string>(curveColours).includes(colour),
    );
    expect(strokes).toEqual([
      ...Array(5).fill(curveColours.straight),
      ...Array(5).fill(curveColours.geodesic),
    ]);
  });

  test("data are dots, thinned out evenly", () => {
    const data = Float64Array.from(arc(0, 6.283, 0.42, 6284).flat());
    const circles = (svg: string) => attributes(svg, "circle", "cx").length;
    const dotted = endEffectorFigure(document, { demonstrated, data, curves: pair(1, 3) });
    expect(circles(dotted) - circles(svg)).toBe(Math.ceil(6284 / 6) + 1);
    expect(texts(dotted)).toContain("data");
  });

  test("nothing demonstrated is refused", () => {
    const nothing = { demonstrated: new Float64Array(2), curves: [] };
    expect(() => endEffectorFigure(document, nothing)).toThrow(InputError);
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/end-effector.svg");
  });
});
