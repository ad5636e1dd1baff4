/**
 * @file A graph from the bytes of an `.onnx` file, opsets 7 to 23.
 *
 * Every node is lowered to our operators by the table in `lower/`. A symbolic or missing size on
 * the first axis of an input is the batch and becomes the symbol n, whatever its name; a fixed one
 * stays a number unless it is to be freed. Left out: control flow, functions, sparse tensors, types
 * below 32 bits.
 */
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from "onnx-buf";
import { InputError } from "../../array/errors.ts";
import type { Graph } from "../graph.ts";
import { graph } from "../graph.ts";
import { input } from "../operators/leaf.ts";
import type { Dimension, Value } from "../value.ts";
import type { ExternalFiles } from "./decode.ts";
import { decodeModel, decodeTensor, scalarType, sizeFrom } from "./decode.ts";
import type { Item } from "./known.ts";
import { fromTensor, isKnown, toValue } from "./known.ts";
import { lowerings } from "./lower/index.ts";
import { OnnxNode } from "./node.ts";

const [oldest, newest] = [7, 23] as const;

export interface ReadOptions {
  /** Outputs to read; all by default. What others alone need may be unsupported. */
  readonly outputs?: readonly string[];
  /** Files that hold weights, by the location that the file names. */
  readonly files?: ExternalFiles;
  /**
   * A fixed number of rows, the first axis of the first float input, becomes the symbol n, wherever
   * it is written in the file. Right where rows do not depend on one another, as a decoder's.
   */
  readonly freeBatch?: boolean;
}

/**
 * The graph of a file, with the file's names of inputs and outputs. Throws `InputError` on bytes
 * that are no such file, and on whatever is not supported, naming the node, operator and opset.
 */
export function readOnnx(
  bytes: Uint8Array,
  { outputs, files, freeBatch = false }: ReadOptions = {},
): Graph {
  const model = decodeModel(bytes);
  const opset = opsetOf(model);
  if (!model.graph) throw new InputError("readOnnx: the file has no graph");
  const source = withOutputs(model.graph, outputs);
  if (source.sparseInitializer.length > 0)
    throw new InputError("readOnnx: sparse weights are not supported");

  const items = new Map<string, Item>();
  for (const proto of source.initializer)
    items.set(
      proto.name,
      fromTensor(decodeTensor(proto, `readOnnx: constant ${proto.name}`, files)),
    );
  const written = source.input.filter(({ name }) => !items.has(name)).map(inputOf);
  const batch = freeBatch ? batchOf(written) : undefined;
  const inputs = written.map((value) =>
    batch !== undefined && value.shape[0] === batch
      ? { ...value, shape: ["n" as const, ...value.shape.slice(1)] }
      : value,
  );
  for (const value of inputs) items.set(value.attributes.name as string, value);
  for (const node of needed(source)) lowerNode(node, items, { opset, batch });
  return graph(
    inputs,
    Object.fromEntries(source.output.map(({ name }) => [name, output(name, items)])),
  );
}

/** The fixed number of rows of the first float input; undefined where it is free. */
function batchOf(inputs: readonly Value[]): number | undefined {
  const latent = inputs.find(({ type, shape }) => type.startsWith("float") && shape.length > 1);
  const size = latent?.shape[0];
  return typeof size === "number" ? size : undefined;
}

/** The graph with some of its outputs. */
function withOutputs(source: GraphProto, names: readonly string[] | undefined): GraphProto {
  if (!names) return source;
  const output = names.map((name) => {
    const found = source.output.find((each) => each.name === name);
    if (found) return found;
    const all = source.output.map((each) => each.name).join(", ");
    throw new InputError(`readOnnx: expected one of the outputs ${all}, got ${name}`);
  });
  return { ...source, output };
}

function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  if (!standard) throw new InputError("readOnnx: the file names no version of the operators");
  const opset = Number(standard.version);
  if (!(opset >= oldest && opset <= newest))
    throw new InputError(`readOnnx: expected opset ${oldest} to ${newest}, got ${opset}`);
  return opset;
}

function inputOf({ name, type }: ValueInfoProto): Value {
  const place = `readOnnx: input ${name}`;
  if (type?.value.case !== "tensorType")
    throw new InputError(`${place}: expected a tensor, got ${type?.value.case ?? "nothing"}`);
  const { elemType, shape } = type.value.value;
  if (!shape) throw new InputError(`${place}: expected a shape, got none`);
  const sizes = shape.dim.map(({ value }, axis): Dimension => {
    // Some exporters write an open size as 0 or -1.
    if (value.case === "dimValue" && value.value > 0n) return sizeFrom(value.value, place);
    if (axis === 0) return "n";
    const symbol = value.case === "dimParam" ? `the symbol ${value.value}` : "none";
    throw new InputError(
      `${place}: expected a fixed size on axis ${axis}, got ${symbol}: only the first axis can be open`,
    );
  });
  return input(name, scalarType(elemType, place), sizes);
}

/** The nodes that the outputs need; what only training or a log needed may be unsupported. */
function needed(source: GraphProto): NodeProto[] {
  const wanted = new Set(source.output.map(({ name }) => name));
  const nodes: NodeProto[] = [];
  for (const node of [...source.node].reverse()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    for (const name of node.input) wanted.add(name);
    nodes.push(node);
  }
  return nodes.reverse();
}

function lowerNode(
  proto: NodeProto,
  items: Map<string, Item>,
  file: { readonly opset: number; readonly batch?: number },
): void {
  const given = proto.input.map((name) => {
    const item = items.get(name);
    if (name && !item)
      throw new InputError(
        `readOnnx: node ${proto.name} (${proto.opType}) needs ${name}, which nothing before it computes`,
      );
    return item;
  });
  while (given.length > 0 && !given.at(-1)) given.pop();
  const node = new OnnxNode(proto, given, file);
  const lowering = lowerings.get(proto.opType);
  const foreign = proto.domain !== "" && proto.domain !== "ai.onnx";
  if (!lowering || foreign) {
    const what = foreign ? `operators of the domain ${proto.domain} are` : "this operator is";
    return void node.refuse(`${what} not supported; supported are ${supported()}`);
  }
  try {
    const results = [lowering(node)].flat() as readonly Item[];
    proto.output.forEach((name, i) => {
      const item = results[i];
      if (name && item) items.set(name, item);
    });
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith("readOnnx")) throw error;
    node.refuse(error.message, error);
  }
}

/** Names of the operators that can be read, for messages. */
const supported = (): string => [...lowerings.keys()].sort().join(", ");

function output(name: string, items: ReadonlyMap<string, Item>): Value {
  const item = items.get(name);
  if (!item) throw new InputError(`readOnnx: nothing computes the output ${name}`);
  if (!isKnown(item)) return item;
  const value = toValue(item);
  if (!value) throw new InputError(`readOnnx: the output ${name} is the batch size n`);
  return value;
}
