import type { Tensor } from "pullback-core";
import { random, writeOnnx } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../../packages/core/src/model/checkpoint.ts";
import { decoderGraph } from "../../../packages/core/src/model/export.ts";
import type { TrainingSettings } from "../../../packages/core/src/model/schedule.ts";
import type { TrainOptions } from "../../../packages/core/src/model/train.ts";
import { train } from "../../../packages/core/src/model/train.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 2 });
afterAll(() => engine.dispose());

/** A noisy circle, bent into five dimensions. */
function circle(rows: number): Tensor<"float32"> {
  const { uniform, normal } = random(1, "circle");
  const data = new Float32Array(rows * 5);
  for (let i = 0; i < rows; i++) {
    const t = 2 * Math.PI * uniform();
    [Math.cos(t), Math.sin(t), Math.cos(2 * t), Math.sin(2 * t), 1].forEach((value, j) => {
      data[i * 5 + j] = 1 + 0.5 * value + 0.05 * normal();
    });
  }
  return { type: "float32", shape: [rows, 5], data };
}

const spec = tiny({
  encoder: { widths: [16], activation: "tanh" },
  decoder: { kind: "dense", widths: [16], activation: "tanh" },
});
const data = circle(200);
const settings: TrainingSettings = {
  steps: 60,
  batchSize: 20,
  samples: 4,
  learningRate: 0.01,
  warmUp: 10,
  finalRate: 0.1,
  priorStart: 0.1,
  priorWarmUp: 20,
};
const identity = { seed: 1 };
const run = (over: Partial<TrainOptions> = {}) =>
  train({ engine, spec, settings, seed: 1, data, ...over });
const decoderBytes = (parameters: Float32Array) =>
  Buffer.from(writeOnnx(decoderGraph(spec, parameters))).toString("base64");

describe("train", () => {
  it("raises the bound and lowers sigma", async () => {
    const state = await run({ settings: { ...settings, steps: 600 } });
    const [early, late] = [state.records[20], state.records.at(-1)];
    expect(late?.bound).toBeGreaterThan((early?.bound as number) + 3);
    expect(late?.sigma).toBeLessThan(0.5);
    expect(late?.step).toBe(600);
  });

  it("gives the same bytes for the same seed, others for another", async () => {
    const [a, b, c] = [await run(), await run(), await run({ seed: 2 })];
    expect(decoderBytes(a.parameters)).toBe(decoderBytes(b.parameters));
    expect(decoderBytes(a.parameters)).not.toBe(decoderBytes(c.parameters));
  });

  it.each([1, 17, 40])("goes on from a checkpoint of step %i to the same bytes", async (every) => {
    const whole = await run();
    let saved = new Uint8Array();
    const controller = new AbortController();
    const stopped = await run({
      signal: controller.signal,
      checkpointEvery: every,
      onCheckpoint: async (state) => {
        saved = Uint8Array.from(writeCheckpoint(state, identity));
        controller.abort();
      },
    });
    expect(stopped.step).toBe(every);
    const resumed = await run({ from: readCheckpoint(saved, identity) });
    expect(decoderBytes(resumed.parameters)).toBe(decoderBytes(whole.parameters));
    expect(resumed.bound).toBe(whole.bound);
    expect(resumed.records.map(({ step, bound }) => [step, bound])).toEqual(
      whole.records.map(({ step, bound }) => [step, bound]),
    );
  });

  it("tells how far it is", async () => {
    let time = 0;
    const seen: number[] = [];
    await run({
      clock: () => {
        time += 1;
        return time;
      },
      onProgress: ({ step, steps, stepsPerSecond, secondsLeft }) => {
        expect(stepsPerSecond).toBeGreaterThan(0);
        expect(secondsLeft).toBeCloseTo((steps - step) / stepsPerSecond, 6);
        seen.push(step);
      },
    });
    expect(seen.at(-1)).toBe(60);
  });

  it("stops at a bound that is not a number, with step and cause, and leaves the checkpoint", async () => {
    let kept = 0;
    const attempt = run({
      settings: { ...settings, learningRate: 1e20, warmUp: 0 },
      checkpointEvery: 1,
      onCheckpoint: async (state) => {
        kept = state.step;
        expect(state.parameters.every(Number.isFinite)).toBe(true);
      },
    });
    await expect(attempt).rejects.toThrow(
      /^train: step \d+: the (bound|gradient).* is .*learning rate/,
    );
    expect(kept).toBeGreaterThan(0);
  });

  it("names what is wrong with its data", async () => {
    await expect(
      run({ data: { type: "float32", shape: [2, 3], data: new Float32Array(6) } }),
    ).rejects.toThrow("train: expected data [N, 5], got [2, 3]");
    const broken = { ...data, data: data.data.slice() };
    broken.data[13] = Number.NaN;
    await expect(run({ data: broken })).rejects.toThrow(
      "train: data: expected finite numbers, got NaN at row 2, column 3",
    );
    await expect(run({ spec: tiny({ likelihood: "bernoulli", mean: "sigmoid" }) })).rejects.toThrow(
      /expected numbers from 0 to 1 for a Bernoulli likelihood, got/,
    );
  });
});
