/**
 * @file The node of a graph: one result of one ONNX operator.
 *
 * A `Value` is immutable plain data that points at the values it was computed from; a graph is
 * whatever its outputs reach, so dead code does not exist. Every operator here has one result:
 * ONNX operators with several (Split) are read as several values.
 */
import { InputError } from "../array/errors.ts";
import type { ArrayOf, ScalarType } from "../array/tensor.ts";

/** A size, or the one symbol that `bind` replaces. */
export type Dimension = number | "n";
export type Shape = readonly Dimension[];

export type Attribute = number | string | boolean | readonly Dimension[];
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Value {
  readonly operator: Operator;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly type: ScalarType;
  readonly shape: Shape;
  /** Elements of a constant, row-major; absent everywhere else. */
  readonly data?: ArrayOf[ScalarType];
}

/** What an operator is: its shape rule and its two derivatives, each built from operators again. */
export interface Operator {
  /** Name of the ONNX operator. */
  readonly name: string;
  /** Type and shape of the result. Throws `InputError` on inputs it does not take. */
  infer(inputs: readonly Value[], attributes: Attributes): Signature;
  /**
   * Tangent of the result, of its shape. `tangents[i]` is null where input i does not move; never
   * called with all of them null. Null says that the result does not move either.
   */
  jvp(value: Value, tangents: readonly Tangent[]): Tangent;
  /** Cotangents of the inputs, each of its input's shape, null where none flows back. */
  vjp(value: Value, cotangent: Value): readonly Tangent[];
  /** A cheaper value that equals this one, or null. */
  simplify?(value: Value): Value | null;
}

export interface Signature {
  readonly type: ScalarType;
  readonly shape: Shape;
}

/** A direction of change; null is zero, and costs nothing. */
export type Tangent = Value | null;

/** Applies an operator: infers type and shape, then simplifies. */
export function apply(
  operator: Operator,
  inputs: readonly Value[],
  attributes: Attributes = {},
): Value {
  const { type, shape } = operator.infer(inputs, attributes);
  const value: Value = { operator, inputs, attributes, type, shape };
  return operator.simplify?.(value) ?? value;
}

/** `[n, 2]`, for messages. */
export function describeShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** `Add(float32[n, 2], float32[2])`, for messages. */
export function describe(value: Pick<Value, "operator" | "inputs">): string {
  const inputs = value.inputs.map((input) => `${input.type}${describeShape(input.shape)}`);
  return `${value.operator.name}(${inputs.join(", ")})`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** The error of a shape rule: which operator, on which inputs, and why. */
export function shapeError(name: string, inputs: readonly Value[], reason: string): InputError {
  const shapes = inputs.map((input) => `${input.type}${describeShape(input.shape)}`).join(", ");
  return new InputError(`${name}(${shapes}): ${reason}`);
}

/** Axis counted from the front; throws when it is outside the rank. */
export function normalAxis(axis: number, rank: number, name: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= rank)
    throw new InputError(`${name}: axis ${axis} is outside a tensor of rank ${rank}`);
  return normal;
}
