/** @file Sparse weighted graphs in compressed rows, undirected: every edge stands in both rows. */

export interface SparseGraph {
  readonly vertices: number;
  /** Row i holds the edges from `start[i]` to `start[i + 1]`, [vertices + 1]. */
  readonly start: Int32Array;
  readonly target: Int32Array;
  /** Lengths, not negative. */
  readonly weight: Float64Array;
}

/** A graph from undirected edges (from, to, weight). Of several between two vertices, all stay. */
export function sparseGraph(
  vertices: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  weight: ArrayLike<number>,
): SparseGraph {
  const start = new Int32Array(vertices + 1);
  for (let e = 0; e < from.length; e++)
    for (const end of [from[e], to[e]] as [number, number])
      start[end + 1] = (start[end + 1] as number) + 1;
  for (let i = 0; i < vertices; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const next = start.slice(0, vertices);
  const target = new Int32Array(2 * from.length);
  const weights = new Float64Array(2 * from.length);
  const put = (a: number, b: number, length: number): void => {
    const at = next[a] as number;
    next[a] = at + 1;
    target[at] = b;
    weights[at] = length;
  };
  for (let e = 0; e < from.length; e++) {
    put(from[e] as number, to[e] as number, weight[e] as number);
    put(to[e] as number, from[e] as number, weight[e] as number);
  }
  return { vertices, start, target, weight: weights };
}

/** A number for each vertex, the same within a connected component; and how many there are. */
export function components(graph: SparseGraph): {
  readonly count: number;
  readonly of: Int32Array;
} {
  const of = new Int32Array(graph.vertices).fill(-1);
  let count = 0;
  for (let root = 0; root < graph.vertices; root++) {
    if (of[root] !== -1) continue;
    const stack = [root];
    of[root] = count;
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop())
      for (let e = graph.start[vertex] as number; e < (graph.start[vertex + 1] as number); e++) {
        const other = graph.target[e] as number;
        if (of[other] !== -1) continue;
        of[other] = count;
        stack.push(other);
      }
    count++;
  }
  return { count, of };
}
