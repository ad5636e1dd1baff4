import { describe, expect, it } from "vitest";
import { ring } from "../../../packages/core/src/model/ring.ts";

const angles = Array.from({ length: 720 }, (_, i) => i / 2);

/** Latents on a curve over the angle in radians. */
const on = (curve: (t: number) => readonly [number, number]) =>
  ring(
    {
      type: "float32",
      shape: [angles.length, 2],
      data: Float32Array.from(angles.flatMap((angle) => curve((angle * Math.PI) / 180))),
    },
    angles,
  );

describe("ring", () => {
  it("sees a circle passed once, wherever it lies", () => {
    expect(on((t) => [3 + Math.cos(t), -2 + Math.sin(t)])).toEqual({
      winding: 1,
      monotone: 1,
      bins: 72,
    });
  });

  it("counts turns with their sign", () => {
    expect(on((t) => [Math.cos(t), -Math.sin(t)]).winding).toBe(-1);
    expect(on((t) => [Math.cos(2 * t), Math.sin(2 * t)]).winding).toBe(2);
  });

  it("sees a figure of eight and an arc as no ring", () => {
    expect(on((t) => [Math.sin(t), Math.sin(2 * t)]).winding).toBe(0);
    expect(on((t) => [Math.cos(t), Math.abs(Math.sin(t))]).winding).toBe(0);
  });

  it("counts the steps that go back", () => {
    const wobble = on((t) => [
      Math.cos(t + 0.3 * Math.sin(8 * t)),
      Math.sin(t + 0.3 * Math.sin(8 * t)),
    ]);
    expect(wobble.winding).toBe(1);
    expect(wobble.monotone).toBeGreaterThan(0.5);
    expect(wobble.monotone).toBeLessThan(0.9);
  });

  it("takes any period, passes over empty bins, and says what it cannot use", () => {
    const latents = {
      type: "float32" as const,
      shape: [4, 2],
      data: Float32Array.of(1, 0, 0, 1, -1, 0, 0, -1),
    };
    expect(ring(latents, [0, 0.25, 0.5, -0.25], 1)).toEqual({ winding: 1, monotone: 1, bins: 4 });
    expect(() => ring(latents, [0, 1])).toThrow("expected latents [2, 2] for 2 values, got [4, 2]");
    expect(() => ring(latents, [0, 0, 0, 0])).toThrow(
      "expected values in at least 3 of 72 bins, got 1",
    );
  });
});
