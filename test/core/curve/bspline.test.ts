import { random } from "pullback-core";
import { describe, expect, test } from "vitest";
import type { BlockTridiagonal } from "../../../packages/core/src/array/linear.ts";
import { fallingDirection } from "../../../packages/core/src/array/linear.ts";
import {
  bspline,
  fallingAmongSplines,
  nearestControls,
  nodesOf,
  solveProjected,
} from "../../../packages/core/src/curve/bspline.ts";

const cases = [
  [1, 4],
  [2, 8],
  [3, 13],
  [4, 25],
  [13, 50],
  [9, 9],
] as const;

describe.each(cases)("%i pieces, %i segments", (pieces, segments) => {
  const spline = bspline(segments, pieces);

  test("weights add up to one, are not negative, and hold the ends", () => {
    for (let i = 0; i <= segments; i++) {
      const own = [...spline.weights.subarray(4 * i, 4 * i + 4)];
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
      expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
    }
    const controls = Float64Array.from({ length: pieces + 3 }, (_, i) => 0.1 * (i + 1));
    const nodes = nodesOf(spline, controls, 1);
    expect([nodes[0], nodes[segments]]).toEqual([controls[0], controls[pieces + 2]]);
  });

  test("a cubic lies among its curves", () => {
    const cubic = Float64Array.from({ length: segments + 1 }, (_, i) => {
      const t = i / segments;
      return 1 - 2 * t + 3 * t * t - 4 * t ** 3;
    });
    const nodes = nodesOf(spline, nearestControls(spline, cubic, 1), 1);
    nodes.forEach((x, i) => {
      expect(x).toBeCloseTo(cubic[i] as number, 7);
    });
  });

  test("the projected system is the dense one", () => {
    const d = 3;
    const { normal } = random(pieces, "bspline");
    const inner = segments - 1;
    const free = (pieces + 1) * d;
    const noise = (n: number): Float64Array => Float64Array.from({ length: n }, normal);
    const diagonal = noise(inner * d * d);
    for (let i = 0; i < inner; i++)
      for (let k = 0; k < d; k++)
        for (let l = 0; l < d; l++) {
          const at = i * d * d + k * d + l;
          diagonal[at] = k === l ? 20 + k : (diagonal[i * d * d + l * d + k] as number);
        }
    const above = noise((inner - 1) * d * d);
    const v = noise(inner * d);
    const damping = 0.1;
    const x = solveProjected(spline, { d, diagonal, above }, v, damping) as Float64Array;

    // B by its columns, H entry by entry.
    const columns = Array.from({ length: free }, (_, c) => {
      const controls = new Float64Array((pieces + 3) * d);
      controls[d + c] = 1;
      return nodesOf(spline, controls, d).subarray(d, segments * d);
    });
    const times = (u: Float64Array): Float64Array => {
      const result = new Float64Array(inner * d);
      for (let i = 0; i < inner; i++)
        for (let k = 0; k < d; k++)
          for (let l = 0; l < d; l++) {
            const beside = i * d * d;
            const put = (row: number, by: number, column: number): void => {
              result[row] = (result[row] as number) + by * (u[column] as number);
            };
            put(i * d + k, diagonal[beside + k * d + l] as number, i * d + l);
            if (i === inner - 1) continue;
            put(i * d + k, above[beside + k * d + l] as number, (i + 1) * d + l);
            put((i + 1) * d + k, above[beside + l * d + k] as number, i * d + l);
          }
      return result;
    };
    const dot = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    const trace = columns.reduce((sum, column) => sum + dot(column, times(column)), 0);
    const whole = columns.reduce(
      (sum, column, c) => sum.map((s, i) => s + (x[c] as number) * (column[i] as number)),
      new Float64Array(inner * d),
    );
    const image = times(whole);
    columns.forEach((column, c) => {
      const left = dot(column, image) + (damping * trace * (x[c] as number)) / free;
      expect(left).toBeCloseTo(dot(column, v), 8);
    });
  });
});

describe("ways down among splines", () => {
  const [segments, d] = [48, 2];
  const spline = bspline(segments, segments / 4);
  const inner = segments - 1;
  /** c I on the diagonal and b I beside it: the wave of m half periods has c + 2 b cos(m pi / segments). */
  const matrix = (c: number, b: number): BlockTridiagonal => {
    const identity = (count: number, x: number): Float64Array =>
      Float64Array.from({ length: count * d * d }, (_, at) =>
        (at % (d * d)) % (d + 1) === 0 ? x : 0,
      );
    return { d, diagonal: identity(inner, c), above: identity(inner - 1, b) };
  };
  const along = ({ diagonal, above }: BlockTridiagonal, u: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < inner; i++)
      for (let k = 0; k < d; k++) {
        const here = u[i * d + k] as number;
        const next = i < inner - 1 ? (u[(i + 1) * d + k] as number) : 0;
        sum += (diagonal[i * d * d + k * (d + 1)] as number) * here * here;
        if (i < inner - 1) sum += 2 * (above[i * d * d + k * (d + 1)] as number) * here * next;
      }
    return sum;
  };

  test("a way down for long waves is found, and it leads down", () => {
    const bent = matrix(1.99, -1);
    const direction = fallingAmongSplines(spline, bent, 0) as Float64Array;
    expect(along(bent, direction)).toBeLessThan(0);
    // A spline itself: nothing is left of it beside its nearest spline.
    const whole = new Float64Array((segments + 1) * d);
    whole.set(direction, d);
    const nearest = nodesOf(spline, nearestControls(spline, whole, d), d);
    nearest.forEach((x, i) => {
      expect(x).toBeCloseTo(whole[i] as number, 6);
    });
  });

  test("zigzag alone is none", () => {
    const rippled = matrix(1.99, 1);
    expect(fallingDirection(rippled)).not.toBeNull();
    expect(fallingAmongSplines(spline, rippled, 0)).toBeNull();
  });

  test("damping lifts what falls a little", () => {
    expect(fallingAmongSplines(spline, matrix(1.99, -1), 1)).toBeNull();
  });
});
