import { describe, expect, test } from "vitest";
import type { Candidate } from "../../../packages/core/src/geodesic/certificate.ts";
import type { Lane } from "../../../packages/core/src/geodesic/lanes.ts";
import { contenders, race } from "../../../packages/core/src/geodesic/race.ts";
import type { SolverState } from "../../../packages/core/src/geodesic/solver.ts";

/** A curve from (0, 0) to (1, 0) by way of (0.5, height). */
const arch = (height: number): Float64Array => Float64Array.of(0, 0, 0.5, height, 1, 0);
const lane = (pair: number, height = 0): Lane => ({ pair, start: "any", nodes: arch(height) });
/** A state whose length at constant speed is `length`. */
const state = (length: number, height: number): SolverState =>
  ({
    nodes: arch(height),
    model: { energy: length ** 2 / 2, segments: new Float64Array(2) },
  }) as SolverState;

describe("a race", () => {
  const lanes = [lane(0), lane(0), lane(0), lane(0), lane(1)];
  const select = race(lanes, 2);
  const states = (lengths: readonly number[]): SolverState[] =>
    lengths.map((length, i) => state(length, i));

  test("lets all curves run at first", () => {
    expect(select?.(1, states([9, 1, 2, 3, 4]))).toEqual([0, 1, 2, 3, 4]);
  });

  test("halves the curves of each pair, and drops no pair", () => {
    expect(select?.(2, states([9, 1, 2, 3, 4]))).toEqual([1, 2, 4]);
    const dropped = states([9, 1, 2, 3, 4]).map((each, i) => (i === 0 || i === 3 ? null : each));
    expect(select?.(4, dropped)).toEqual([1, 4]);
  });

  test("keeps what is within the margin, which shrinks", () => {
    expect(select?.(2, states([1.15, 1, 1.18, 1.19, 4]))).toEqual([1, 0, 2, 3, 4]);
    expect(select?.(8, states([1.15, 1, 1.04, 1.19, 4]))).toEqual([1, 2, 4]);
  });

  test("goes on with one of several that are the same", () => {
    const same = [1.01, 1, 1.02, 1.03, 4].map((length) => state(length, 0.3));
    expect(select?.(2, same)).toEqual([1, 4]);
  });

  test("drops a curve that is not finite before any that is", () => {
    expect(select?.(2, states([Number.NaN, 1, Number.NaN, 3, Number.NaN]))).toEqual([1, 3, 4]);
  });

  test("does not take place where no pair has two curves", () => {
    expect(race([lane(0), lane(1)], 2)).toBeUndefined();
  });
});

describe("contenders", () => {
  const solved = (pair: number, height: number, length: number, discretisationError: number) =>
    ({ ...lane(pair, height), measure: { length }, discretisationError }) as Lane & Candidate;

  test("are those that the error of the lengths leaves open, the shortest first", () => {
    const heights = (rivals: readonly (Lane & Candidate)[][]): number[][] =>
      rivals.map((pair) => pair.map(({ nodes }) => nodes[3] as number));
    const lanes = [
      solved(0, 0.1, 1.0005, 1e-3),
      solved(0, 0.5, 1, 1e-3),
      solved(0, 0.9, 1.01, 1e-3),
    ];
    expect(heights(contenders([...lanes, solved(3, 0.2, 7, 1)], 2))).toEqual([[0.5, 0.1], [0.2]]);
    const sure = lanes.map((each) => ({ ...each, discretisationError: 1e-6 }));
    expect(heights(contenders(sure, 2))).toEqual([[0.5]]);
  });
});
