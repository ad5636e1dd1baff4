import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { graph, input, mul, programCache, random, slice, tensor } from "pullback-core";
import { afterAll, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import type { PartContext } from "../../../packages/pullback/src/experiments/experiment.ts";
import { separation } from "../../../packages/pullback/src/experiments/parts/separation.ts";
import { stability } from "../../../packages/pullback/src/experiments/parts/stability.ts";
import { writeModel } from "../../../packages/pullback/src/files/model-folder.ts";
import { serverDocument } from "../../../packages/pullback/src/report/document.ts";
import { description, subject } from "../report/example.ts";

const engine = nativeEngine({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), "pullback-retraining-"));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await engine.dispose();
});

/** The torus with an encoder that reads the first two of four numbers, stretched. */
async function model(name: string, stretch: number) {
  const x = input("x", "float32", ["n", 4]);
  const mean = mul(slice(x, 1, 0, 2), stretch);
  const path = join(folder, name);
  mkdirSync(path);
  await writeModel(path, {
    description: { ...description, value: undefined },
    decoder: subject.decoder.graph,
    encoder: graph([x], { mean, variance: mean }),
    latents: tensor("float32", [subject.latents.length / 2, 2], subject.latents),
    training: "",
  });
  return { ...subject, folder: path };
}

const { normal } = random(2, "held out");
const heldOut = tensor(
  "float32",
  [60, 4],
  Float32Array.from({ length: 240 }, () => 0.4 * normal()),
);
const context = {
  cache: programCache(engine),
  document: serverDocument(),
  findings: { subject, seed: 1 },
  watch: { signal: new AbortController().signal, progress: () => ({ update() {}, end() {} }) },
};

test("distances that every model doubles alike vary, and do not once they are scaled", async () => {
  const models = await Promise.all(
    [1, 2, 1, 2, 1].map((stretch, i) => model(`model-${i}`, stretch)),
  );
  const { numbers = [], section } = await stability.run({
    ...context,
    seeds: 2,
    dataset: async () => ({ heldOut }),
    models: async (count: number) => models.slice(0, count),
  } as unknown as PartContext);
  // 1, 2, 1, 2, 1 has the mean 1.4 and the standard deviation sqrt(0.3).
  const variation = Math.sqrt(0.3) / 1.4;
  expect(numbers[0]?.ours).toBeCloseTo(variation, 2);
  expect(numbers[1]?.ours).toBeCloseTo(variation, 5);
  expect(numbers[2]?.ours).toBeCloseTo(0, 2);
  expect(numbers[3]?.ours).toBeCloseTo(0, 5);
  expect(section?.plates?.[0]?.svg).toContain("<svg");
});

test("one model alone says nothing of retraining", async () => {
  expect(await stability.run({ ...context, seeds: 1 } as unknown as PartContext)).toEqual({
    // Nothing at all.
  });
});

test("on a flat torus both distances separate classes alike", async () => {
  const one = await model("separated", 1);
  const labels = BigInt64Array.from({ length: 60 }, (_, i) =>
    BigInt(Number((heldOut.data[4 * i] as number) > 0)),
  );
  const { numbers = [] } = await separation.run({
    ...context,
    dataset: async () => ({ heldOut, heldOutLabels: tensor("int64", [60], labels) }),
    models: async () => [one],
  } as unknown as PartContext);
  const [geodesic, euclidean, silhouette, flat] = numbers.map(({ ours }) => ours);
  expect(geodesic).toBeGreaterThan(0.85);
  expect(Math.abs((geodesic as number) - (euclidean as number))).toBeLessThan(0.05);
  expect(silhouette).toBeCloseTo(flat as number, 2);
});
