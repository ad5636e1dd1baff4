import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress, writeAddress } from "../../../packages/explorer/src/page/address.ts";
import type { Filter } from "../../../packages/explorer/src/view/filter.ts";
import type { PlaneChoice } from "../../../packages/explorer/src/view/plane.ts";

const number = fc
  .double({ min: -50, max: 50, noNaN: true })
  .map((x) => Number(x.toPrecision(6)) + 0);

describe("the address", () => {
  test("brings back what was written", () => {
    const points = fc
      .integer({ min: 2, max: 5 })
      .chain((d) =>
        fc.array(fc.array(number, { minLength: d, maxLength: d }), { minLength: 2, maxLength: 4 }),
      );
    fc.assert(
      fc.property(points, fc.string({ minLength: 1 }), number, (path, colour, x) => {
        const [a, b] = path as [number[], number[]];
        const plane: PlaneChoice =
          x > 0 ? { kind: "points", points: [b, a, b] } : { kind: "axes", axes: [0, 3], at: a };
        const filters = new Map<string, Filter>([
          [`${colour}, to`, { kind: "range", from: x, to: x + 1 }],
          [colour, { kind: "without", names: new Set([colour, "a;b,c"]) }],
        ]);
        const state = {
          model: "robot-arm",
          path,
          colour,
          filters,
          search: colour,
          engine: "webgpu" as const,
          metric: { name: "smoothed", lambda: 1000, rank: 2 } as const,
          view: { x, y: 1, scale: 120 },
          plane,
        };
        expect(readAddress(`#${writeAddress(state)}`)).toEqual(state);
      }),
    );
  });

  test.each([
    ["path=1,2", "one point"],
    ["path=1,2;3", "points of different size"],
    ["path=1,x;3,4", "no numbers"],
    ["view=1,2", "half a view"],
    ["view=1,2,-3", "a negative scale"],
    ["metric=curly", "a metric that is none"],
    ["metric=smoothed", "a smoothed metric without lambda"],
    ["axes=1,-2", "axes that are none"],
    ["through=1,2;3,4", "two points for a plane"],
    ["only=age,3&without=%25E0%25A4,x", "half a range, a broken name"],
    ["%%%", "nonsense"],
  ])("leaves out what is not in the right form: %s, %s", (hash) => {
    const { path, view, metric, plane, filters } = readAddress(hash);
    expect({ path, view, metric, plane, filters }).toEqual({});
  });

  test("the plain metric is not mentioned", () => {
    expect(writeAddress({ model: "a b", metric: { name: "pullback" } })).toBe("model=a%20b");
  });
});
