import {
  armForward,
  armJoints,
  InputError,
  poseOnCircle,
  strayFromCircle,
  toolFromCircle,
} from "pullback-core";
import { describe, expect, test } from "vitest";

const phases = Array.from({ length: 720 }, (_, i) => (2 * Math.PI * i) / 720);
const poses = phases.map(poseOnCircle);

describe("the circle", () => {
  test("the tool is on it, 0.4 m around its centre, at its phase", () => {
    const seen = toolFromCircle(poses.flatMap((q) => [...q]));
    phases.forEach((phase, i) => {
      expect(seen[3 * i]).toBeCloseTo(0.4 * Math.cos(phase), 12);
      expect(seen[3 * i + 1]).toBeCloseTo(0.4 * Math.sin(phase), 12);
      expect(seen[3 * i + 2]).toBeCloseTo(0, 12);
    });
    expect(strayFromCircle(poses.flatMap((q) => [...q]))).toBeLessThan(1e-12);
    // The middle of opposite places is the centre.
    const opposite = [0, 180].map((i) => [i, i + 360].map((at) => armForward(poses[at] ?? [])));
    for (const [a, b] of opposite)
      [0.6, 0, 1.1].forEach((value, k) => {
        const middle = ((a?.position[k] as number) + (b?.position[k] as number)) / 2;
        expect(middle).toBeCloseTo(value, 12);
      });
    // Phase 0 is on the left, a quarter later the tool is at the top.
    expect(armForward(poses[0] as Float64Array).position[1]).toBeCloseTo(0.4, 12);
    const heights = poses.map((q) => armForward(q).position[2] as number);
    expect(heights.indexOf(Math.max(...heights))).toBe(180);
  });

  test("the tool is held alike everywhere", () => {
    const [first, ...others] = poses.map((q) => armForward(q).rotation);
    for (const other of others)
      expect(
        Math.max(...other.map((value, k) => Math.abs(value - (first?.[k] as number)))),
      ).toBeLessThan(1e-12);
  });

  test("all six joints move, smoothly, and stay well within their limits", () => {
    armJoints.forEach(({ lower, upper }, k) => {
      const angles = poses.map((q) => q[k] as number);
      expect(Math.min(...angles)).toBeGreaterThan(lower + 0.1);
      expect(Math.max(...angles)).toBeLessThan(upper - 0.1);
      expect(Math.max(...angles) - Math.min(...angles)).toBeGreaterThan(0.4);
      const steps = angles.map((angle, i) =>
        Math.abs((angles[(i + 1) % angles.length] as number) - angle),
      );
      // No joint turns faster than twice as fast as the tool goes around.
      expect(Math.max(...steps)).toBeLessThan(2 * ((2 * Math.PI) / 720));
    });
    // A stretched wrist would let A4 and A6 turn freely.
    for (const q of poses) expect(Math.abs(q[4] as number)).toBeGreaterThan(0.3);
  });
});

describe("straying", () => {
  test("is the distance of the tool from the nearest place on the circle", () => {
    const pose = [0.1, -1.9, 1.9, 0.6, -1.1, -0.7];
    const tool = armForward(pose).position;
    const nearest = Math.min(
      ...Array.from({ length: 20_000 }, (_, i) => {
        const phase = (2 * Math.PI * i) / 20_000;
        const [c, s] = [0.4 * Math.cos(phase), 0.4 * Math.sin(phase)];
        const place = [0.6 - s * Math.sin(0.5), c, 1.1 + s * Math.cos(0.5)];
        return Math.hypot(...place.map((value, k) => value - (tool[k] as number)));
      }),
    );
    expect(nearest).toBeGreaterThan(0.05);
    expect(strayFromCircle(pose)).toBeCloseTo(nearest, 6);
    expect(strayFromCircle([...(poses[5] as Float64Array), ...pose])).toBeCloseTo(nearest, 6);
  });

  test("poses with a joint too few are refused", () => {
    expect(() => strayFromCircle([1, 2, 3, 4, 5])).toThrow(InputError);
    expect(() => strayFromCircle([])).toThrow("expected poses of 6 angles, got 0 numbers");
  });
});
