import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelDescription } from "pullback-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import type { Experiment } from "../../../packages/pullback/src/experiments/experiment.ts";
import { overview } from "../../../packages/pullback/src/experiments/overview.ts";
import { pendulum } from "../../../packages/pullback/src/experiments/pendulum.ts";
import type { RunOptions } from "../../../packages/pullback/src/experiments/run.ts";
import { runExperiment } from "../../../packages/pullback/src/experiments/run.ts";
import { torusFolder } from "../report/folder.ts";

const engine = nativeEngine({ threads: 1 });
let out = "";
const folders: string[] = [];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "pullback-run-"));
  folders.push(out);
});
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await engine.dispose();
});

const about: Partial<ModelDescription> = { name: "pendulum", preset: "quick", seed: 1 };
const silent = {
  signal: new AbortController().signal,
  progress: () => ({ update() {}, end() {} }),
};

/** Without the paper's solver, which takes its time, and without what needs an encoder. */
const quick: Experiment = {
  ...pendulum,
  parts: pendulum.parts.filter(({ name }) => !["both solvers", "retraining"].includes(name)),
};

/** A run whose training writes the torus and is counted. */
function run(change: Partial<RunOptions> = {}) {
  const trained: boolean[] = [];
  const notes: string[] = [];
  const outcome = runExperiment(
    quick,
    {
      ...{ out, preset: "quick", seed: 1, pairs: 3, overwrite: false, engine },
      train: async (folder, seed, replace) => {
        trained.push(replace);
        await torusFolder(folder, ".", { ...about, preset: change.preset ?? "quick", seed });
      },
      dataset: () => Promise.reject(new Error("no part of the pendulum asks for the data")),
      note: (line) => notes.push(line),
      ...change,
    },
    silent,
  );
  return { outcome, trained, notes };
}

describe("an experiment", () => {
  test("writes page, numbers and figures", async () => {
    const { outcome, trained } = run();
    await outcome;
    expect(trained).toEqual([false]);
    expect(readdirSync(out).sort()).toEqual(
      [
        ...["index.html", "model", "numbers.json"],
        ...[
          ...["map", "strip", "length-value", "lengths", "training"],
          ...["smoothing", "map-smoothed", "length-value-smoothed", "map-expected"],
        ].flatMap((name) => [`${name}.png`, `${name}.svg`]),
      ].sort(),
    );
    const { experiment, pairs, numbers } = JSON.parse(
      readFileSync(join(out, "numbers.json"), "utf8"),
    );
    expect([experiment, pairs]).toEqual(["pendulum", 3]);
    const ratio = numbers.find(({ name }: { name: string }) => name.startsWith("mean geodesic /"));
    expect(ratio).toMatchObject({ paper: 0.389, ruler: "G" });
    // On the torus geodesics are straight.
    expect(ratio.ours).toBeCloseTo(1, 3);
  });

  test("its page says where it differs from the paper", async () => {
    await run().outcome;
    const page = readFileSync(join(out, "index.html"), "utf8");
    expect(page).toContain("a λ and a rank that it does not state");
    expect(page).not.toMatch(/undefined|NaN/);
  });

  test("trains a model for each seed, and tells the spread of what each of them says", async () => {
    const { outcome, trained } = run({ seeds: 3 });
    const { numbers } = await outcome;
    expect(trained).toEqual([false, false, false]);
    const named = (name: string) => numbers.numbers.find((each) => each.name === name);
    const ratio = named("mean geodesic / mean straight line");
    expect(ratio?.seeds?.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    for (const { ours } of ratio?.seeds ?? []) expect(ours).toBeCloseTo(1, 3);
    // Only the first model is looked at in other metrics.
    expect(named("mean geodesic / mean straight line, smoothed")).not.toHaveProperty("seeds");
    expect(existsSync(join(out, "model-3", "model.json"))).toBe(true);
  });

  test("lengths in the smoothed metric are those of its closed form", async () => {
    const { numbers } = await run().outcome;
    const ours = (name: string) =>
      numbers.numbers.find((each) => each.name.startsWith(name))?.ours as number;
    // G is the identity, so every lambda only scales it, and straight lines stay shortest.
    expect(ours("mean geodesic / mean straight line, smoothed")).toBeLessThan(1.01);
    const along = "mean path along the data / mean straight line";
    // The codes are drawn at random, so the path is a zigzag whose corners are cut a little.
    expect(ours(`${along}, smoothed`) / ours(along)).toBeCloseTo(1, 1);
  });

  test("uses the model again that fits", async () => {
    await run().outcome;
    const again = run({ overwrite: true });
    await again.outcome;
    expect(again.trained).toEqual([]);
    expect(again.notes[0]).toContain("using the model in");
  });

  test("refuses a model of another preset, and replaces it where told", async () => {
    await run().outcome;
    rmSync(join(out, "index.html"));
    for (const file of readdirSync(out))
      if (/\.(svg|png|json)$/.test(file)) rmSync(join(out, file));
    await expect(run({ preset: "paper" }).outcome).rejects.toThrow(
      "expected a model of pendulum, preset paper",
    );
    const replaced = run({ preset: "paper", overwrite: true });
    await replaced.outcome;
    expect(replaced.trained).toEqual([true]);
  });

  test("refuses before the work what exists", async () => {
    writeFileSync(join(out, "map.svg"), "mine");
    const { outcome, trained } = run();
    await expect(outcome).rejects.toThrow("map.svg");
    expect(trained).toEqual([]);
    expect(existsSync(join(out, "index.html"))).toBe(false);
  });

  test("several have a page that leads to theirs", async () => {
    const { key } = await run().outcome;
    const map = readFileSync(join(out, "map.svg"), "utf8");
    const page = overview([{ experiment: quick, key, map }]);
    expect(page).toContain('href="pendulum/index.html"');
    expect(page).toContain("geodesic over mean straight line in G");
  });
});
