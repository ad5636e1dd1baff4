/** @file Einsum of a file: two factors at a time as one batched matrix product. */
import * as b from "../../operators/index.ts";
import type { Dimension, Value } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";

/** A value whose axes have letters, each once. */
interface Term {
  readonly letters: readonly string[];
  readonly value: Value;
}

/** The letters of each factor and of the result; axes of an ellipsis are named 0, 1, … from the back. */
function parse(node: OnnxNode, values: readonly Value[]): { factors: Term[]; result: string[] } {
  const equation = node.string("equation").replace(/\s/g, "");
  const [left = "", right] = equation.split("->");
  const sides = left.split(",");
  const wrong = (): never => node.refuse(`equation ${equation} does not fit the inputs`);
  if (sides.length !== values.length) wrong();
  const spread = (text: string, rank: number): string[] => {
    const [before = "", after = ""] = text.split("...");
    const middle = rank - before.length - after.length;
    const dots = text.includes("...")
      ? Array.from({ length: middle }, (_, i) => `${middle - i}`)
      : [];
    return [...before, ...dots, ...after];
  };
  const factors = sides.map((text, i): Term => {
    const value = values[i] as Value;
    const letters = spread(text, value.shape.length);
    if (letters.length !== value.shape.length) wrong();
    if (new Set(letters).size !== letters.length)
      node.refuse(
        `equation ${equation}: diagonals, a letter twice in one factor, are not supported`,
      );
    return { letters, value };
  });
  const all = factors.flatMap(({ letters }) => letters);
  const dots = [...new Set(all.filter((letter) => /\d/.test(letter)))].sort().reverse();
  const once = [...new Set(all)].filter(
    (a) => all.filter((c) => c === a).length === 1 && !/\d/.test(a),
  );
  const result =
    right === undefined
      ? [...dots, ...once.sort()]
      : right.includes("...")
        ? spread(right, right.replace("...", "").length + dots.length)
        : [...right];
  if (new Set(result).size !== result.length || result.some((letter) => !all.includes(letter)))
    wrong();
  return { factors, result };
}

/** Sums away the letters that nobody else wants. */
function summed({ letters, value }: Term, wanted: ReadonlySet<string>): Term {
  const axes = letters.flatMap((letter, axis) => (wanted.has(letter) ? [] : [axis]));
  return {
    letters: letters.filter((letter) => wanted.has(letter)),
    value: axes.length > 0 ? b.reduceSum(value, axes) : value,
  };
}

function arranged({ letters, value }: Term, order: readonly string[]): Value {
  return b.transpose(
    value,
    order.map((letter) => letters.indexOf(letter)),
  );
}

/** The product of two terms over the letters that are in both and not wanted. */
function pair(node: OnnxNode, one: Term, two: Term, wanted: ReadonlySet<string>): Term {
  const [a, c] = [one, two].map((term, i) => {
    const other = i === 0 ? two : one;
    return summed(term, new Set([...wanted, ...other.letters]));
  }) as [Term, Term];
  const shared = a.letters.filter((letter) => c.letters.includes(letter));
  const batch = shared.filter((letter) => wanted.has(letter));
  const inner = shared.filter((letter) => !wanted.has(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = c.letters.filter((letter) => !shared.includes(letter));
  const sizes = new Map<string, Dimension>();
  for (const { letters, value } of [a, c])
    letters.forEach((letter, axis) => {
      const [size, known] = [value.shape[axis] as Dimension, sizes.get(letter)];
      if (known !== undefined && known !== size)
        node.refuse(`the sizes ${known} and ${size} of ${letter} differ`);
      sizes.set(letter, size);
    });
  const shape = (letters: readonly string[]): Dimension[] =>
    letters.map((letter) => sizes.get(letter) as Dimension);
  const merged = (letters: readonly string[]): Dimension => {
    const numbers = shape(letters).filter((size) => size !== "n") as number[];
    const size = numbers.reduce((x, y) => x * y, 1);
    if (numbers.length === letters.length) return size;
    if (size === 1 && letters.length === numbers.length + 1) return "n";
    return node.refuse("the batch size would be multiplied: bind n first");
  };
  // The symbol may stand among the rows, which are merged only where they can be.
  if (shape(columns).includes("n")) {
    if (shape(rows).includes("n")) node.refuse("the batch stands on two axes: bind n first");
    return pair(node, two, one, wanted);
  }
  const open = shape(rows).includes("n");
  const kept = open ? rows.slice(0, -1) : [];
  const last = open ? rows.slice(-1) : rows;
  const left = b.reshape(arranged(a, [...batch, ...rows, ...inner]), [
    ...shape(batch),
    ...shape(kept),
    merged(last),
    merged(inner),
  ]);
  const right = b.reshape(arranged(c, [...batch, ...inner, ...columns]), [
    ...shape(batch),
    ...kept.map(() => 1),
    merged(inner),
    merged(columns),
  ]);
  const letters = [...batch, ...rows, ...columns];
  return { letters, value: b.reshape(b.matmul(left, right), shape(letters)) };
}

export const einsum: Lowering = (node) => {
  const { factors, result } = parse(node, node.values());
  let [done, ...rest] = factors as [Term, ...Term[]];
  while (rest.length > 0) {
    const [next, ...others] = rest as [Term, ...Term[]];
    const wanted = new Set([...result, ...others.flatMap(({ letters }) => letters)]);
    done = pair(node, done, next, wanted);
    rest = others;
  }
  return arranged(summed(done, new Set(result)), result);
};
