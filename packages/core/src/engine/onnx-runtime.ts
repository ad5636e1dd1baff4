/**
 * @file An engine over ONNX Runtime, whichever: the native package and the one of the web have the same
 * interface, and what they share is here. The runtime itself is given.
 */
import { InputError } from "../array/errors.ts";
import type { ScalarType, Tensor } from "../array/tensor.ts";
import { decomposeFloat64 } from "../graph/float64.ts";
import type { Graph } from "../graph/graph.ts";
import { writeNamedOnnx } from "../graph/onnx/write.ts";
import { describe } from "../graph/value.ts";
import { checkTensor } from "./check.ts";
import type { Engine, Program, Tensors } from "./engine.ts";

/** A tensor of the runtime. */
export interface RuntimeTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** What is needed of a session. */
export interface RuntimeSession {
  run(
    feeds: Record<string, RuntimeTensor>,
    fetches?: Record<string, RuntimeTensor | null>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

export interface Runtime {
  readonly name: string;
  /** The device, for messages. */
  readonly device: string;
  /** Throws the runtime's own errors. */
  open(onnx: Uint8Array): Promise<RuntimeSession>;
  tensor(type: ScalarType, data: Tensor["data"], shape: number[]): RuntimeTensor;
  /** Whether it computes into outputs that are given; otherwise they are filled afterwards. */
  readonly writesInPlace: boolean;
  /** A plainer error than that of opening, where there is one. */
  explain?(reason: string): string | null;
}

export function runtimeEngine(runtime: Runtime): Engine {
  const programs = new Set<Program>();
  return {
    name: runtime.name,
    async compile(graph) {
      const session = await open(runtime, graph);
      const program: Program = {
        graph,
        run: (inputs, into = {}) => run(runtime, session, graph, inputs, into),
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

async function open(runtime: Runtime, graph: Graph): Promise<RuntimeSession> {
  const { bytes, nodes } = writeNamedOnnx(decomposeFloat64(graph));
  try {
    return await runtime.open(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    const plainer = runtime.explain?.(reason);
    if (plainer) throw new InputError(plainer, { cause: error });
    // ONNX Runtime names nodes in its messages, in several forms.
    const name = reason.match(/[A-Z][A-Za-z]*_\d+/g)?.find((word) => nodes.has(word));
    const value = name && nodes.get(name);
    const place = value ? `node ${name}, ${describe(value)}: ` : "";
    throw new InputError(`compile on ${runtime.device}: ${place}${reason}`, { cause: error });
  }
}

async function run(
  { tensor, writesInPlace }: Runtime,
  session: RuntimeSession,
  graph: Graph,
  inputs: Tensors,
  into: Tensors,
): Promise<Tensors> {
  const toRuntime = ({ type, shape, data }: Tensor): RuntimeTensor =>
    tensor(type, data, shape as number[]);
  const feeds: Record<string, RuntimeTensor> = {};
  for (const [name, value] of Object.entries(graph.inputs))
    feeds[name] = toRuntime(checkTensor(name, value, inputs[name]));
  const fetches: Record<string, RuntimeTensor | null> = {};
  for (const [name, value] of Object.entries(graph.outputs)) {
    const given = into[name] && checkTensor(name, value, into[name]);
    fetches[name] = given && writesInPlace ? toRuntime(given) : null;
  }
  const results = await session.run(feeds, ...(writesInPlace ? [fetches] : []));
  const outputs: Record<string, Tensor> = {};
  for (const [name, { type }] of Object.entries(graph.outputs)) {
    const { dims, data } = results[name] as RuntimeTensor;
    const given = into[name];
    if (given && !writesInPlace) (given.data as Float32Array).set(data as Float32Array);
    outputs[name] = given ?? { type, shape: dims, data: data as Float32Array };
  }
  return outputs;
}
