import { InputError, project } from "pullback-core";
import { describe, expect, test } from "vitest";
import { planeOf, suits, threePoints } from "../../../packages/explorer/src/view/plane.ts";

const latents = Float32Array.of(0, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 3);

describe("the plane that is drawn", () => {
  test("of two axes goes through the mean of the codes, or where it is cut", () => {
    const choice = { kind: "axes", axes: [0, 1] } as const;
    expect(planeOf(choice, latents, 3).origin).toEqual([0, 0, 0.75]);
    expect(planeOf({ ...choice, at: [9, 9, 2] }, latents, 3).origin).toEqual([0, 0, 2]);
  });

  test("through three points contains them", () => {
    const points = [
      [0, 0, 1],
      [2, 0, 1],
      [5, 1, 2],
    ] as const;
    const { origin, axes } = planeOf({ kind: "points", points }, latents, 3);
    for (const point of points) {
      const [u, w] = project({ origin, axes }, point) as unknown as [number, number];
      point.forEach((value, k) => {
        const back = (origin[k] as number) + u * (axes[0]?.[k] ?? 0) + w * (axes[1]?.[k] ?? 0);
        expect(back).toBeCloseTo(value, 12);
      });
    }
  });

  test("two dimensions have one plane, whatever is chosen", () => {
    const flat = planeOf({ kind: "axes", axes: [1, 0] }, new Float32Array(4), 2);
    expect(flat.axes).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("three points on one line make none", () => {
    const points = [
      [0, 0, 0],
      [1, 1, 1],
      [3, 3, 3],
    ] as const;
    expect(() => planeOf({ kind: "points", points }, latents, 3)).toThrow(InputError);
  });

  test("a choice of another space does not suit", () => {
    expect(suits({ kind: "axes", axes: [0, 3] }, 3)).toBe(false);
    expect(suits({ kind: "axes", axes: [1, 1] }, 3)).toBe(false);
    expect(suits({ kind: "axes", axes: [0, 2], at: [1, 2] }, 3)).toBe(false);
    expect(
      suits(
        {
          kind: "points",
          points: [
            [0, 0],
            [1, 0],
            [0, 1],
          ],
        },
        3,
      ),
    ).toBe(false);
    expect(suits({ kind: "principal" }, 9)).toBe(true);
  });
});

describe("three points to begin with", () => {
  test("are the ends, and the code farthest from the line through them", () => {
    expect(
      threePoints(
        [
          [0, 0, 0],
          [5, 5, 5],
          [1, 0, 0],
        ],
        latents,
      ),
    ).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 3],
    ]);
  });
  test("without codes, a point beside the line", () => {
    const points = threePoints(
      [
        [0, 0, 0],
        [1, 0, 2],
      ],
      new Float32Array(0),
    );
    expect(points[2]).toEqual([0, 1, 0]);
  });
});
