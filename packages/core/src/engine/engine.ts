/**
 * @file What runs a graph. Nothing above this interface knows which engine it has.
 *
 * A program is compiled once for its graph and kept; sizes are fixed, so bind the symbol first.
 */
import type { Tensor } from "../array/tensor.ts";
import type { Graph } from "../graph/graph.ts";

export type Tensors<Names extends string = string> = Readonly<Record<Names, Tensor>>;

export interface Engine {
  /** Name and setting, for reports: `onnxruntime-node cpu, 2 threads`. */
  readonly name: string;
  /** Throws `InputError` that names the operator where the engine cannot run the graph. */
  compile(graph: Graph): Promise<Program>;
  /** Releases every program of the engine. */
  dispose(): Promise<void>;
}

export interface Program {
  readonly graph: Graph;
  /**
   * Computes the outputs. Those given in `into` are written in place, the others are fresh.
   * Throws `InputError` on a missing input or a wrong shape, naming expected and got.
   */
  run(inputs: Tensors, into?: Tensors): Promise<Tensors>;
  dispose(): Promise<void>;
}
