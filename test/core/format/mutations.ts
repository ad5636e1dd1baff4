/** @file Damaged files: bytes changed, cut off, doubled, from a seed. */
import { InputError, random } from "pullback-core";
import { expect } from "vitest";

export function* mutations(bytes: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const numbers = random(seed, "mutations");
  for (let i = 0; i < count; i++) {
    const changed = new Uint8Array(bytes);
    const changes = 1 + numbers.integer(4);
    // Half of the changes hit the head of the file, where formats keep their promises.
    for (let k = 0; k < changes; k++) {
      const reach = numbers.uniform() < 0.5 ? Math.min(bytes.length, 80) : bytes.length;
      changed[numbers.integer(reach)] = numbers.integer(256);
    }
    const kind = numbers.integer(4);
    if (kind === 0) yield changed.subarray(0, numbers.integer(bytes.length + 1));
    else if (kind === 1) yield Uint8Array.of(...changed, ...bytes.subarray(numbers.integer(8)));
    else yield changed;
  }
}

/** Damaged input must be read as something or refused in words; anything else is a defect. */
export function readsOrRefuses(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
}
