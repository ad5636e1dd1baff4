import { dataPath, InputError, polylineLengths, programCache, spine } from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { torus } from "../../pullback/report/example.ts";

// Codes on the unit circle at the angle that is their value, two in each of eight bins.
const values = Array.from({ length: 16 }, (_, i) => 22.5 * i + 11.25);
const at = (degrees: number): number[] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];
const codes = { latents: Float64Array.from(values.flatMap(at)), values, period: 360 };
const eight = spine(codes, 8);
const point = (value: number) => ({ code: at(value), value });
const angles = (curve: readonly (readonly number[])[]): number[] =>
  curve.map(([x, y]) => Math.round((Math.atan2(y as number, x as number) * 180) / Math.PI));

describe("path along the data", () => {
  test("a bin's code is the mean of its members", () => {
    expect(eight.bins).toHaveLength(8);
    expect(eight.bins[0]?.value).toBe(22.5);
    expect(angles(eight.bins.slice(0, 2).map(({ code }) => code))).toEqual([22, 68]);
  });

  test("takes the shorter way round, either direction, across the wrap too", () => {
    expect(angles(dataPath(eight, point(10), point(80)))).toEqual([10, 22, 68, 80]);
    expect(angles(dataPath(eight, point(80), point(10)))).toEqual([80, 68, 22, 10]);
    expect(angles(dataPath(eight, point(350), point(30)))).toEqual([-10, 22, 30]);
    expect(angles(dataPath(eight, point(30), point(350)))).toEqual([30, 22, -10]);
  });

  test("two points of one bin are joined directly", () => {
    expect(angles(dataPath(eight, point(1), point(5)))).toEqual([1, 5]);
  });

  test("bins without codes are left out; no codes are an error", () => {
    const half = spine(
      { latents: codes.latents.slice(0, 16), values: values.slice(0, 8), period: 360 },
      8,
    );
    expect(half.bins).toHaveLength(4);
    expect(() => spine({ latents: new Float64Array(), values: [], period: 360 })).toThrow(
      InputError,
    );
  });
});

describe("lengths of polylines", () => {
  const engine = nativeEngine({ threads: 1 });
  afterAll(() => engine.dispose());

  test("on the torus they are those of latent space", async () => {
    const lengths = await polylineLengths(
      programCache(engine),
      torus(),
      [
        [
          [0, 0],
          [3, 4],
        ],
        [
          [0, 0],
          [1, 0],
          [1, 2],
          [0, 2],
        ],
      ],
      64,
    );
    expect(lengths[0]).toBeCloseTo(5, 2);
    expect(lengths[1]).toBeCloseTo(4, 2);
  });
});
