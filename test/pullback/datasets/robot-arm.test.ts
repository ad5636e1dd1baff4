import { armJoints, poseOnCircle, rawUnits, strayFromCircle } from "pullback-core";
import { describe, expect, test } from "vitest";
import { armNoise, loadDataset } from "../../../packages/pullback/src/datasets/index.ts";

const first = loadDataset("robot-arm");

/** Root mean square over rows of the difference from the pose at each phase, of one joint. */
function spread(rows: ArrayLike<number>, degrees: ArrayLike<number>, joint: number): number {
  let squares = 0;
  for (let i = 0; i < degrees.length; i++) {
    const pose = poseOnCircle(((degrees[i] as number) * Math.PI) / 180);
    squares += ((rows[6 * i + joint] as number) - (pose[joint] as number)) ** 2;
  }
  return Math.sqrt(squares / degrees.length);
}

describe("the robot arm", () => {
  test("once around in 6284 steps of 0.001 rad, and in 150 others", async () => {
    const { observations, heldOut, values, heldOutValues, value } = await first;
    expect(observations.shape).toEqual([6284, 6]);
    expect(heldOut.shape).toEqual([150, 6]);
    expect(value).toEqual({ name: "phase", unit: "°", period: 360 });
    const degrees = values?.data as Float32Array;
    expect(degrees[0]).toBe(0);
    expect(degrees[1000]).toBeCloseTo(180 / Math.PI, 4);
    expect(degrees[6283]).toBeCloseTo((6.283 * 180) / Math.PI, 3);
    expect(heldOutValues?.data[75]).toBeCloseTo(180, 4);
  });

  test("joint angles of the circle with noise of 0.03 rad in each of them, also where held out", async () => {
    const { observations, heldOut, values, heldOutValues, scaling } = await first;
    const training = rawUnits(observations.data, scaling);
    const other = rawUnits(heldOut.data, scaling);
    armJoints.forEach(({ lower, upper }, joint) => {
      // The standard deviation of a root mean square of n is 0.03 / sqrt(2 n).
      expect(Math.abs(spread(training, values?.data ?? [], joint) - armNoise)).toBeLessThan(0.0011);
      expect(Math.abs(spread(other, heldOutValues?.data ?? [], joint) - armNoise)).toBeLessThan(
        0.007,
      );
      const angles = training.filter((_, i) => i % 6 === joint);
      expect(Math.min(...angles)).toBeGreaterThan(lower);
      expect(Math.max(...angles)).toBeLessThan(upper);
    });
    // Noise of 0.03 rad in six joints moves the tool by centimetres.
    expect(strayFromCircle(training)).toBeGreaterThan(0.03);
    expect(strayFromCircle(training)).toBeLessThan(0.25);
  });

  test("positive for the softplus of the mean, not stretched: lengths stay radians", async () => {
    const { observations, heldOut, scaling } = await first;
    expect(scaling?.scale).toEqual([1, 1, 1, 1, 1, 1]);
    for (const { data } of [observations, heldOut]) expect(Math.min(...data)).toBeGreaterThan(0.1);
    const two = await loadDataset("robot-arm", { seed: 2 });
    expect(two.scaling).toEqual(scaling);
    expect(two.observations.data[0]).not.toBe(observations.data[0]);
    const again = await loadDataset("robot-arm", { seed: 1 });
    expect(again.observations.data).toEqual(observations.data);
  });
});
