import { programCache } from "pullback-core";
import { afterAll, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import type { Part, PartContext } from "../../../packages/pullback/src/experiments/experiment.ts";
import { mnist } from "../../../packages/pullback/src/experiments/mnist.ts";
import { findings } from "../../../packages/pullback/src/report/findings.ts";
import { description, pairs, result, subject } from "../report/example.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const watch = { signal: new AbortController().signal, progress: () => ({ update() {}, end() {} }) };

test("counts classes and the highest magnification along both kinds of curve", async () => {
  const cache = programCache(engine);
  // Left and right of the middle are two classes.
  const labels = Array.from({ length: 60 }, (_, i) =>
    Number((subject.latents[2 * i] as number) > 0),
  );
  const digits = {
    ...subject,
    labels,
    values: undefined,
    description: { ...description, value: undefined },
  };
  const found = await findings({ cache, subject: digits, pairs, result, seed: 1, grid: 4 });
  const part = mnist.parts.find(({ name }) => name === "classes") as Part;
  const { numbers = [], key } = await part.run({
    cache,
    findings: found,
    watch,
  } as unknown as PartContext);
  const number = (name: string) => numbers.find((each) => each.name.startsWith(name))?.ours;
  // On the torus geodesics are straight, so both kinds agree, between one class and two.
  const classes = number("classes crossed by a geodesic, mean") as number;
  expect(classes).toBe(number("classes crossed by a straight line, mean"));
  expect(classes).toBeGreaterThan(1);
  expect(classes).toBeLessThanOrEqual(2);
  expect(number("highest magnification on a geodesic")).toBeCloseTo(1, 5);
  expect(number("highest magnification on a straight line")).toBeCloseTo(1, 5);
  expect(key?.[0]?.value).toBe(`${classes.toFixed(1)} and ${classes.toFixed(1)}`);
});
