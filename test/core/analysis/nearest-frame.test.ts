import {
  decodeAt,
  frameSearch,
  InputError,
  meanFrameDistances,
  nearestFrameDistances,
  pointsAlong,
  programCache,
  random,
  straightCurve,
  tensor,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { torus } from "../../pullback/report/example.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

/** Every frame compared with every observation, number by number. */
function bruteForce(frames: Float32Array, observations: ArrayLike<number>, D: number): number[] {
  return Array.from({ length: observations.length / D }, (_, i) => {
    let least = Infinity;
    for (let row = 0; row < frames.length / D; row++) {
      let square = 0;
      for (let k = 0; k < D; k++)
        square += ((observations[i * D + k] as number) - (frames[row * D + k] as number)) ** 2;
      least = Math.min(least, square);
    }
    return Math.sqrt(least);
  });
}

/** Numbers around 0.5 and 0.2 apart, as motion has them. */
const draws = (count: number, name: string): Float32Array => {
  const { normal } = random(1, name);
  return Float32Array.from({ length: count }, () => 0.5 + 0.2 * normal());
};

describe("the distance to the nearest frame", () => {
  const D = 50;
  const frames = draws(700 * D, "frames");
  const search = frameSearch(tensor("float32", [700, D], frames));

  test("is that of comparing all with all, over more rows than go at once", async () => {
    const observations = draws(1500 * D, "observations");
    const found = await nearestFrameDistances(cache, search, observations);
    const expected = bruteForce(frames, observations, D);
    expect(found).toHaveLength(1500);
    found.forEach((distance, i) => {
      expect(Math.abs(distance - (expected[i] as number))).toBeLessThan(2e-6);
    });
  });

  test("of a frame itself is zero as far as float32 goes; a step away it is the step", async () => {
    const near = frames.slice(0, 3 * D);
    near[D] = (near[D] as number) + 0.05;
    const found = await nearestFrameDistances(cache, search, near);
    expect(found[0]).toBeLessThan(2e-3);
    expect(found[1]).toBeCloseTo(0.05, 4);
    expect(found[2]).toBeLessThan(2e-3);
  });

  test("frames or observations that do not fit are refused", async () => {
    expect(() => frameSearch(tensor("float32", [0, 3], new Float32Array(0)))).toThrow(InputError);
    await expect(nearestFrameDistances(cache, search, new Float32Array(51))).rejects.toThrow(
      "nearest frame: expected observations of 50 numbers, got 51 in all",
    );
  });
});

test("along curves on the torus it is the mean over their points, curve by curve", async () => {
  const frames = (await decodeAt(cache, torus(), [
    [0, 0],
    [1, 0],
    [2, 3],
  ])) as Float32Array;
  const search = frameSearch(tensor("float32", [3, 4], frames));
  const curves = [straightCurve([0, 0], [1, 0]), straightCurve([0, 0], [3, 3])];
  const found = await meanFrameDistances(cache, torus(), search, curves, 21);
  const expected = await Promise.all(
    curves.map(async (curve) => {
      const decoded = await decodeAt(cache, torus(), pointsAlong(curve, 21));
      return bruteForce(frames, decoded, 4).reduce((sum, d) => sum + d, 0) / 21;
    }),
  );
  found.forEach((distance, i) => {
    expect(distance).toBeCloseTo(expected[i] as number, 3);
  });
  // From frame to frame along a circle of radius 1: the chord of half of the way at most.
  expect(found[0]).toBeGreaterThan(0.2);
  expect(found[0]).toBeLessThan(2 * Math.sin(0.25));
});
