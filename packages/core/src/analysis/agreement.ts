/** @file How far two partitions agree: the Rand index, adjusted for chance (Hubert and Arabie 1985). */
import { InputError } from "../array/errors.ts";

const pairs = (count: number): number => (count * (count - 1)) / 2;

/** 1 for the same partition whatever the names, 0 on average for unrelated ones. */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length < 2)
    throw new InputError(`agreement: expected two labels a point, got ${a.length} and ${b.length}`);
  const [rows, columns, cells] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  const add = <K>(counts: Map<K, number>, key: K): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (let i = 0; i < a.length; i++) {
    add(rows, a[i] as number);
    add(columns, b[i] as number);
    add(cells, `${a[i]},${b[i]}`);
  }
  const sum = (counts: Map<unknown, number>): number =>
    [...counts.values()].reduce((total, count) => total + pairs(count), 0);
  const [inRows, inColumns, inCells] = [sum(rows), sum(columns), sum(cells)];
  const expected = (inRows * inColumns) / pairs(a.length);
  const most = (inRows + inColumns) / 2;
  return most === expected ? 1 : (inCells - expected) / (most - expected);
}
