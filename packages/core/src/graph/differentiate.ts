/**
 * @file Derivatives of graphs, as graphs.
 *
 * Both directions are one walk over the values between inputs and outputs; each operator says
 * what it does to a tangent and to a cotangent. A tangent of null is zero: nothing is computed
 * for it. The rules build operators again, so derivatives can be differentiated in turn.
 */
import { InputError } from "../array/errors.ts";
import { topological } from "./graph.ts";
import { add, zerosLike } from "./operators/index.ts";
import type { Tangent, Value } from "./value.ts";
import { describeShape, sameShape } from "./value.ts";

/**
 * Jacobian-vector product: how the outputs move when `inputs` move along `tangents`.
 * Null for an output that does not move.
 */
export function jvp(
  outputs: readonly Value[],
  inputs: readonly Value[],
  tangents: readonly Tangent[],
): Tangent[] {
  const moving = new Map<Value, Tangent>();
  inputs.forEach((value, i) => {
    checkShape("jvp: tangent", value, tangents[i] ?? null);
    moving.set(value, tangents[i] ?? null);
  });
  for (const value of topological(outputs)) {
    if (moving.has(value)) continue;
    const incoming = value.inputs.map((input) => moving.get(input) ?? null);
    moving.set(value, incoming.some(Boolean) ? value.operator.jvp(value, incoming) : null);
  }
  return outputs.map((value) => moving.get(value) ?? null);
}

/**
 * Vector-Jacobian product: the gradient by `inputs` of the inner product of outputs and
 * `cotangents`. Always a value, zeros where an input has no influence.
 */
export function vjp(
  outputs: readonly Value[],
  inputs: readonly Value[],
  cotangents: readonly Tangent[],
): Value[] {
  const wanted = between(outputs, inputs);
  const flowing = new Map<Value, Value>();
  const give = (value: Value, cotangent: Tangent): void => {
    if (!cotangent || !wanted.has(value)) return;
    const before = flowing.get(value);
    flowing.set(value, before ? add(before, cotangent) : cotangent);
  };
  outputs.forEach((value, i) => {
    checkShape("vjp: cotangent", value, cotangents[i] ?? null);
    give(value, cotangents[i] ?? null);
  });
  const sources = new Set(inputs);
  for (const value of topological(outputs).reverse()) {
    const cotangent = flowing.get(value);
    if (!cotangent || sources.has(value)) continue;
    const back = value.operator.vjp(value, cotangent);
    value.inputs.forEach((input, i) => {
      give(input, back[i] ?? null);
    });
  }
  return inputs.map((value) => flowing.get(value) ?? zerosLike(value));
}

/** The values that depend on one of `inputs`: the only ones a cotangent has to visit. */
function between(outputs: readonly Value[], inputs: readonly Value[]): Set<Value> {
  const reached = new Set<Value>(inputs);
  for (const value of topological(outputs))
    if (value.inputs.some((input) => reached.has(input))) reached.add(value);
  return reached;
}

function checkShape(what: string, value: Value, direction: Tangent): void {
  if (direction && !sameShape(direction.shape, value.shape))
    throw new InputError(
      `${what}: expected shape ${describeShape(value.shape)}, got ${describeShape(direction.shape)}`,
    );
}
