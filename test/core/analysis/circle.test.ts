import { InputError, pointsOnCircle } from "pullback-core";
import { expect, test } from "vitest";

test("begins straight up and goes counterclockwise: nine points at steps of 40 degrees", () => {
  const points = pointsOnCircle({ radius: 1.5 });
  expect(points.map(({ degrees }) => degrees)).toEqual([0, 40, 80, 120, 160, 200, 240, 280, 320]);
  expect(points[0]?.point).toEqual([expect.closeTo(0, 12), 1.5]);
  // 80 degrees on from the top lies to the left, just above the centre.
  expect(points[2]?.point[0]).toBeCloseTo(-1.5 * Math.sin((80 * Math.PI) / 180), 12);
  expect(points[2]?.point[1]).toBeCloseTo(1.5 * Math.cos((80 * Math.PI) / 180), 12);
});

test("goes round any centre, with any step", () => {
  const points = pointsOnCircle({ centre: [2, -1], radius: 3, step: 100 });
  expect(points.map(({ degrees }) => degrees)).toEqual([0, 100, 200, 300]);
  for (const { point } of points) expect(Math.hypot(point[0] - 2, point[1] + 1)).toBeCloseTo(3, 12);
  // 360 / 7 is no whole number, yet seven steps close the circle.
  expect(pointsOnCircle({ radius: 1, step: 360 / 7 })).toHaveLength(7);
  expect(() => pointsOnCircle({ radius: 0 })).toThrow(InputError);
});
