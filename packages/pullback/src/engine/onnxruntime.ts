/**
 * @file The engine of Node: ONNX Runtime, native.
 *
 * `run` computes on the calling thread. Inputs and given outputs are used where they lie, without
 * copies, so views into one flat array serve as parameters and gradients.
 */
import * as ort from "onnxruntime-node";
import type { Engine, Graph, Program, ScalarType, Tensor, Tensors, Value } from "pullback-core";
import { decomposeFloat64, InputError, writeOnnx } from "pullback-core";

export interface EngineOptions {
  /** Threads of one operator; all cores by default. */
  readonly threads?: number;
  /** Execution provider of ONNX Runtime: `cpu` (default), `webgpu`, … */
  readonly device?: string;
}

/** An engine over ONNX Runtime. Throws `InputError` for a device that is not in the package. */
export function nativeEngine({ threads = 0, device = "cpu" }: EngineOptions = {}): Engine {
  const programs = new Set<Program>();
  return {
    name: `onnxruntime-node ${device}, ${threads || "all"} threads`,
    async compile(graph) {
      const program = await compile(graph, { threads, device });
      programs.add(program);
      return program;
    },
    async dispose() {
      for (const program of programs) await program.dispose();
      programs.clear();
    },
  };
}

async function compile(graph: Graph, options: Required<EngineOptions>): Promise<Program> {
  const session = await ort.InferenceSession.create(writeOnnx(decomposeFloat64(graph)), {
    executionProviders: [options.device],
    intraOpNumThreads: options.threads,
    graphOptimizationLevel: "all",
  });
  return {
    graph,
    async run(inputs, into = {}) {
      const feeds: Record<string, ort.Tensor> = {};
      for (const [name, value] of Object.entries(graph.inputs))
        feeds[name] = toOrt(checked(name, value, inputs[name]));
      const fetches: Record<string, ort.Tensor | null> = {};
      for (const [name, value] of Object.entries(graph.outputs)) {
        const given = into[name];
        fetches[name] = given ? toOrt(checked(name, value, given)) : null;
      }
      const results = await session.run(feeds, fetches);
      const outputs: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(graph.outputs))
        outputs[name] = into[name] ?? fromOrt(value.type, results[name] as ort.Tensor);
      return outputs;
    },
    dispose: () => session.release(),
  };
}

function checked(name: string, value: Value, given: Tensor | undefined): Tensor {
  const expected = `${value.type}[${value.shape}]`;
  if (!given) throw new InputError(`run: expected ${name} of ${expected}, got nothing`);
  const fits = value.shape.every((size, axis) => size === "n" || size === given.shape[axis]);
  if (!fits || value.shape.length !== given.shape.length || value.type !== given.type)
    throw new InputError(`run: expected ${name} of ${expected}, got ${given.type}[${given.shape}]`);
  return given;
}

function toOrt({ type, shape, data }: Tensor): ort.Tensor {
  return new ort.Tensor(type, data as Float32Array, shape as number[]);
}

function fromOrt(type: ScalarType, { dims, data }: ort.Tensor): Tensor {
  return { type, shape: dims, data: data as Float32Array };
}
