import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Drawing, readNpy } from "pullback-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readModel } from "../../../packages/pullback/src/files/model-folder.ts";
import { motionText, restPose, skeletonText } from "../../core/format/acclaim.ts";
import { pullback } from "./run.ts";

vi.setConfig({ testTimeout: 180_000 });
const folder = mkdtempSync(join(tmpdir(), "pullback-walk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sixteen trials of three frames, in which both thighs and the head move. */
beforeAll(() => {
  mkdirSync(join(folder, "walk"));
  writeFileSync(join(folder, "walk", "35.asf"), skeletonText);
  for (let trial = 1; trial <= 16; trial++) {
    const poses = [0, 1, 2].map((frame) => {
      const swing = 20 * Math.cos(trial + frame);
      return { ...restPose, lfemur: [swing, 0], rfemur: [-swing, 0], head: [trial, frame, 0] };
    });
    const name = `35_${String(trial).padStart(2, "0")}.amc`;
    writeFileSync(join(folder, "walk", name), motionText(poses));
  }
});

describe("human motion from the command line", () => {
  it("writes its arrays, with what draws them", () => {
    const { status, stdout } = pullback(folder, [
      ...["data", "human-motion", "--data", "walk", "--out", "arrays"],
    ]);
    expect(stdout).toContain("192 observations, 48 held out, of shape [4]");
    expect(status).toBe(0);
    const about = JSON.parse(readFileSync(join(folder, "arrays", "dataset.json"), "utf8"));
    expect(v.parse(Drawing, about.drawing)).toMatchObject({ kind: "skeleton" });
    expect(about).toMatchObject({ value: { name: "gait phase", unit: "°", period: 360 } });
    const { shape } = readNpy(readFileSync(join(folder, "arrays", "values.npy")));
    expect(shape).toEqual([192]);
  });

  it("trains a model whose folder can be drawn without the files", async () => {
    const { status, stderr } = pullback(folder, [
      ...["train", "human-motion", "--data", "walk", "--out", "model"],
      ...["--steps", "3", "--threads", "1"],
    ]);
    expect(stderr).not.toContain("unexpected");
    expect(status).toBe(0);
    const { description, decoder, values } = await readModel(join(folder, "model"));
    expect(description).toMatchObject({ name: "human-motion", dataDimension: 4, preset: "quick" });
    expect(description.drawing).toMatchObject({ kind: "skeleton" });
    expect(description.scaling?.scale).toHaveLength(4);
    expect(decoder.dataDimension).toBe(4);
    expect(values?.shape).toEqual([192]);
  });

  it("says what is missing, and where it comes from", () => {
    const { status, stderr } = pullback(folder, ["data", "human-motion", "--out", "nothing"]);
    expect(status).toBe(1);
    expect(stderr).toContain("expected --data with a folder of 35.asf and 35_01.amc to 35_16.amc");
    expect(stderr).toContain("mocap.cs.cmu.edu");
  });
});
