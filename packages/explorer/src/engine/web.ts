/**
 * @file The engine of the page: ONNX Runtime Web on WebAssembly, with SIMD and, where the page is
 * isolated from other origins, threads.
 *
 * `run` computes on the calling thread, so it belongs in a worker. Left out: WebGPU.
 */
import * as ort from "onnxruntime-web/wasm";
import type { Engine, Graph, Program, ScalarType, Tensor, Tensors } from "pullback-core";
import { checkTensor, decomposeFloat64, describe, InputError, writeNamedOnnx } from "pullback-core";

export interface WebEngineOptions {
  /** Threads of one operator; without isolation there is only one whatever is asked. */
  readonly threads?: number;
  /** Where the runtime's own two files are; beside the script by default. */
  readonly files?: { readonly mjs: string; readonly wasm: string };
}

/** Whether this page or worker may have threads: SharedArrayBuffer needs COOP and COEP. */
export const isIsolated = (): boolean => globalThis.crossOriginIsolated === true;

/** An engine over ONNX Runtime Web. The first of a worker decides the threads of all. */
export function webEngine({ threads = 1, files }: WebEngineOptions = {}): Engine {
  const allowed = isIsolated() ? Math.max(1, threads) : 1;
  ort.env.wasm.numThreads = allowed;
  ort.env.logLevel = "error";
  if (files) ort.env.wasm.wasmPaths = files;
  const programs = new Set<Program>();
  return {
    name: `onnxruntime-web wasm, ${allowed === 1 ? "1 thread" : `${allowed} threads`}`,
    async compile(graph) {
      const session = await open(graph);
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
      for (const program of [...programs]) await program.dispose();
    },
  };
}

async function open(graph: Graph): Promise<ort.InferenceSession> {
  const { bytes, nodes } = writeNamedOnnx(decomposeFloat64(graph));
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "all",
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    const name = reason.match(/[A-Z][A-Za-z]*_\d+/g)?.find((word) => nodes.has(word));
    const value = name && nodes.get(name);
    const place = value ? `node ${name}, ${describe(value)}: ` : "";
    throw new InputError(`compile on wasm: ${place}${reason}`, { cause: error });
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
  const results = await session.run(feeds);
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(graph.outputs)) {
    const result = fromOrt(value.type, results[name] as ort.Tensor);
    const given = into[name];
    if (!given) outputs[name] = result;
    else {
      // The runtime's memory is its own: what is given can only be filled afterwards.
      checkTensor(name, value, given);
      (given.data as Float32Array).set(result.data as Float32Array);
      outputs[name] = given;
    }
  }
  return outputs;
}

function toOrt({ type, shape, data }: Tensor): ort.Tensor {
  return new ort.Tensor(type, data as Float32Array, shape as number[]);
}

function fromOrt(type: ScalarType, { dims, data }: ort.Tensor): Tensor {
  return { type, shape: dims, data: data as Float32Array };
}
