import { categorical, cyclic, grey, sequential } from "pullback-core";
import { expect, test } from "vitest";

/** WCAG relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("grey and the sequential scale have one direction of lightness", () => {
  const steps = Array.from({ length: 33 }, (_, i) => i / 32);
  const rises = (values: number[]): boolean =>
    values.every((v, i) => !i || v > (values[i - 1] as number));
  expect(rises(steps.map((t) => -luminance(grey(t))))).toBe(true);
  expect(rises(steps.map((t) => luminance(sequential(t))))).toBe(true);
});

test("the cyclic scale closes and goes round in lightness once", () => {
  expect(cyclic(1)).toBe(cyclic(0));
  expect(cyclic(0.25)).not.toBe(cyclic(0.75));
  expect(luminance(cyclic(0.5))).toBeGreaterThan(3 * luminance(cyclic(0)));
});

test("scales keep to their ends, colours of classes are ten", () => {
  expect(grey(-1)).toBe(grey(0));
  expect(sequential(2)).toBe(sequential(1));
  expect(new Set(Array.from({ length: 12 }, (_, i) => categorical(i))).size).toBe(10);
});
