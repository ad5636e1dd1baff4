/**
 * @file A matrix of distances in tiles: which chunks each tile fills, and what they hold.
 *
 * A tile depends on the job and its own number alone, so that any process may compute it, once or
 * again, in any order, with the same bytes. A matrix of all pairs is symmetric to the last bit: each
 * pair is computed once and written to both its places. Chunks are square; those at the edge are
 * filled with zeros beyond it.
 */
import { InputError } from "../array/errors.ts";

/** How the matrix is cut. */
export interface Tiling {
  readonly method: "exact" | "graph";
  /** Codes: rows of the matrix. */
  readonly rows: number;
  /** Columns: as many as rows, or landmarks. */
  readonly columns: number;
  /** Whether columns are landmarks instead of all the codes. */
  readonly landmarks: boolean;
  /** Rows and columns of a chunk. */
  readonly side: number;
}

/** Place of a chunk: its row and column of chunks. */
export type Place = readonly [row: number, column: number];

export interface Chunk {
  readonly place: Place;
  /** [side, side], row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

const blocks = (count: number, side: number): number => Math.ceil(count / side);

/** Number of tiles of a matrix. */
export function tileCount(tiling: Tiling): number {
  const [down, across] = [blocks(tiling.rows, tiling.side), blocks(tiling.columns, tiling.side)];
  if (tiling.landmarks) return tiling.method === "graph" ? across : down * across;
  return tiling.method === "graph" ? down : (down * (down + 1)) / 2;
}

/**
 * The blocks of rows and columns that a tile computes: a tile of the graph method has one row (or,
 * for landmarks, one column) of blocks, since one search answers all of it.
 */
export function tilePlaces(tiling: Tiling, tile: number): Place[] {
  if (!Number.isInteger(tile) || tile < 0 || tile >= tileCount(tiling))
    throw new InputError(`distances: expected a tile below ${tileCount(tiling)}, got ${tile}`);
  const [down, across] = [blocks(tiling.rows, tiling.side), blocks(tiling.columns, tiling.side)];
  const upTo = (count: number, first = 0): number[] =>
    Array.from({ length: count - first }, (_, i) => first + i);
  if (tiling.landmarks)
    return tiling.method === "graph"
      ? upTo(down).map((row) => [row, tile] as const)
      : [[Math.floor(tile / across), tile % across]];
  if (tiling.method === "graph") return upTo(down, tile).map((column) => [tile, column] as const);
  let [row, rest] = [0, tile];
  while (rest >= down - row) rest -= down - row++;
  return [[row, row + rest]];
}

/** All places that a tile fills: those it computes, and their mirror images. */
export function filledPlaces(tiling: Tiling, tile: number): Place[] {
  const computed = tilePlaces(tiling, tile);
  if (tiling.landmarks) return computed;
  return computed.flatMap(([row, column]): Place[] =>
    row === column
      ? [[row, column]]
      : [
          [row, column],
          [column, row],
        ],
  );
}

/** First and last (excluded) index of a block. */
export function blockRange(block: number, side: number, count: number): [number, number] {
  return [block * side, Math.min(count, (block + 1) * side)];
}

/** What a tile needs to be computed: the distance of a row to a column. */
export interface TileWork {
  /** Distances of many pairs, row and column of the matrix each. */
  readonly pairs?: (pairs: readonly (readonly [number, number])[]) => Promise<Float64Array>;
  /** Distances from a column of the matrix (a code, or a landmark) to all codes, by one search. */
  readonly from?: (column: number) => Float64Array;
}

/** The chunks of a tile. `work` has `pairs` for the exact method and `from` for the graph. */
export async function computeTile(
  tiling: Tiling,
  tile: number,
  { pairs, from }: TileWork,
): Promise<Chunk[]> {
  const { side, rows, columns, landmarks } = tiling;
  const chunks = new Map<string, Chunk>();
  for (const place of filledPlaces(tiling, tile))
    chunks.set(`${place}`, { place, data: new Float32Array(side * side) });
  const put = (row: number, column: number, distance: number): void => {
    const place: Place = [Math.floor(row / side), Math.floor(column / side)];
    const chunk = chunks.get(`${place}`) as Chunk;
    chunk.data[(row % side) * side + (column % side)] = distance;
  };
  const both = (row: number, column: number, distance: number): void => {
    put(row, column, distance);
    if (!landmarks && row !== column) put(column, row, distance);
  };

  const places = tilePlaces(tiling, tile);
  if (from && tiling.method === "graph") {
    // Without landmarks the searches start at rows, and the matrix is symmetric.
    const [first, last] = blockRange(tile, side, landmarks ? columns : rows);
    for (let source = first; source < last; source++) {
      const distances = from(source);
      for (let row = landmarks ? 0 : source + 1; row < rows; row++) {
        if (landmarks) put(row, source, distances[row] as number);
        else both(source, row, distances[row] as number);
      }
    }
  } else if (pairs) {
    const [row, column] = places[0] as Place;
    const [firstRow, lastRow] = blockRange(row, side, rows);
    const [firstColumn, lastColumn] = blockRange(column, side, columns);
    const wanted: [number, number][] = [];
    for (let i = firstRow; i < lastRow; i++)
      for (let j = landmarks ? firstColumn : Math.max(firstColumn, i + 1); j < lastColumn; j++)
        wanted.push([i, j]);
    const distances = wanted.length > 0 ? await pairs(wanted) : new Float64Array(0);
    wanted.forEach(([i, j], at) => {
      both(i, j, distances[at] as number);
    });
  } else throw new Error(`computeTile: no work for the method ${tiling.method}`);
  return [...chunks.values()];
}

/** Tiles of the i-th of n shares, 1 to n: dealt out like cards, for tiles get cheaper along the way. */
export function shardTiles(tiling: Tiling, share: number, of: number): number[] {
  if (!(Number.isInteger(share) && Number.isInteger(of) && share >= 1 && share <= of))
    throw new InputError(`shard: expected i/n with i from 1 to n, got ${share}/${of}`);
  const tiles: number[] = [];
  for (let tile = share - 1; tile < tileCount(tiling); tile += of) tiles.push(tile);
  return tiles;
}
