import { classesAlong, distinctClasses, InputError } from "pullback-core";
import { describe, expect, test } from "vitest";

// Three classes on a line, five codes each around 0, 10 and 20.
const latents = Float32Array.from(
  [0, 10, 20].flatMap((centre) => [-2, -1, 0, 1, 2].flatMap((off) => [centre + off, 0])),
);
const labels = [0, 1, 2].flatMap((label) => Array<number>(5).fill(label));
const walk = (from: number[], to: number[], steps = 41): number[][] =>
  Array.from({ length: steps }, (_, i) =>
    from.map((a, axis) => a + ((to[axis] as number) - a) * (i / (steps - 1))),
  );

describe("classes along a curve", () => {
  test("a line through all codes meets the three classes in order", () => {
    const met = classesAlong(walk([0, 0], [20, 0]), { latents, labels }, 3);
    expect(met.filter((label, i) => label !== met[i - 1])).toEqual([0, 1, 2]);
    expect(distinctClasses(met)).toBe(3);
  });

  test("a curve that stays with its class meets one", () => {
    expect(distinctClasses(classesAlong(walk([-2, 0], [2, 0]), { latents, labels }, 5))).toBe(1);
  });

  test("the majority of k decides, not the nearest code", () => {
    const codes = { latents: Float32Array.from([0, 1, 1.1, 1.2]), labels: [7, 3, 3, 3] };
    expect(classesAlong([[0]], codes, 1)).toEqual([7]);
    expect(classesAlong([[0]], codes, 3)).toEqual([3]);
  });

  test("a tie goes to the nearer code", () => {
    const codes = { latents: Float32Array.from([0, 1]), labels: [4, 9] };
    expect(classesAlong([[0.1], [0.9]], codes, 2)).toEqual([4, 9]);
  });

  test("k beyond the number of codes takes them all", () => {
    expect(classesAlong([[0, 0]], { latents, labels }, 100)).toEqual([0]);
  });

  test("no codes: an error that says so", () => {
    expect(() => classesAlong([[0]], { latents: new Float32Array(), labels: [] })).toThrow(
      InputError,
    );
  });
});
