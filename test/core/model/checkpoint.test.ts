import { describe, expect, it } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../../packages/core/src/model/checkpoint.ts";
import type { TrainingState } from "../../../packages/core/src/model/train.ts";
import { draws } from "./tiny.ts";

const state: TrainingState = {
  step: 7,
  bound: -1.25,
  seconds: 3.5,
  parameters: draws(1, 11),
  first: draws(2, 11),
  second: draws(3, 11),
  records: [
    { step: 5, bound: -2, sigma: Number.NaN, seconds: 1, learningRate: 1e-3 },
    { step: 7, bound: -1.25, sigma: 0.5, seconds: 3.5, learningRate: 1e-4 },
  ],
};
const identity = { seed: 1, batchSize: 20, data: "a1b2" };
const bytes = writeCheckpoint(state, identity);

describe("a checkpoint", () => {
  it("gives back what was written", () => {
    expect(readCheckpoint(bytes, identity)).toEqual(state);
  });

  it("reads from the middle of a larger buffer", () => {
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readCheckpoint(larger.subarray(3), identity)).toEqual(state);
    // A Buffer of Node shares its memory where a plain array copies.
    expect(readCheckpoint(Buffer.from(larger).subarray(3), identity)).toEqual(state);
  });

  it("refuses every truncation", () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readCheckpoint(bytes.slice(0, length), identity)).toThrow(
        "checkpoint: expected",
      );
  });

  it("refuses a changed byte, wherever it is", () => {
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] as number) ^ 0x10;
      expect(() => readCheckpoint(changed, identity)).toThrow("checkpoint: expected");
    }
  });

  it("refuses another training, and names the difference", () => {
    expect(() => readCheckpoint(bytes, { ...identity, batchSize: 64 })).toThrow(
      "checkpoint: expected a training with batchSize 64, got one with 20",
    );
  });
});
