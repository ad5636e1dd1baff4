import fc from "fast-check";
import { random } from "pullback-core";
import { expect, test } from "vitest";
import { pathTo, shortestPathsOn } from "../../../packages/core/src/neighbourhood/shortest.ts";
import { components, sparseGraph } from "../../../packages/core/src/neighbourhood/sparse.ts";

const edges = fc.array(
  fc.tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 0, max: 9 })).filter(([a, b]) => a !== b),
  { maxLength: 20 },
);
const build = (list: readonly (readonly [number, number, number])[]) =>
  sparseGraph(
    8,
    list.map(([a]) => a),
    list.map(([, b]) => b),
    list.map(([, , w]) => w),
  );

test("shortest paths agree with Floyd and Warshall, and are paths", () => {
  fc.assert(
    fc.property(edges, (list) => {
      const table = Array.from({ length: 8 }, (_, i) =>
        Array.from({ length: 8 }, (_, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)),
      );
      const at = (i: number, j: number): number => table[i]?.[j] as number;
      const set = (i: number, j: number, w: number): void => {
        (table[i] as number[])[j] = Math.min(at(i, j), w);
      };
      for (const [a, b, w] of list) {
        set(a, b, w);
        set(b, a, w);
      }
      for (let k = 0; k < 8; k++)
        for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) set(i, j, at(i, k) + at(k, j));
      const weight = new Map<string, number>(
        list
          .flatMap(
            ([a, b, w]) =>
              [
                [`${a} ${b}`, w],
                [`${b} ${a}`, w],
              ] as const,
          )
          .sort(([, a], [, b]) => b - a),
      );
      const tree = shortestPathsOn(build(list))(0);
      for (let to = 0; to < 8; to++) {
        expect(tree.distance[to]).toBe(at(0, to));
        const path = pathTo(tree, to);
        if (!Number.isFinite(at(0, to))) {
          expect(path).toBeNull();
          continue;
        }
        expect(path?.[0]).toBe(0);
        expect(path?.at(-1)).toBe(to);
        const length = path
          ?.slice(1)
          .reduce((sum, v, i) => sum + (weight.get(`${path[i]} ${v}`) as number), 0);
        expect(length).toBe(at(0, to));
        // Stopping at the target changes nothing for it.
        expect(shortestPathsOn(build(list))(0, [to]).distance[to]).toBe(at(0, to));
      }
    }),
  );
});

test("a search leaves nothing behind: source after source, stopped early or not", () => {
  const draw = random(3, "graph");
  const [vertices, edges] = [300, 900];
  const ends = () => Array.from({ length: edges }, () => draw.integer(vertices));
  const [from, to] = [ends(), ends()];
  const weight = Array.from({ length: edges }, (_, i) => (i % 9 === 0 ? 0 : draw.uniform()));
  const graph = sparseGraph(vertices, from, to, weight);
  const search = shortestPathsOn(graph);
  for (const source of [0, 17, 299, 17]) {
    const fresh = shortestPathsOn(graph)(source);
    expect(search(source).distance).toEqual(fresh.distance);
    search(source, [5]);
    expect(search(source).before).toEqual(fresh.before);
  }
});

test("components are what can be reached", () => {
  fc.assert(
    fc.property(edges, (list) => {
      const graph = build(list);
      const { of, count } = components(graph);
      expect(new Set(of).size).toBe(count);
      const search = shortestPathsOn(graph);
      for (let from = 0; from < 8; from++) {
        const { distance } = search(from);
        for (let to = 0; to < 8; to++)
          expect(Number.isFinite(distance[to])).toBe(of[from] === of[to]);
      }
    }),
  );
});
