/** @file Damaged files: bytes changed, cut off, doubled, from a seed. */
import { InputError, random } from "pullback-core";

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

/** Most memory that this process has held so far, in kilobytes. */
const peak = (): number => process.resourceUsage().maxRSS;
const before = peak();

/**
 * Damaged input must be read as something or refused in words; anything else is a defect, and so is a
 * reader that takes seconds or a gigabyte over a few kilobytes.
 */
export function readsOrRefuses(read: () => unknown): void {
  const begin = process.cpuUsage();
  try {
    read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const { user, system } = process.cpuUsage(begin);
  if (user + system > 5e6) throw new Error(`took ${user + system} microseconds`);
  if (peak() - before > 1e6) throw new Error(`took ${peak() - before} kilobytes`);
}
