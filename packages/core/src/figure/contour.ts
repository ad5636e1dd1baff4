/**
 * @file Lines of equal value over a grid, by marching squares: each cell is crossed where the value
 * lies between those of two corners, linear along the edge, and the pieces are joined end to end.
 *
 * Unlike rings of an area, lines end at the border of the grid and beside values that are not
 * finite. Where two lines could pass a cell either way, the mean of its corners decides.
 */

/** A line in grid coordinates (column, row); closed when it ends where it begins. */
export type Isoline = readonly (readonly [number, number])[];

/** Lines at `level` over values [rows, columns], row-major. */
export function isolines(
  values: ArrayLike<number>,
  columns: number,
  rows: number,
  level: number,
): Isoline[] {
  const at = (column: number, row: number): number => values[row * columns + column] as number;
  /** Neighbouring crossings of each crossing; an edge is 2 point, plus 1 when it leads upwards. */
  const next = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    next.set(a, [...(next.get(a) ?? []), b]);
    next.set(b, [...(next.get(b) ?? []), a]);
  };
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const [a, b] = [at(column, row), at(column + 1, row)];
      const [c, d] = [at(column + 1, row + 1), at(column, row + 1)];
      const below = [a < level, b < level, c < level, d < level] as const;
      if (below.every((side) => side === below[0]) || !Number.isFinite(a + b + c + d)) continue;
      const point = 2 * (row * columns + column);
      const edges = [point, point + 3, point + 2 * columns, point + 1];
      const crossed = edges.filter((_, k) => below[k] !== below[(k + 1) % 4]);
      if (crossed.length === 2) join(crossed[0] as number, crossed[1] as number);
      else {
        // The first corner is cut off when it lies on the other side than the middle.
        const shift = (a + b + c + d) / 4 < level === below[0] ? 1 : 3;
        for (const k of [0, 2]) join(edges[k] as number, edges[(k + shift) % 4] as number);
      }
    }
  const place = (edge: number): readonly [number, number] => {
    const [column, row] = [(edge >> 1) % columns, Math.floor((edge >> 1) / columns)];
    const [dx, dy] = edge & 1 ? [0, 1] : [1, 0];
    const from = at(column, row);
    const share = (level - from) / (at(column + dx, row + dy) - from);
    return [column + share * dx, row + share * dy];
  };
  return chains(next).map((chain) => chain.map(place));
}

/** Paths through a graph of degree at most two: open ones from their ends, then the closed. */
function chains(next: ReadonlyMap<number, readonly number[]>): number[][] {
  const left = new Set(next.keys());
  const follow = (start: number): number[] => {
    const chain: number[] = [];
    for (let here: number | undefined = start; here !== undefined; ) {
      chain.push(here);
      left.delete(here);
      here = next.get(here)?.find((other) => left.has(other));
    }
    return chain;
  };
  const result: number[][] = [];
  for (const [edge, others] of next)
    if (others.length === 1 && left.has(edge)) result.push(follow(edge));
  for (const edge of left) result.push([...follow(edge), edge]);
  return result;
}
