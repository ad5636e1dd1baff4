/**
 * @file Where a number stopped being finite: an error path, for callers who met NaN or infinity in
 * the results of a program.
 */
import type { Tensor } from "../array/tensor.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { Graph } from "../graph/graph.ts";
import { graph as graphOf, topological } from "../graph/graph.ts";
import { writeNamedOnnx } from "../graph/onnx/write.ts";
import { Input } from "../graph/operators/leaf.ts";
import type { Value } from "../graph/value.ts";
import { describe, describeShape } from "../graph/value.ts";
import type { Engine, Tensors } from "./engine.ts";

const isFloat = ({ type }: Pick<Value, "type">): boolean =>
  type === "float32" || type === "float64";

/**
 * Runs a graph once more with every intermediate value as an output, and names the first in the
 * order of computation that is not finite: an input, a constant, or a node by the name that it has
 * in the `.onnx` file, with its operator and shapes. Null when all outputs are finite.
 *
 * Keeps every intermediate value in memory at once; the graph must be bound.
 */
export async function diagnose(
  engine: Engine,
  source: Graph,
  inputs: Tensors,
): Promise<string | null> {
  const outputs = await once(engine, source, inputs);
  const bad = Object.entries(source.outputs).flatMap(([name, value]) =>
    place(outputs[name]) ? [value] : [],
  );
  if (bad.length === 0) return null;

  for (const [name, value] of Object.entries(source.inputs)) {
    const where = isFloat(value) && place(inputs[name]);
    if (where) return `input ${name} ${describeShape(value.shape)} is ${where}`;
  }
  const order = topological(bad).filter((value) => isFloat(value) && value.operator !== Input);
  const every = Object.fromEntries(order.map((value, i) => [`every${i}`, value]));
  const values = await once(engine, graphOf(Object.values(source.inputs), every), inputs);
  const names = new Map([...writeNamedOnnx(source).nodes].map(([name, value]) => [value, name]));
  for (const [i, value] of order.entries()) {
    const where = place(values[`every${i}`]);
    if (!where) continue;
    const what = value.data ? "a constant" : `node ${names.get(value)}, ${describe(value)},`;
    return `${what} of ${describeShape(value.shape)} is ${where}`;
  }
  return "a result that is finite when it is computed with the others kept";
}

async function once(engine: Engine, source: Graph, inputs: Tensors): Promise<Tensors> {
  const program = await engine.compile(source);
  try {
    return await program.run(inputs);
  } finally {
    await program.dispose();
  }
}

/** `NaN at [3, 1]`, of the first element that is not finite. */
function place(values: Tensor | undefined): string | null {
  if (!values || !isFloat(values)) return null;
  const data = values.data as Float32Array;
  const first = firstNonFinite(data);
  if (first < 0) return null;
  const index: number[] = [];
  let rest = first;
  for (const size of [...values.shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `${data[first]} at ${describeShape(index)}`;
}
