import { armForward, poseOnCircle, stripFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { armView } from "../../../packages/core/src/drawing/arm.ts";
import { attributes, document, kept } from "./draw.ts";

const poses = (phases: number[]) =>
  Float64Array.from(phases.flatMap((at) => [...poseOnCircle(at)]));
const scaling = { offset: [1, 2, 3, 4, 5, 6], scale: [1, 2, 1, 0.5, 1, 1] };
const scaled = (rows: Float64Array) =>
  rows.map((value, i) => {
    const [offset, scale] = [scaling.offset[i % 6] as number, scaling.scale[i % 6] as number];
    return (value - offset) / scale;
  });

const geodesic = poses([0, 1, 2]);
const straight = Float64Array.from([...poses([0]), ...poses([0]).fill(0.5), ...poses([2])]);
const strip = (change: (rows: Float64Array) => Float64Array, undone?: typeof scaling) =>
  stripFigure(document, {
    drawing: { kind: "arm" },
    observationShape: [6],
    scaling: undone,
    geodesic: { length: 2, observations: change(geodesic), velocity: [1, 1, 1] },
    straight: { length: 3, observations: change(straight), velocity: [1, 2, 1] },
  });

describe("a strip of arms", () => {
  const svg = strip(scaled, scaling);

  test("is drawn from raw angles, whatever units the decoder speaks", () => {
    expect(svg).toBe(strip((rows) => rows));
    expect(svg).not.toBe(strip(scaled));
  });

  test("each arm ends where its tool is, on one of the ways that are drawn behind it", () => {
    const view = armView([geodesic, straight], (520 - 46 - 10 + 3) / 3 - 3);
    const hands = attributes(svg, "circle", "cx").filter((_, i) => i % 4 === 3);
    const expected = [geodesic, straight].flatMap((rows) =>
      [0, 6, 12].map((at) => view.place(armForward(rows, at).position)[0]),
    );
    expect(hands).toHaveLength(6);
    hands.forEach((cx, i) => {
      expect(Number(cx)).toBeCloseTo(expected[i] as number, 1);
    });
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/arm.svg");
  });
});
