/** The interpreter against ONNX Runtime: every operator and its derivatives, in both precisions. */
import fc from "fast-check";
import { type FloatType, type Tensors, tensorFrom, toNumbers } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import type { Plain } from "../../reference/array.ts";
import { interpret } from "../../reference/interpreter.ts";
import { flat, smooth } from "./cases.ts";
import { tower } from "./tower.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const tolerances: Record<FloatType, number> = { float32: 2e-5, float64: 1e-12 };

describe.each([...smooth, ...flat])("%s", (_, instances) => {
  it.each(["float32", "float64"] as const)("is what ONNX Runtime computes in %s", async (float) => {
    await fc.assert(
      fc.asyncProperty(instances, fc.nat(), async (instance, seed) => {
        const { graph, numbers } = tower(instance, float, seed);
        const inputs: Tensors = Object.fromEntries(
          Object.entries(graph.inputs).map(([name, { type }]) => {
            const { shape, data } = numbers[name] as Plain;
            return [name, tensorFrom(type, shape, data)];
          }),
        );
        const program = await engine.compile(graph);
        const outputs = await program.run(inputs);
        await program.dispose();
        for (const [name, { shape, data }] of Object.entries(interpret(graph, numbers))) {
          const got = outputs[name];
          if (!got) throw new Error(`no output ${name}`);
          expect(got.shape).toEqual(shape);
          const scale = 1 + Math.max(0, ...data.map(Math.abs));
          toNumbers(got).forEach((number, i) => {
            const error = Math.abs(number - (data[i] as number)) / scale;
            if (!(error < tolerances[float]))
              expect.fail(`${name}[${i}]: ONNX Runtime ${number}, interpreter ${data[i]}`);
          });
        }
      }),
      { numRuns: 8, seed: 2 },
    );
  });
});
