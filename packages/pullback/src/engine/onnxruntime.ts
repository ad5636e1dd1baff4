/**
 * @file The engine of Node: ONNX Runtime, native.
 *
 * `run` computes on the calling thread. Inputs and given outputs are used where they lie, without
 * copies, so views into one flat array serve as parameters and gradients.
 */
import * as ort from "onnxruntime-node";
import type { Engine, Graph, Program, ScalarType, Tensor, Tensors } from "pullback-core";
import { checkTensor, decomposeFloat64, describe, InputError, writeNamedOnnx } from "pullback-core";
import { checkDevice } from "./device.ts";

export interface EngineOptions {
  /** Threads of one operator; all cores by default. */
  readonly threads?: number;
  /** Execution provider of ONNX Runtime: `cpu` (default), `webgpu`, … */
  readonly device?: string;
}

/**
 * An engine over ONNX Runtime. Throws `InputError` for a device that is not in the package and for
 * threads that are no number of threads.
 */
export function nativeEngine({ threads = 0, device = "cpu" }: EngineOptions = {}): Engine {
  if (!Number.isInteger(threads) || threads < 0)
    throw new InputError(`threads: expected a whole number from 0 (all cores), got ${threads}`);
  checkDevice(device);
  const programs = new Set<Program>();
  return {
    name: `onnxruntime-node ${device}, ${threads || "all"} threads`,
    async compile(graph) {
      const session = await open(graph, { threads, device });
      const program: Program = {
        graph,
        run: (inputs, into = {}) => run(session, graph, inputs, into),
        async dispose() {
          if (programs.delete(program)) await session.release();
        },
      };
      programs.add(program);
      return program;
    },
    async dispose() {
      for (const program of programs) await program.dispose();
    },
  };
}

async function open(graph: Graph, options: Required<EngineOptions>): Promise<ort.InferenceSession> {
  const { bytes, nodes } = writeNamedOnnx(decomposeFloat64(graph));
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: [options.device],
      intraOpNumThreads: options.threads,
      graphOptimizationLevel: "all",
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    if (/WebGPU adapter/.test(reason))
      throw new InputError(
        "device: webgpu finds no graphics driver on this machine (Vulkan on Linux); use cpu",
        { cause: error },
      );
    // ONNX Runtime names nodes in its messages, in several forms.
    const name = reason.match(/[A-Z][A-Za-z]*_\d+/g)?.find((word) => nodes.has(word));
    const value = name && nodes.get(name);
    const place = value ? `node ${name}, ${describe(value)}: ` : "";
    throw new InputError(`compile on ${options.device}: ${place}${reason}`, { cause: error });
  }
}

async function run(
  session: ort.InferenceSession,
  graph: Graph,
  inputs: Tensors,
  into: Tensors,
): Promise<Tensors> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, value] of Object.entries(graph.inputs))
    feeds[name] = toOrt(checkTensor(name, value, inputs[name]));
  const fetches: Record<string, ort.Tensor | null> = {};
  for (const [name, value] of Object.entries(graph.outputs)) {
    const given = into[name];
    fetches[name] = given ? toOrt(checkTensor(name, value, given)) : null;
  }
  const results = await session.run(feeds, fetches);
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(graph.outputs))
    outputs[name] = into[name] ?? fromOrt(value.type, results[name] as ort.Tensor);
  return outputs;
}

function toOrt({ type, shape, data }: Tensor): ort.Tensor {
  return new ort.Tensor(type, data as Float32Array, shape as number[]);
}

function fromOrt(type: ScalarType, { dims, data }: ort.Tensor): Tensor {
  return { type, shape: dims, data: data as Float32Array };
}
