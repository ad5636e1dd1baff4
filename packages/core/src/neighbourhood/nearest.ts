/**
 * @file Nearest neighbours by a k-d tree: the same answers as by comparison with every point, fast
 * where the dimension is small.
 *
 * With a limit of leaves the answers are approximate: the search ends where it has looked at that
 * many, nearest first.
 */

/** Points of a leaf. */
const leafSize = 16;

interface Tree {
  /** Points in the order of the leaves. */
  readonly order: Int32Array;
  /** Inner nodes: the axis, the value, and the children at 2 i + 1 and 2 i + 2. */
  readonly axis: Int8Array | Int16Array;
  readonly value: Float64Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

export interface NearestOptions {
  /** Whose neighbours are asked for, [m, d]; those of the points themselves by default. */
  readonly queries?: Float64Array;
  /** Leaves looked at for one query; all that matter by default. */
  readonly leaves?: number;
  readonly signal?: AbortSignal;
}

/**
 * The k nearest other points of each point (or of each query), nearest first: indices [n, k], -1 where
 * there are fewer. points: [n, d].
 */
export function nearest(
  points: Float64Array,
  d: number,
  k: number,
  { queries, leaves = Number.POSITIVE_INFINITY, signal }: NearestOptions = {},
): Int32Array {
  const asked = queries ?? points;
  const n = asked.length / d;
  const tree = build(points, d);
  const result = new Int32Array(n * k).fill(-1);
  const best = new Float64Array(k);
  const stack = new Int32Array(128);
  const bounds = new Float64Array(128);
  for (let q = 0; q < n; q++) {
    if (q % 4096 === 0) signal?.throwIfAborted();
    best.fill(Number.POSITIVE_INFINITY);
    const row = q * k;
    let [top, looked] = [1, 0];
    stack[0] = 0;
    bounds[0] = 0;
    while (top > 0 && looked < leaves) {
      const bound = bounds[--top] as number;
      let node = stack[top] as number;
      if (bound >= (best[k - 1] as number)) continue;
      // Down to the leaf on the query's side; the other sides wait.
      while ((tree.axis[node] as number) >= 0) {
        const axis = tree.axis[node] as number;
        const difference = (asked[q * d + axis] as number) - (tree.value[node] as number);
        const near = 2 * node + (difference <= 0 ? 1 : 2);
        stack[top] = 4 * node + 3 - near;
        bounds[top++] = Math.max(bound, difference * difference);
        node = near;
      }
      looked++;
      for (let at = tree.start[node] as number; at < (tree.end[node] as number); at++) {
        const p = tree.order[at] as number;
        if (p === q && !queries) continue;
        let square = 0;
        for (let i = 0; i < d; i++) {
          const difference = (points[p * d + i] as number) - (asked[q * d + i] as number);
          square += difference * difference;
        }
        if (square >= (best[k - 1] as number)) continue;
        let place = k - 1;
        for (; place > 0 && (best[place - 1] as number) > square; place--) {
          best[place] = best[place - 1] as number;
          result[row + place] = result[row + place - 1] as number;
        }
        best[place] = square;
        result[row + place] = p;
      }
    }
  }
  return result;
}

/** Halves at the median of the widest axis, until leaves are small. */
function build(points: Float64Array, d: number): Tree {
  const n = points.length / d;
  const depth = Math.max(0, Math.ceil(Math.log2(n / leafSize)));
  const nodes = 2 ** (depth + 1) - 1;
  const tree = {
    order: Int32Array.from({ length: n }, (_, i) => i),
    axis: new Int16Array(nodes).fill(-1),
    value: new Float64Array(nodes),
    start: new Int32Array(nodes),
    end: new Int32Array(nodes),
  };
  const split = (node: number, start: number, end: number): void => {
    tree.start[node] = start;
    tree.end[node] = end;
    if (2 * node + 2 >= nodes || end - start <= leafSize) return;
    const axis = widest(points, d, tree.order, start, end);
    const middle = (start + end) >> 1;
    const part = tree.order.subarray(start, end);
    part.sort((a, b) => (points[a * d + axis] as number) - (points[b * d + axis] as number));
    tree.axis[node] = axis;
    tree.value[node] = points[(tree.order[middle - 1] as number) * d + axis] as number;
    split(2 * node + 1, start, middle);
    split(2 * node + 2, middle, end);
  };
  split(0, 0, n);
  return tree;
}

function widest(
  points: Float64Array,
  d: number,
  order: Int32Array,
  start: number,
  end: number,
): number {
  let [axis, extent] = [0, -1];
  for (let i = 0; i < d; i++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = start; at < end; at++) {
      const value = points[(order[at] as number) * d + i] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > extent) [axis, extent] = [i, high - low];
  }
  return axis;
}
