import { describe, expect, test } from "vitest";
import { bothOf, joined } from "../../../packages/explorer/src/work/track.ts";

/** A decoder that squares: what comes out says where it was asked. */
const squares = async (points: Float64Array): Promise<Float32Array> =>
  Float32Array.from(points, (value) => value * value);

describe("curves as they are drawn", () => {
  // One dimension, two legs: quick over the first, slow over the second.
  const path = joined(
    [Float64Array.of(0, 1, 2), Float64Array.of(2, 3)],
    [Float64Array.of(3, 3), Float64Array.of(2)],
    1,
  );

  test("legs share their nodes, lengths add up", () => {
    expect([...path.curve]).toEqual([0, 1, 2, 3]);
    expect(path.length).toBe(8);
  });

  test("frames at equal steps of decoded length, each decoded where it is", async () => {
    const { geodesic } = await bothOf({ geodesic: path, straight: path }, 1, 5, squares);
    // A quarter of the length is two: two thirds of the first segment, and so on.
    const expected = [0, 2 / 3, 4 / 3, 2, 3];
    expected.forEach((at, i) => {
      expect(geodesic.frames[i]).toBeCloseTo(at, 12);
      expect(geodesic.at[i]).toBeCloseTo(at / 3, 12);
      expect(geodesic.observations[i]).toBeCloseTo(at * at, 5);
    });
  });

  test("speed at a node is the mean of the segments beside it", async () => {
    const { straight } = await bothOf({ geodesic: path, straight: path }, 1, 2, squares);
    expect([...straight.velocity]).toEqual([9, 9, 7.5, 6]);
  });

  test("where lengths are unknown frames stand at equal steps of the parameter", async () => {
    const still = joined([Float64Array.of(0, 1, 2)], [Float64Array.of(0, 0)], 1);
    const { geodesic } = await bothOf({ geodesic: still, straight: still }, 1, 3, squares);
    expect([...geodesic.at]).toEqual([0, 0.5, 1]);
    expect([...geodesic.frames]).toEqual([0, 1, 2]);
  });
});
