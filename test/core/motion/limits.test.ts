import { armJoints, armLimits, poseOnCircle, violations } from "pullback-core";
import { describe, expect, test } from "vitest";
import { greatestStray, toolPlaces } from "../../../packages/core/src/motion/stray.ts";

const limits = {
  names: ["hip", "knee"],
  lower: Float64Array.of(-1, Number.NEGATIVE_INFINITY),
  upper: Float64Array.of(1, 0.5),
};
const motion = (rows: number[]) => ({
  rows: Float64Array.from(rows),
  D: 2,
  times: Float64Array.from({ length: rows.length / 2 }, (_, i) => i / 10),
});

describe("violations", () => {
  test("name joint, bound, how far, and when", () => {
    const found = violations(motion([0, 0, 1.5, 0, 2, 0.5, 1.25, 0, 0, -9, -1.5, 0]), limits);
    expect(found).toEqual([
      { joint: "hip", bound: "lower", limit: -1, value: -1.5, time: 0.5, from: 0.5, to: 0.5 },
      { joint: "hip", bound: "upper", limit: 1, value: 2, time: 0.2, from: 0.1, to: 0.3 },
    ]);
  });

  test("a joint at its limit is within it", () => {
    expect(violations(motion([1, 0.5, -1, 0.5]), limits)).toEqual([]);
  });

  test("the arm on its circle keeps its own", () => {
    const rows = Float64Array.from([0, 1, 2, 3, 4, 5, 6].flatMap((at) => [...poseOnCircle(at)]));
    const path = { rows, D: 6, times: Float64Array.of(0, 1, 2, 3, 4, 5, 6) };
    expect(violations(path, armLimits())).toEqual([]);
    rows[6 * 4 + 2] = 3;
    expect(violations(path, armLimits())).toEqual([
      {
        ...{ joint: "A3", bound: "upper", limit: armJoints[2]?.upper },
        ...{ value: 3, time: 4, from: 4, to: 4 },
      },
    ]);
  });
});

describe("straying", () => {
  test("is the greatest of the distances to the nearest demonstration", () => {
    const demonstrations = Float64Array.of(0, 0, 10, 0);
    expect(greatestStray(Float64Array.of(1, 0, 7, 4, 10, 1), demonstrations, 2)).toBe(5);
    expect(greatestStray(Float64Array.of(10, 0), demonstrations, 2)).toBe(0);
  });

  test("of tools is measured in metres", () => {
    const [a, b] = [poseOnCircle(1), poseOnCircle(1 + Math.PI)];
    const places = toolPlaces(Float64Array.from([...a, ...b]));
    expect(greatestStray(places.slice(0, 3), places.slice(3), 3)).toBeCloseTo(0.8, 12);
  });
});
