/**
 * @file Plain arrays of float64 with a shape, and the walks over indices that every operator of the
 * interpreter is made of. Slow and clear.
 */

/** Row-major numbers; bool is 0 or 1, int64 is a whole number. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The multi-index of a row-major position. */
export function indexAt(shape: readonly number[], position: number): number[] {
  const index: number[] = [];
  let rest = position;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** The row-major position of a multi-index. */
export const positionOf = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((position, size, axis) => position * size + (index[axis] as number), 0);

/** An array of the given shape, each element from its multi-index. */
export function build(shape: readonly number[], element: (index: number[]) => number): Plain {
  const data = Array.from({ length: sizeOf(shape) }, (_, i) => element(indexAt(shape, i)));
  return { shape, data };
}

/** One element; leading axes that the array does not have and axes of size one are broadcast. */
export function at(a: Plain, index: readonly number[]): number {
  const own = index.slice(index.length - a.shape.length);
  const position = positionOf(
    a.shape,
    own.map((i, axis) => (a.shape[axis] === 1 ? 0 : i)),
  );
  return a.data[position] as number;
}

/** NumPy's broadcasting of shapes that are known to fit. */
export function broadcast(arrays: readonly Plain[]): number[] {
  const rank = Math.max(...arrays.map((a) => a.shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = arrays.map((a) => a.shape[axis - rank + a.shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/** f of the elements that stand at the same place after broadcasting. */
export function map(arrays: readonly Plain[], f: (...numbers: number[]) => number): Plain {
  return build(broadcast(arrays), (index) => f(...arrays.map((a) => at(a, index))));
}

/** The elements of `a` along `axes` at each place of the other axes, in row-major order. */
export function along(
  a: Plain,
  axes: readonly number[],
  keep: boolean,
  f: (numbers: number[]) => number,
): Plain {
  const outer = a.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const inner = a.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  const { data } = build(outer, (place) =>
    f(
      build(inner, (offset) =>
        at(
          a,
          place.map((i, axis) => i + (offset[axis] as number)),
        ),
      ).data as number[],
    ),
  );
  return { shape: keep ? outer : a.shape.filter((_, axis) => !axes.includes(axis)), data };
}
