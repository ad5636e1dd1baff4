/** @file A tenth of the rows set aside, drawn from a seed. */
import type { Tensor } from "pullback-core";
import { InputError, random, zeros } from "pullback-core";

export interface Split {
  readonly observations: Tensor<"float32">;
  readonly heldOut: Tensor<"float32">;
}

/** Splits rows [n, D]: at random a tenth, at least one, is held out. `name` is said in errors. */
export function split(rows: Tensor<"float32">, seed: number, name: string): Split {
  const [n, columns] = rows.shape as [number, number];
  if (n < 2) throw new InputError(`${name}: expected at least 2 observations, got ${n}`);
  const order = random(seed, name, "split").permutation(n);
  const apart = Math.max(1, Math.round(n / 10));
  const take = (chosen: Uint32Array): Tensor<"float32"> => {
    const part = zeros("float32", [chosen.length, columns]);
    chosen.forEach((row, i) => {
      part.data.set(rows.data.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    return part;
  };
  // Rows keep their order, so that what was sorted stays sorted.
  return {
    heldOut: take(order.subarray(0, apart).sort()),
    observations: take(order.subarray(apart).sort()),
  };
}
