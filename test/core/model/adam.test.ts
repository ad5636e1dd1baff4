import { describe, expect, it } from "vitest";
import { adam, gradientNorm } from "../../../packages/core/src/model/adam.ts";
import { draws } from "./tiny.ts";

describe("adam", () => {
  it("follows Algorithm 1 of Kingma and Ba, step by step", () => {
    const n = 7;
    const state = {
      parameters: draws(1, n),
      first: new Float32Array(n),
      second: new Float32Array(n),
    };
    const theta = Array.from(state.parameters);
    const m = new Array<number>(n).fill(0);
    const v = new Array<number>(n).fill(0);
    const [alpha, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
    for (let t = 1; t <= 20; t++) {
      const g = draws(t, n);
      adam(state, g, { step: t, learningRate: alpha });
      for (let i = 0; i < n; i++) {
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * (g[i] as number);
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * (g[i] as number) ** 2;
        const mHat = (m[i] as number) / (1 - beta1 ** t);
        const vHat = (v[i] as number) / (1 - beta2 ** t);
        theta[i] = (theta[i] as number) - (alpha * mHat) / (Math.sqrt(vHat) + epsilon);
      }
    }
    theta.forEach((value, i) => {
      expect(state.parameters[i]).toBeCloseTo(value, 5);
    });
  });

  it("moves every parameter by the learning rate at first, whatever the gradient's size", () => {
    const state = {
      parameters: new Float32Array(2),
      first: new Float32Array(2),
      second: new Float32Array(2),
    };
    adam(state, Float32Array.of(1e-3, -1e3), { step: 1, learningRate: 0.5 });
    expect(state.parameters[0]).toBeCloseTo(-0.5, 4);
    expect(state.parameters[1]).toBeCloseTo(0.5, 4);
  });

  it("scales the gradient as if it had come scaled", () => {
    const fresh = () => ({
      parameters: new Float32Array(5),
      first: new Float32Array(5),
      second: new Float32Array(5),
    });
    const [a, b] = [fresh(), fresh()];
    const g = draws(3, 5);
    adam(a, g, { step: 1, learningRate: 0.1, scale: 0.25 });
    adam(
      b,
      g.map((value) => 0.25 * value),
      { step: 1, learningRate: 0.1 },
    );
    expect(a.second).toEqual(b.second);
    expect(a.first).toEqual(b.first);
  });
});

describe("gradientNorm", () => {
  it.each([0, 1, 3, 4, 9])("is the Euclidean norm of %i elements", (n) => {
    const g = draws(n, n);
    expect(gradientNorm(g)).toBeCloseTo(Math.hypot(...g), 6);
  });

  it("is not finite where an element is not", () => {
    expect(gradientNorm(Float32Array.of(1, Number.NaN))).toBeNaN();
    expect(gradientNorm(Float32Array.of(1, -Infinity, 2, 3, 4))).toBe(Infinity);
  });
});
