import { describe, expect, test } from "vitest";
import { changesToCome } from "../../../packages/core/src/geodesic/levels.ts";

describe("the changes of a length that are still to come", () => {
  test("are all of it before there is one, and the last one before there are two", () => {
    expect(changesToCome(null, null)).toBe(1);
    expect(changesToCome(0.02, null)).toBe(0.02);
  });

  test("are the rest of a geometric series", () => {
    // 0.03 / 3 + 0.03 / 9 + ... after 0.09 and 0.03.
    expect(changesToCome(0.03, 0.09)).toBeCloseTo(0.015, 12);
    expect(changesToCome(0.02, 0.04)).toBeCloseTo(0.02, 12);
  });

  test("are no less than a quarter of a quarter of ... and no more than the last one", () => {
    expect(changesToCome(0.01, 0.16)).toBeCloseTo(0.01 / 3, 12);
    expect(changesToCome(0.01, 0.005)).toBeCloseTo(0.01, 12);
    expect(changesToCome(0.01, 0)).toBeCloseTo(0.01, 12);
  });
});
