/** Tiles cover the matrix once, whatever its size, and do not depend on one another. */
import fc from "fast-check";
import type { Tiling } from "pullback-core";
import {
  chooseLandmarks,
  computeTile,
  filledPlaces,
  InputError,
  random,
  shardTiles,
  tileCount,
  tilePlaces,
} from "pullback-core";
import { describe, expect, test } from "vitest";

const tilings: fc.Arbitrary<Tiling> = fc
  .record({
    method: fc.constantFrom("exact", "graph"),
    rows: fc.integer({ min: 2, max: 23 }),
    side: fc.integer({ min: 1, max: 9 }),
    landmarks: fc.option(fc.integer({ min: 1, max: 23 }), { nil: undefined }),
  })
  .map(({ method, rows, side, landmarks }) => ({
    method,
    rows,
    side,
    columns: Math.min(rows, landmarks ?? rows),
    landmarks: landmarks !== undefined,
  }));

/** Some symmetric distance, as both kinds of work. */
const distance = (i: number, j: number): number =>
  i === j ? 0 : Math.fround(100 * Math.min(i, j) + Math.max(i, j) + 0.25);
const workOf = ({ method, rows }: Tiling) =>
  method === "exact"
    ? {
        pairs: async (all: readonly (readonly [number, number])[]) =>
          Float64Array.from(all, ([i, j]) => distance(i, j)),
      }
    : {
        from: (column: number) =>
          Float64Array.from({ length: rows }, (_, i) => distance(i, column)),
      };

describe("tiles", () => {
  test("fill every chunk once, and make up the matrix", async () => {
    await fc.assert(
      fc.asyncProperty(tilings, async (tiling) => {
        const { rows, columns, side } = tiling;
        const matrix = new Float64Array(rows * columns).fill(Number.NaN);
        const seen = new Set<string>();
        for (let tile = 0; tile < tileCount(tiling); tile++) {
          const chunks = await computeTile(tiling, tile, workOf(tiling));
          expect(chunks.map(({ place }) => `${place}`).sort()).toEqual(
            filledPlaces(tiling, tile).map(String).sort(),
          );
          for (const { place, data } of chunks) {
            expect(seen.has(`${place}`)).toBe(false);
            seen.add(`${place}`);
            data.forEach((value, at) => {
              const row = place[0] * side + Math.floor(at / side);
              const column = place[1] * side + (at % side);
              if (row < rows && column < columns) matrix[row * columns + column] = value;
              else expect(value).toBe(0);
            });
          }
        }
        matrix.forEach((value, at) => {
          expect(value).toBe(distance(Math.floor(at / columns), at % columns));
        });
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  test("are dealt out to shares without rest", () => {
    fc.assert(
      fc.property(tilings, fc.integer({ min: 1, max: 7 }), (tiling, shares) => {
        const all = Array.from({ length: shares }, (_, i) =>
          shardTiles(tiling, i + 1, shares),
        ).flat();
        expect(all.sort((a, b) => a - b)).toEqual([...Array(tileCount(tiling)).keys()]);
      }),
      { numRuns: 40, seed: 6 },
    );
  });

  test("refuse numbers and shares that are none", () => {
    const tiling: Tiling = { method: "exact", rows: 5, columns: 5, landmarks: false, side: 2 };
    expect(() => tilePlaces(tiling, 6)).toThrow(/expected a tile below 6, got 6/);
    for (const [i, n] of [
      [0, 3],
      [4, 3],
      [1.5, 3],
    ] as const)
      expect(() => shardTiles(tiling, i, n)).toThrow(InputError);
  });
});

describe("chooseLandmarks", () => {
  test("takes different codes from every cluster", () => {
    const draw = random(1, "clusters");
    const points = Float64Array.from(
      { length: 400 },
      (_, i) => 100 * (Math.floor(i / 2) % 5) + draw.normal(),
    );
    const chosen = chooseLandmarks(points, 2, 5, 7);
    expect(new Set(chosen).size).toBe(5);
    expect(new Set(Array.from(chosen, (i) => i % 5)).size).toBe(5);
    expect(chooseLandmarks(points, 2, 5, 7)).toEqual(chosen);
  });

  test("takes all where all are asked for, equal ones too", () => {
    expect([...chooseLandmarks(new Float64Array(12), 3, 4)].sort()).toEqual([0, 1, 2, 3]);
    expect(() => chooseLandmarks(new Float64Array(12), 3, 5)).toThrow(/expected 1 to 4/);
  });
});
