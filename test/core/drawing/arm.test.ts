import { armForward, poseOnCircle } from "pullback-core";
import { describe, expect, test } from "vitest";
import { armFoot, armPaths, armView, toolPath } from "../../../packages/core/src/drawing/arm.ts";

const poses = Float64Array.from([0, 1.5, 3].flatMap((phase) => [...poseOnCircle(phase)]));
const numbers = (path: string): number[] => (path.match(/-?\d+\.\d+/g) ?? []).map(Number);

describe("view", () => {
  const view = armView([poses, Float64Array.of(0, -1.5, 0, 0, 0, 0)], 60);

  test("shows every pose whole, over the whole width", () => {
    const all = [0, 6, 12].flatMap((at) => {
      const { links, joints } = armPaths(poses.subarray(at, at + 6), view);
      return [...links.flatMap(numbers), ...joints.flat()];
    });
    const upright = armPaths(Float64Array.of(0, -1.5, 0, 0, 0, 0), view).joints.at(-1) ?? [];
    expect(upright[1]).toBeCloseTo(4, 6);
    const { cx, cy, rx, ry } = armFoot(view);
    const across = [...all.filter((_, i) => i % 2 === 0), cx - rx, cx + rx];
    const down = [...all.filter((_, i) => i % 2 === 1), cy - ry, cy + ry];
    expect(Math.min(...across)).toBeCloseTo(4, 1);
    expect(Math.max(...across)).toBeCloseTo(56, 1);
    expect(Math.min(...down)).toBeGreaterThanOrEqual(4 - 0.01);
    expect(Math.max(...down)).toBeLessThanOrEqual(view.height - 4 + 0.01);
  });

  test("what is higher is higher in the picture, what is ahead or on the left is to the right", () => {
    const [x, y] = view.place([0, 0, 0]);
    expect(view.place([0, 0, 1])[0]).toBeCloseTo(x, 9);
    expect(view.place([0, 0, 1])[1]).toBeLessThan(y);
    expect(view.place([1, 0, 0])[0]).toBeGreaterThan(x);
    expect(view.place([0, 1, 0])[0]).toBeGreaterThan(x);
    // Without perspective, a metre is as long everywhere.
    const [far, farther] = [view.place([3, 1, 2]), view.place([3, 1, 3])];
    expect(far[1] - farther[1]).toBeCloseTo(y - view.place([0, 0, 1])[1], 9);
  });
});

test("links hang together, and the last ends where the tool's way is", () => {
  const view = armView([poses], 60);
  const way = numbers(toolPath(poses, view));
  expect(way).toHaveLength(6);
  const { links, joints } = armPaths(poses.subarray(6, 12), view);
  const [stand, arm, hand] = links.map(numbers) as [number[], number[], number[]];
  expect(stand.slice(-2)).toEqual(arm.slice(0, 2));
  expect(arm.slice(-2)).toEqual(hand.slice(0, 2));
  expect(hand.slice(-2)).toEqual(way.slice(2, 4));
  const { position } = armForward(poses, 6);
  expect(joints.at(-1)).toEqual(view.place(position));
});
