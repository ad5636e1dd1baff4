import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { boneEnds, Drawing, rawUnits, ring, tensor } from "pullback-core";
import * as v from "valibot";
import { afterAll, describe, expect, test } from "vitest";
import { gaitPhase } from "../../../packages/pullback/src/datasets/gait-phase.ts";
import {
  loadDataset,
  motionFrames,
  motionNoise,
} from "../../../packages/pullback/src/datasets/index.ts";
import type { Pose } from "../../core/format/acclaim.ts";
import { motionText, restPose, skeletonText } from "../../core/format/acclaim.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-motion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const framesPerTrial = 60;

/** A trial that swings its legs once in 30 frames; its head and root turn, and nothing else does. */
const trial = (number: number): Pose[] =>
  Array.from({ length: framesPerTrial }, (_, frame) => {
    const swing = Math.cos((2 * Math.PI * frame) / 30);
    const rest = { ...restPose, rtibia: [7], ltibia: [1e-12 * frame] };
    return {
      ...rest,
      root: [frame, 18, 0, 1, 2, 3],
      lfemur: [20 * swing + number / 100, 0],
      rfemur: [-20 * swing, 0],
      head: [frame, number, 0],
    };
  });

const nameOf = (number: number): string => `35_${String(number).padStart(2, "0")}.amc`;

describe("a folder of a skeleton and sixteen trials", () => {
  test("without it, or without some of its files, one is told what and where from", async () => {
    await expect(loadDataset("human-motion")).rejects.toThrow(
      "human-motion: expected --data with a folder of 35.asf and 35_01.amc to 35_16.amc, or their .gz, got nothing; they are subject 35 of the CMU Graphics Lab Motion Capture Database, mocap.cs.cmu.edu",
    );
    await expect(loadDataset("human-motion", { data: join(folder, "none") })).rejects.toThrow(
      "found no 35.asf and 16 more are missing; they are subject 35",
    );
    writeFileSync(join(folder, "35.asf"), skeletonText);
    for (let number = 1; number <= 16; number++) {
      if (number === 7) continue;
      const text = motionText(trial(number));
      // Plain and compressed, side by side.
      if (number % 2) writeFileSync(join(folder, nameOf(number)), text);
      else writeFileSync(join(folder, `${nameOf(number)}.gz`), gzipSync(text));
    }
    await expect(loadDataset("human-motion", { data: folder })).rejects.toThrow(
      `in ${folder}, found no 35_07.amc; they are`,
    );
  });

  test("a malformed file is named, with its line", async () => {
    writeFileSync(
      join(folder, nameOf(7)),
      motionText(trial(7)).replace("rfemur -20 ", "rfemur x "),
    );
    await expect(loadDataset("human-motion", { data: folder })).rejects.toThrow(
      `${join(folder, nameOf(7))}: amc: line 7: expected 2 numbers for rfemur, got x 0`,
    );
    writeFileSync(join(folder, nameOf(7)), motionText(trial(7)));
  });

  test("leaves out the root and what never moves, and scales the rest", async () => {
    const { frames, scaling, drawing } = await motionFrames(folder);
    expect(frames.shape).toEqual([16 * framesPerTrial, 4]);
    for (let column = 0; column < 4; column++) {
      const values = frames.data.filter((_, i) => i % 4 === column);
      expect(Math.min(...values)).toBeCloseTo(0.1, 12);
      expect(Math.max(...values)).toBeCloseTo(0.9, 12);
    }
    // Back in degrees, frame 3 of trial 5 is what was written.
    const row = 4 * framesPerTrial + 2;
    const raw = rawUnits(frames.data.subarray(4 * row, 4 * row + 4), scaling);
    const [pose] = trial(5).slice(2) as [Pose];
    const expected = [2, 5, pose.lfemur?.[0], pose.rfemur?.[0]];
    raw.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 9);
    });
    // The drawing holds what the rows lack: the stiff knee, the turned root.
    expect(v.parse(Drawing, drawing)).toEqual(drawing);
    if (drawing.kind !== "skeleton") throw new Error("expected a skeleton");
    const shin = drawing.bones.find(({ name }) => name === "rtibia");
    expect(shin?.turns).toEqual([{ about: "y", degrees: expect.closeTo(7, 9) }]);
    expect(drawing.bones[0]?.turns?.map((turn) => "degrees" in turn && turn.degrees)).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(2, 9),
      expect.closeTo(3, 9),
    ]);
    expect(drawing.bones.find(({ name }) => name === "ltibia")?.turns).toBeUndefined();
    expect(boneEnds(drawing.bones, raw)).toHaveLength(3 * 7);
  });

  test("nothing that moves is refused", async () => {
    const still = mkdtempSync(join(tmpdir(), "pullback-motion-"));
    writeFileSync(join(still, "35.asf"), skeletonText);
    for (let number = 1; number <= 16; number++)
      writeFileSync(join(still, nameOf(number)), motionText([restPose, restPose]));
    await expect(motionFrames(still)).rejects.toThrow("expected joints that move, found none");
    rmSync(still, { recursive: true });
  });
});

describe("the gait phase", () => {
  const swing = (start: number, frames = 130): Float64Array =>
    Float64Array.from(
      { length: frames },
      (_, i) => 30 * Math.cos((2 * Math.PI * i) / 130 + start) - 4,
    );

  test("of a pendulum is its angle: 0 where it is greatest, growing with time", () => {
    const phases = gaitPhase([swing(0, 520)]);
    for (let i = 20; i < 500; i++) {
      const wrapped = ((phases[i] as number) - (360 * i) / 130 + 540) % 360;
      expect(Math.abs(((wrapped + 360) % 360) - 180)).toBeLessThan(1.5);
    }
    expect(phases.every((phase) => phase >= 0 && phase < 360)).toBe(true);
  });

  test("is the same for a trial wherever it stands among others", () => {
    const [a, b] = [swing(0, 260), swing(2, 390)];
    const together = gaitPhase([a, b]);
    const turned = gaitPhase([b, a]);
    together.subarray(0, 260).forEach((phase, i) => {
      expect(phase).toBeCloseTo(turned[390 + i] as number, 9);
    });
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/cmu35", import.meta.url));
const absent = existsSync(shared) ? "" : "no ../shared/data/cmu35 here";

describe("subject 35", () => {
  test("has 26,464 rows of 50 numbers: every frame four times, each with noise of its own", async ({
    skip,
  }) => {
    skip(absent !== "", absent);
    const { frames } = await motionFrames(shared);
    const data = await loadDataset("human-motion", { data: shared });
    expect(frames.shape).toEqual([6616, 50]);
    expect(data.observations.shape).toEqual([26_464, 50]);
    expect(data.heldOut.shape).toEqual([1000, 50]);
    expect(data.clean).toEqual(frames);
    const size = 6616 * 50;
    let [squares, products] = [0, 0];
    for (let i = 0; i < size; i++) {
      const noise = (copy: number): number =>
        (data.observations.data[copy * size + i] as number) - (frames.data[i] as number);
      squares += noise(0) ** 2;
      products += noise(1) * noise(2);
    }
    expect(Math.sqrt(squares / size)).toBeCloseTo(motionNoise, 3);
    // Independent from copy to copy: the mean product of 330,800 pairs has a deviation of 1.6e-6.
    expect(Math.abs(products / size)).toBeLessThan(1e-5);
  });

  test("is the same for the same seed, another for another", async ({ skip }) => {
    skip(absent !== "", absent);
    const [one, again, two] = await Promise.all(
      [1, 1, 2].map((seed) => loadDataset("human-motion", { data: shared, seed })),
    );
    const bytes = (dataset: typeof one): Buffer =>
      Buffer.from(dataset?.observations.data.buffer as ArrayBuffer);
    expect(bytes(again).equals(bytes(one))).toBe(true);
    expect(two?.observations.data[0]).not.toBe(one?.observations.data[0]);
    expect(two?.heldOut.data[0]).not.toBe(one?.heldOut.data[0]);
  });

  test("has a phase that goes round with its steps", async ({ skip }) => {
    skip(absent !== "", absent);
    const { frames, drawing, scaling, phases } = await motionFrames(shared);
    if (drawing.kind !== "skeleton" || !phases) throw new Error("expected a skeleton with thighs");
    const { bones } = drawing;
    const ahead = (foot: string, row: number): number => {
      const pose = rawUnits(frames.data.subarray(50 * row, 50 * row + 50), scaling);
      return boneEnds(bones, pose)[3 * bones.findIndex(({ name }) => name === foot) + 2] as number;
    };
    let [right, left] = [0, 0];
    phases.forEach((phase, row) => {
      // A twelfth of the cycle around either end: one foot is ahead by a long step, then the other.
      if (phase < 15 || phase > 345)
        right += Number(ahead("rfoot", row) - ahead("lfoot", row) > 0.3);
      if (Math.abs(phase - 180) < 15)
        left += Number(ahead("lfoot", row) - ahead("rfoot", row) > 0.3);
    });
    const near = (centre: number): number =>
      phases.filter((phase) => Math.abs(((phase - centre + 540) % 360) - 180) < 15).length;
    expect(right / near(0)).toBeGreaterThan(0.97);
    expect(left / near(180)).toBeGreaterThan(0.97);
    // The two thighs, seen as a plane of their own, make one ring.
    const turns = (name: string): number => {
      const turn = bones.find((bone) => bone.name === name)?.turns?.[0];
      return turn && "column" in turn ? turn.column : -1;
    };
    const columns = [turns("lfemur"), turns("ltibia")];
    const plane = Float32Array.from({ length: 2 * 6616 }, (_, i) => {
      return frames.data[(i >> 1) * 50 + (columns[i & 1] as number)] as number;
    });
    const { winding, bins } = ring(tensor("float32", [6616, 2], plane), phases);
    expect(Math.abs(winding)).toBe(1);
    expect(bins).toBe(72);
  });

  test("keeps model.json small", async ({ skip }) => {
    skip(absent !== "", absent);
    const { drawing, scaling } = await motionFrames(shared);
    expect(JSON.stringify({ drawing, scaling }).length).toBeLessThan(10_000);
    const bones = drawing.kind === "skeleton" ? drawing.bones : [];
    const fingers = bones.find(({ name }) => name === "lfingers");
    expect(fingers?.turns).toEqual([{ about: "x", degrees: expect.closeTo(7.12502, 9) }]);
  });
});
