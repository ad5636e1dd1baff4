import {
  curvePath,
  curveRange,
  enlarge,
  InputError,
  imagePixels,
  imageShape,
  rawUnits,
} from "pullback-core";
import { describe, expect, test } from "vitest";

describe("image", () => {
  test("one channel is ink on paper, cut at both ends", () => {
    const { rgba } = imagePixels(Float32Array.from([0, 1, 0.5, -3, 7, 0.2]), imageShape([2, 3]));
    expect([...rgba].filter((_, i) => i % 4 === 0)).toEqual([255, 0, 128, 255, 0, 204]);
    expect(rgba[3]).toBe(255);
  });

  test("three channels stay as they are", () => {
    const { rgba } = imagePixels(Float32Array.from([1, 0, 0.2]), imageShape([1, 1, 3], 3));
    expect([...rgba]).toEqual([255, 0, 51, 255]);
  });

  test("enlarging repeats pixels, row by row", () => {
    const small = imagePixels(Float32Array.from([0, 1]), imageShape([1, 2]));
    const large = enlarge(small, 2);
    expect([large.width, large.height]).toEqual([4, 2]);
    expect([...large.rgba].filter((_, i) => i % 4 === 0)).toEqual([255, 255, 0, 0, 255, 255, 0, 0]);
  });

  test.each([
    [[256], 1],
    [[4, 4], 3],
    [[4, 4, 3], 1],
    [[0, 4], 1],
  ] as const)("shape %j with %d channels is refused", (shape, channels) => {
    expect(() => imageShape(shape, channels)).toThrow(InputError);
  });

  test("a wrong number of values is refused", () => {
    expect(() => imagePixels(new Float32Array(5), imageShape([2, 3]))).toThrow("expected 6 values");
  });
});

describe("curve", () => {
  const box = { width: 10, height: 4, range: [0, 2] as const };

  test("starts left, ends right, low is at the bottom", () => {
    expect(curvePath(Float32Array.from([0, 2, 1]), box)).toBe("M0.00,4.00L5.00,0.00L10.00,2.00");
  });

  test("one number is a level line; equal numbers have a range", () => {
    expect(curvePath(Float32Array.from([1]), box)).toBe("M0,2.00h10");
    expect(curveRange(Float32Array.from([3, 3]))).toEqual([2.5, 3.5]);
    expect(curveRange(Float32Array.from([3, -1, 2]))).toEqual([-1, 3]);
  });
});

describe("raw units", () => {
  const scaling = { offset: [10, -1], scale: [2, 0.5] };

  test("column by column, x scale + offset; a copy without scaling", () => {
    const scaled = Float32Array.from([0, 0, 1, 2]);
    expect([...rawUnits(scaled, scaling)]).toEqual([10, -1, 12, 0]);
    const copy = rawUnits(scaled);
    copy[0] = 5;
    expect(scaled[0]).toBe(0);
  });

  test("a scaling of other columns is refused", () => {
    expect(() => rawUnits(new Float32Array(3), scaling)).toThrow(InputError);
    expect(() => rawUnits(new Float32Array(2), { offset: [1, 2], scale: [1] })).toThrow(
      "expected observations of 2 columns with as many scales, got 2 numbers and 1 scales",
    );
  });
});
