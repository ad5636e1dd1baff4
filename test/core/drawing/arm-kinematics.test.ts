import fc from "fast-check";
import type { ArmBranch, ToolPose } from "pullback-core";
import { armBranch, armForward, armInverse, armJoints } from "pullback-core";
import { describe, expect, test } from "vitest";

const quarter = Math.PI / 2;

/** Angles anywhere within the limits of the joints. */
const angles = fc.tuple(
  ...armJoints.map(({ lower, upper }) => fc.double({ min: lower, max: upper, noNaN: true })),
);

const branches: ArmBranch[] = (["front", "back"] as const).flatMap((shoulder) =>
  (["up", "down"] as const).flatMap((elbow) =>
    (["positive", "negative"] as const).map((wrist) => ({ shoulder, elbow, wrist })),
  ),
);

/** Greatest difference of any number of two poses: metres, and elements of the rotation. */
function apart(a: ToolPose, b: ToolPose): number {
  const of = ({ position, rotation }: ToolPose) => [...position, ...rotation];
  const [x, y] = [of(a), of(b)];
  return Math.max(...x.map((value, k) => Math.abs(value - (y[k] as number))));
}

describe("forward", () => {
  test.each([
    ["stretched out ahead", [0, 0, 0, 0, 0, 0], [1.515, 0, 0.52], [1, 0, 0]],
    ["turned to the right", [quarter, 0, 0, 0, 0, 0], [0, -1.515, 0.52], [0, -1, 0]],
    ["upright", [0, -quarter, 0, 0, 0, 0], [0.06, 0, 1.735], [0, 0, 1]],
    ["bent at the elbow", [0, -quarter, quarter, 0, 0, 0], [0.915, 0, 1.12], [1, 0, 0]],
    ["hand bent down", [0, 0, 0, 0, quarter, 0], [1.4, 0, 0.405], [0, 0, -1]],
    [
      "hand turned, then bent to the left",
      [0, 0, 0, -quarter, -quarter, 0],
      [1.4, -0.115, 0.52],
      [0, -1, 0],
    ],
  ])("%s", (_, q, position, axis) => {
    const { position: at, rotation } = armForward(q);
    for (let k = 0; k < 3; k++) {
      expect(at[k]).toBeCloseTo(position[k] as number, 12);
      expect(rotation[3 * k]).toBeCloseTo(axis[k] as number, 12);
    }
  });

  test("links keep their lengths, the rotation is one, whatever the angles", () => {
    fc.assert(
      fc.property(angles, (q) => {
        const { points, rotation } = armForward(q);
        armJoints.forEach(({ origin }, i) => {
          const step = [0, 1, 2].map(
            (k) => (points[3 * i + 3 + k] as number) - (points[3 * i + k] as number),
          );
          expect(Math.hypot(...step)).toBeCloseTo(Math.hypot(...origin), 12);
        });
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            let inner = 0;
            for (let k = 0; k < 3; k++)
              inner += (rotation[3 * i + k] as number) * (rotation[3 * j + k] as number);
            expect(inner).toBeCloseTo(i === j ? 1 : 0, 12);
          }
      }),
    );
  });

  test("reads poses from a longer array", () => {
    const q = [0.1, -1, 1, 0.2, 0.5, -0.3];
    expect(armForward([9, 9, 9, 9, 9, 9, ...q], 6)).toEqual(armForward(q));
  });
});

describe("inverse", () => {
  test("forward of inverse of forward is forward, to 1e-12, in the branch of the angles", () => {
    fc.assert(
      fc.property(angles, (q) => {
        const pose = armForward(q);
        const found = armInverse(pose, armBranch(q));
        expect(found).not.toBeNull();
        expect(apart(pose, armForward(found as Float64Array))).toBeLessThan(1e-12);
      }),
      { numRuns: 2000 },
    );
  });

  test("each branch that reaches a pose brings the tool to it, and they are all different", () => {
    fc.assert(
      fc.property(angles, (q) => {
        const pose = armForward(q);
        for (const branch of branches) {
          const found = armInverse(pose, branch);
          if (found) expect(apart(pose, armForward(found))).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 500 },
    );
    const pose = armForward([0.3, -1.6, 1.5, 0.7, -0.8, 0.4]);
    const found = branches.map((branch) => armInverse(pose, branch));
    const reached = found.filter((q) => q !== null);
    expect(reached.length).toBeGreaterThanOrEqual(4);
    const texts = reached.map((q) => Array.from(q, (angle) => angle.toFixed(6)).join(" "));
    expect(new Set(texts).size).toBe(reached.length);
  });

  test("finds the angles themselves, away from postures that are not alone", () => {
    const free = fc.tuple(
      ...[
        [-2, 2],
        [-2.5, -0.5],
        [0.5, 2],
        [-3, 3],
        [0.2, 2],
        [-3, 3],
      ].map(([min, max]) => fc.double({ min, max, noNaN: true })),
    );
    fc.assert(
      fc.property(free, fc.boolean(), (q, mirrored) => {
        if (mirrored) q[4] = -(q[4] as number);
        const found = armInverse(armForward(q), armBranch(q)) as Float64Array;
        q.forEach((angle, k) => {
          // Angles are alike where they differ by a turn.
          const turns = ((found[k] as number) - angle) / (2 * Math.PI);
          expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-9);
        });
      }),
    );
  });

  test("a stretched wrist turns with its last joint; a wrist on the first axis has A1 = 0", () => {
    const straight = armForward([0.2, -1, 1.4, 0.5, 0, 0.3]);
    const found = armInverse(straight, branches[0] as ArmBranch) as Float64Array;
    expect(found[3]).toBe(0);
    expect(found[5]).toBeCloseTo(0.8, 12);
    expect(apart(straight, armForward(found))).toBeLessThan(1e-12);
    const above = {
      position: Float64Array.of(0, 0, 1.4),
      rotation: Float64Array.of(0, 0, -1, 0, 1, 0, 1, 0, 0),
    };
    const upright = armInverse(above, branches[0] as ArmBranch) as Float64Array;
    expect(Math.abs(upright[0] as number)).toBe(0);
    expect(apart(above, armForward(upright))).toBeLessThan(1e-12);
  });

  test("what is out of reach has no angles", () => {
    const { rotation } = armForward([0, 0, 0, 0, 0, 0]);
    const at = (...position: number[]) => ({ position: Float64Array.from(position), rotation });
    for (const branch of branches) {
      expect(armInverse(at(2, 0, 0.5), branch)).toBeNull();
      expect(armInverse(at(Number.NaN, 0, 0), branch)).toBeNull();
    }
    // The wrist in the shoulder is too near, but only for an arm that faces it.
    const near = branches.map((branch) => armInverse(at(0.3, 0, 0.4), branch) !== null);
    expect(near).toEqual(branches.map(({ shoulder }) => shoulder === "back"));
    // Just stretched out is still in reach: shoulder, upper arm, line from elbow to wrist, hand.
    const farthest = 0.18 + 0.6 + Math.hypot(0.62, 0.12) + 0.115;
    const found = armInverse(at(farthest, 0, 0.4), branches[0] as ArmBranch) as Float64Array;
    expect(apart(at(farthest, 0, 0.4), armForward(found))).toBeLessThan(1e-7);
    expect(found[1]).toBeCloseTo(0, 6);
  });
});
