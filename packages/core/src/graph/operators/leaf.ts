/** @file Leaves: what enters a graph (inputs) and what stands in it (constants). */
import { InputError } from "../../array/errors.ts";
import type { FloatType, ScalarType, Tensor } from "../../array/tensor.ts";
import { sizeOf, tensorFrom } from "../../array/tensor.ts";
import type { Operator, Shape, Value } from "../value.ts";
import { expand } from "./shape.ts";

const leaf = (name: string): Operator => ({
  name,
  infer: () => {
    throw new Error(`${name} is a leaf: it is not computed from anything`);
  },
  jvp: () => null,
  vjp: () => [],
});

export const Input = leaf("Input");
export const Constant = leaf("Constant");

/** A place for data that is given at every run. */
export function input(name: string, type: ScalarType, shape: Shape): Value {
  return { operator: Input, inputs: [], attributes: { name }, type, shape };
}

export function constant(values: Tensor): Value {
  return {
    operator: Constant,
    inputs: [],
    attributes: {},
    type: values.type,
    shape: values.shape,
    data: values.data,
  };
}

export function scalar(type: ScalarType, number: number): Value {
  return constant(tensorFrom(type, [], [number]));
}

/** The same number everywhere, without the memory. */
export function full(type: ScalarType, shape: Shape, number: number): Value {
  return expand(scalar(type, number), shape);
}

export function zerosLike(value: Value): Value {
  return full(value.type, value.shape, 0);
}

/** The matrix with a one at (i, columns[i]): what a selection along an axis is, as a product. */
export function selection(type: FloatType, columns: readonly number[], width: number): Value {
  const numbers = new Float64Array(sizeOf([columns.length, width]));
  columns.forEach((column, row) => {
    numbers[row * width + column] = 1;
  });
  return constant(tensorFrom(type, [columns.length, width], numbers));
}

/** The number that a constant holds everywhere (through Expand and Reshape), or null. */
export function uniform(value: Value): number | null {
  if (value.operator.name === "Expand" || value.operator.name === "Reshape")
    return uniform(value.inputs[0] as Value);
  if (!value.data || value.data.length === 0 || value.data.length > 64) return null;
  const first = value.data[0];
  for (const element of value.data) if (element !== first) return null;
  return Number(first);
}

export function floatType(value: Value, name: string): FloatType {
  if (value.type === "float32" || value.type === "float64") return value.type;
  throw new InputError(`${name}: expected float32 or float64, got ${value.type}`);
}
