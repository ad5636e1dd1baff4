import { describe, expect, it } from "vitest";
import type { TrainingSettings } from "../../../packages/core/src/model/schedule.ts";
import {
  drawNoise,
  learningRate,
  minibatches,
  priorWeight,
} from "../../../packages/core/src/model/schedule.ts";

const settings: TrainingSettings = {
  steps: 1000,
  batchSize: 10,
  samples: 5,
  learningRate: 0.01,
};

describe("learningRate", () => {
  it("is constant unless told otherwise", () => {
    for (const step of [0, 500, 999]) expect(learningRate(settings, step)).toBe(0.01);
  });

  it("rises over the warm-up and falls along a cosine to its share", () => {
    const shaped = { ...settings, warmUp: 100, finalRate: 0.1 };
    const at = (step: number) => learningRate(shaped, step);
    expect(at(0)).toBeCloseTo(0.0001, 6);
    expect(at(49)).toBeCloseTo(0.005, 4);
    expect(at(500)).toBeCloseTo(0.0055, 6);
    expect(at(1000)).toBeCloseTo(0.001, 6);
    for (let step = 100; step < 1000; step++) expect(at(step)).toBeLessThan(at(step - 1));
  });
});

describe("priorWeight", () => {
  it("is 1 unless it warms up", () => {
    expect(priorWeight(settings, 0)).toBe(1);
    const warm = { ...settings, priorStart: 0.2, priorWarmUp: 100 };
    expect(priorWeight(warm, 0)).toBeCloseTo(0.2);
    expect(priorWeight(warm, 50)).toBeCloseTo(0.6);
    expect(priorWeight(warm, 100)).toBe(1);
  });
});

describe("minibatches", () => {
  it("pass over every row once an epoch, each epoch in another order", () => {
    const batch = minibatches(1, 30, 10);
    const epoch = (e: number) => [0, 1, 2].flatMap((i) => [...batch(3 * e + i)]);
    const all = Array.from({ length: 30 }, (_, i) => i);
    expect(epoch(0).sort((a, b) => a - b)).toEqual(all);
    expect(epoch(1).sort((a, b) => a - b)).toEqual(all);
    expect(epoch(0)).not.toEqual(epoch(1));
  });

  it("are the same from whatever step one begins, and other for another seed", () => {
    const [whole, resumed, other] = [
      minibatches(1, 47, 10),
      minibatches(1, 47, 10),
      minibatches(2, 47, 10),
    ];
    const first = Array.from(whole(0));
    expect(Array.from(resumed(9))).toEqual(Array.from(whole(9)));
    expect(Array.from(whole(0))).toEqual(first);
    expect(Array.from(other(0))).not.toEqual(first);
  });
});

describe("drawNoise", () => {
  const draw = (seed: number, step: number) => {
    const noise = new Float32Array(4000);
    drawNoise(seed, step, noise);
    return noise;
  };

  it("is standard normal, and a function of seed and step", () => {
    const noise = draw(1, 7);
    const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
    const variance = noise.reduce((sum, x) => sum + x * x, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(variance - 1)).toBeLessThan(0.07);
    expect(draw(1, 7)).toEqual(noise);
    expect(draw(1, 8)).not.toEqual(noise);
    expect(draw(2, 7)).not.toEqual(noise);
  });
});
