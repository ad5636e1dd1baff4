import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ModelDescription, random, readCsv, readNpy, writeCsv } from "pullback-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { datasetNames } from "../../../packages/pullback/src/datasets/index.ts";
import { pullback } from "./run.ts";

const bin = fileURLToPath(new URL("../../../packages/pullback/bin/pullback.mjs", import.meta.url));
// Several trainings in processes of their own, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000 });
const folder = mkdtempSync(join(tmpdir(), "pullback-train-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const steps = 120;
const args = (out: string, ...more: readonly string[]) => [
  ...["train", "table", "--data", "circle.csv", "--out", out, "--steps", `${steps}`],
  ...["--threads", "1", "--checkpoint-every", "20", ...more],
];
const bytes = (out: string) => readFileSync(join(folder, out, "decoder.onnx")).toString("base64");
const checkpoint = (out: string) => join(folder, `${out}.partial`, "checkpoint", "state.bin");

/** Starts a training and ends it with a signal once `ready` says so. */
async function stopped(
  out: string,
  signal: NodeJS.Signals,
  ready: () => boolean,
  delay: number,
): Promise<{ readonly status: number | null; readonly by: string | null; readonly said: string }> {
  const child = spawn(process.execPath, [bin, ...args(out)], { cwd: folder });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  const ended = new Promise<[number | null, string | null]>((resolve) => {
    child.on("close", (status, by) => resolve([status, by]));
  });
  while (!ready() && child.exitCode === null) await pause(5);
  await pause(delay);
  child.kill(signal);
  const [status, by] = await ended;
  return { status, by, said };
}

beforeAll(() => {
  const { uniform, normal } = random(1, "circle");
  const rows = Array.from({ length: 60 }, () => {
    const t = 2 * Math.PI * uniform();
    return [3 * Math.cos(t), Math.sin(t), 10 * Math.cos(2 * t)].map((x) => x + 0.1 * normal());
  });
  writeFileSync(join(folder, "circle.csv"), writeCsv(rows, ["a", "b", "c"]));
  const { status, stdout, stderr } = pullback(folder, args("whole"));
  expect(stderr).not.toContain("unexpected");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /bound +-?\d+\.\d\d nats\nsigma +0\.\d{4}\nheld out +-?\d+\.\d\d ± \d+\.\d\d nats \(6 observations, 1000 samples each\)/,
  );
}, 120_000);

describe("pullback train", () => {
  it("writes a whole model folder and nothing beside it", () => {
    expect(readdirSync(join(folder, "whole")).sort()).toEqual(
      ["decoder.onnx", "encoder.onnx", "latents.npy", "model.json", "training.csv"].sort(),
    );
    expect(readdirSync(folder).sort()).toEqual(["circle.csv", "whole"]);
    const text = readFileSync(join(folder, "whole", "model.json"), "utf8");
    const description = v.parse(ModelDescription, JSON.parse(text));
    expect(description).toMatchObject({ name: "circle", latentDimension: 2, dataDimension: 3 });
    expect(description.training).toMatchObject({ steps, heldOut: { observations: 6 } });
    expect(readNpy(readFileSync(join(folder, "whole", "latents.npy"))).shape).toEqual([54, 2]);
    const { header, values } = readCsv(readFileSync(join(folder, "whole", "training.csv"), "utf8"));
    expect(header).toEqual(["step", "bound", "sigma", "seconds", "learningRate"]);
    expect(values.data[values.data.length - 5]).toBe(steps);
  });

  it.each([
    ["before its first checkpoint", (out: string) => existsSync(`${join(folder, out)}.partial`), 0],
    ["after a checkpoint", (out: string) => existsSync(checkpoint(out)), 1],
    ["some steps later", (out: string) => existsSync(checkpoint(out)), 90],
  ] as const)("killed %s and resumed, gives the same bytes", async (name, ready, delay) => {
    const out = name.replaceAll(" ", "-");
    const { by } = await stopped(out, "SIGKILL", () => ready(out), delay);
    expect(by).toBe("SIGKILL");
    expect(existsSync(join(folder, out))).toBe(false);
    expect(pullback(folder, args(out, "--resume")).status).toBe(0);
    expect(bytes(out)).toBe(bytes("whole"));
    expect(existsSync(`${join(folder, out)}.partial`)).toBe(false);
  });

  it("keeps a checkpoint on Ctrl-C, says how to go on, and refuses what does not fit it", async () => {
    const { status, said } = await stopped(
      "asked",
      "SIGINT",
      () => existsSync(checkpoint("asked")),
      1,
    );
    expect(status).toBe(130);
    expect(said).toMatch(/^stopped at step \d+ of 120; .*--resume goes on from asked\.partial/);

    const again = pullback(folder, args("asked"));
    expect(again.status).toBe(1);
    expect(again.stderr).toContain(
      "asked.partial holds an unfinished training; --resume goes on with it, --overwrite starts again",
    );
    const other = pullback(folder, args("asked", "--resume", "--seed", "2"));
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(
      /state\.bin: checkpoint: expected a training with .*, got one with/,
    );

    const whole = readFileSync(checkpoint("asked"));
    writeFileSync(checkpoint("asked"), whole.subarray(0, 1000));
    const broken = pullback(folder, args("asked", "--resume"));
    expect(broken.status).toBe(1);
    expect(broken.stderr).toContain("checkpoint: expected a whole file, got 1000 bytes");

    writeFileSync(checkpoint("asked"), whole);
    expect(pullback(folder, args("asked", "--resume")).status).toBe(0);
    expect(bytes("asked")).toBe(bytes("whole"));
  });

  it("refuses a folder that exists, an unknown dataset and a wrong number", () => {
    const exists = pullback(folder, args("whole"));
    expect(exists.status).toBe(1);
    expect(exists.stderr).toContain("whole: it exists; --overwrite replaces it");
    const unknown = pullback(folder, ["train", "penduluum", "--out", "x"]);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain(`expected one of ${datasetNames.join(", ")}`);
    const wrong = pullback(folder, args("x", "--steps", "0"));
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("--steps: expected a whole number of at least 1");
    expect(readdirSync(folder)).not.toContain("x");
  });
});
