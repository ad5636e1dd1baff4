/** @file What every engine checks before a run. */
import { InputError } from "../array/errors.ts";
import type { Tensor } from "../array/tensor.ts";
import { sizeOf } from "../array/tensor.ts";
import type { Value } from "../graph/value.ts";

/**
 * The tensor given for an input or output of a program. Throws `InputError`, naming expected and
 * got, where it is missing or has another type, shape or number of elements.
 */
export function checkTensor(name: string, value: Value, given: Tensor | undefined): Tensor {
  const expected = `${value.type}[${value.shape.join(", ")}]`;
  if (!given) throw new InputError(`run: expected ${name} of ${expected}, got nothing`);
  const fits = value.shape.every((size, axis) => size === "n" || size === given.shape[axis]);
  if (!fits || value.shape.length !== given.shape.length || value.type !== given.type)
    throw new InputError(
      `run: expected ${name} of ${expected}, got ${given.type}[${given.shape.join(", ")}]`,
    );
  if (given.data.length !== sizeOf(given.shape))
    throw new InputError(`run: expected ${name} of ${expected}, got ${given.data.length} elements`);
  return given;
}
