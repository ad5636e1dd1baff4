/**
 * @file MatMul, batched and with either factor transposed.
 *
 * The two flags make its derivatives products of the same kind. Two-dimensional products with a
 * flag are written as Gemm, others as Transpose and MatMul.
 */
import type { Dimension, Operator, Shape, Value } from "../value.ts";
import { apply, shapeError } from "../value.ts";
import { add } from "./arithmetic.ts";
import { broadcastShape, unbroadcast } from "./elementwise.ts";
import { reshape } from "./shape.ts";

interface Flags {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Matrix part of a shape, as it enters the product. */
function matrix(shape: Shape, transposed: boolean): readonly [Dimension, Dimension] {
  const [rows, columns] = shape.slice(-2) as [Dimension, Dimension];
  return transposed ? [columns, rows] : [rows, columns];
}

export const MatMul: Operator = {
  name: "MatMul",
  infer(inputs, attributes) {
    const { transposeA, transposeB } = attributes as unknown as Flags;
    const [a, b] = inputs as [Value, Value];
    if (inputs.length !== 2 || a.type !== b.type || a.shape.length < 2 || b.shape.length < 2)
      throw shapeError("MatMul", inputs, "expected two matrices of one type");
    const [rows, inner] = matrix(a.shape, transposeA);
    const [other, columns] = matrix(b.shape, transposeB);
    if (inner !== other)
      throw shapeError("MatMul", inputs, `inner sizes ${inner} and ${other} differ`);
    const batch = broadcastShape("MatMul", [
      { ...a, shape: a.shape.slice(0, -2) },
      { ...b, shape: b.shape.slice(0, -2) },
    ]);
    return { type: a.type, shape: [...batch, rows, columns] };
  },
  jvp(value, [left, right]) {
    const [a, b] = value.inputs as [Value, Value];
    const flags = value.attributes as unknown as Flags;
    const fromLeft = left && product(left, b, flags);
    const fromRight = right && product(a, right, flags);
    return fromLeft && fromRight ? add(fromLeft, fromRight) : (fromLeft ?? fromRight ?? null);
  },
  vjp(value, cotangent) {
    const [a, b] = value.inputs as [Value, Value];
    const { transposeA, transposeB } = value.attributes as unknown as Flags;
    const forA = transposeA
      ? product(b, cotangent, { transposeA: transposeB, transposeB: true })
      : product(cotangent, b, { transposeA: false, transposeB: !transposeB });
    return [unbroadcast(forA, a.shape), forRight(a, b, cotangent, transposeA, transposeB)];
  },
  simplify(value) {
    const { transposeA, transposeB } = value.attributes as unknown as Flags;
    const [a, b] = value.inputs as [Value, Value];
    const [left, right] = [turned(a), turned(b)];
    if (!left && !right) return null;
    return product(left ?? a, right ?? b, {
      transposeA: transposeA !== (left !== null),
      transposeB: transposeB !== (right !== null),
    });
  },
};

/** What a Transpose of the last two axes was applied to; the flags of the product do the same. */
function turned(value: Value): Value | null {
  if (value.operator.name !== "Transpose") return null;
  const perm = value.attributes.perm as readonly number[];
  const last = perm.length - 1;
  const kept = perm.every((axis, i) => i >= last - 1 || axis === i);
  return kept && perm[last] === last - 1 ? (value.inputs[0] as Value) : null;
}

/** Cotangent of the right factor; a batch against one matrix is a single tall product. */
function forRight(a: Value, b: Value, g: Value, transposeA: boolean, transposeB: boolean): Value {
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    const tall = (value: Value): Value => {
      const rows = value.shape.slice(0, -1);
      const symbols = rows.filter((d) => d === "n").length;
      const numbers = rows.filter((d) => d !== "n") as number[];
      const total = numbers.reduce((x, y) => x * y, 1);
      if (symbols > 0 && (symbols > 1 || total > 1)) return value;
      return reshape(value, [symbols ? "n" : total, value.shape.at(-1) as Dimension]);
    };
    if (tall(a) !== a) return forRight(tall(a), b, tall(g), transposeA, transposeB);
  }
  const cotangent = transposeB
    ? product(g, a, { transposeA: true, transposeB: transposeA })
    : product(a, g, { transposeA: !transposeA, transposeB: false });
  return unbroadcast(cotangent, b.shape);
}

const product = (a: Value, b: Value, flags: Flags): Value => apply(MatMul, [a, b], { ...flags });

/** a b, over the last two axes; the others broadcast. */
export function matmul(
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: Partial<Flags> = {},
): Value {
  return product(a, b, { transposeA, transposeB });
}
