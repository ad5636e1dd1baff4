import fc from "fast-check";
import { atConstantSpeed, atEqualTimes, atVelocityLimits } from "pullback-core";
import { describe, expect, test } from "vitest";

const corner = { rows: Float64Array.of(0, 0, 1, 0, 1, 3), D: 2 };

test("constant speed: time is the share of the length", () => {
  expect([...atConstantSpeed(Float64Array.of(1, 3))]).toEqual([0, 0.25, 1]);
  expect([...atConstantSpeed(Float64Array.of(0, 0, 0, 0))]).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

describe("velocity limits", () => {
  test("each piece takes as long as its slowest joint", () => {
    expect([...atVelocityLimits(corner, Float64Array.of(0.5, 1))]).toEqual([0, 2, 5]);
    const diagonal = { rows: Float64Array.of(0, 0, -1, 3), D: 2 };
    expect([...atVelocityLimits(diagonal, Float64Array.of(0.5, 1))]).toEqual([0, 3]);
    expect([...atVelocityLimits(diagonal, Float64Array.of(0.25, 1))]).toEqual([0, 4]);
  });

  const D = 3;
  const walks = fc.record({
    rows: fc
      .array(fc.tuple(...Array(D).fill(fc.double({ min: -2, max: 2, noNaN: true }))), {
        minLength: 2,
        maxLength: 30,
      })
      .map((rows) => Float64Array.from(rows.flat() as number[])),
    velocity: fc
      .tuple(...Array(D).fill(fc.double({ min: 0.01, max: 5, noNaN: true })))
      .map((speeds) => Float64Array.from(speeds as number[])),
    count: fc.integer({ min: 2, max: 60 }),
  });

  test("no joint is ever too fast, and one is always as fast as it may be", () => {
    fc.assert(
      fc.property(walks, ({ rows, velocity, count }) => {
        const times = atVelocityLimits({ rows, D }, velocity);
        const loads = (path: Float64Array, at: Float64Array): number[] =>
          Array.from({ length: at.length - 1 }, (_, i) => {
            const passed = (at[i + 1] as number) - (at[i] as number);
            const shares = Array.from(velocity, (speed, k) => {
              const step = Math.abs(
                (path[(i + 1) * D + k] as number) - (path[i * D + k] as number),
              );
              return step === 0 ? 0 : step / (speed * passed);
            });
            return Math.max(...shares);
          });
        const step = (times.at(-1) as number) / (times.length - 1);
        loads(rows, times).forEach((load, i) => {
          // A step too small for the clock is lost in the sum of the times.
          if ((times[i + 1] as number) - (times[i] as number) > 1e-6 * step)
            expect(load).toBeCloseTo(1, 6);
        });
        const even = atEqualTimes({ rows, D, times }, count);
        for (const load of loads(even.rows, even.times)) expect(load).toBeLessThan(1 + 1e-9);
      }),
    );
  });
});

describe("rows at equal steps of time", () => {
  test("lie on the path where it is at that time, both ends exactly", () => {
    const times = Float64Array.of(0, 2, 5);
    const { rows, times: even } = atEqualTimes({ ...corner, times }, 6);
    expect([...even]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...rows]).toEqual([0, 0, 0.5, 0, 1, 0, 1, 1, 1, 2, 1, 3]);
  });

  test("a motion that goes nowhere stays", () => {
    const still = { rows: Float64Array.of(4, 5, 4, 5, 4, 5), D: 2, times: new Float64Array(3) };
    const { rows, times } = atEqualTimes(still, 4);
    expect([...times]).toEqual([0, 0, 0, 0]);
    expect([...rows]).toEqual([4, 5, 4, 5, 4, 5, 4, 5]);
  });
});
