/** Every rule of every operator, first and second order, against differences and each other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plain } from "../../reference/array.ts";
import { interpret } from "../../reference/interpreter.ts";
import { flat, smooth } from "./cases.ts";
import type { Tower } from "./tower.ts";
import { tower } from "./tower.ts";

const runs = { numRuns: 30, seed: 1 };
const step = 1e-5;

type Numbers = Readonly<Record<string, Plain>>;

/** The inputs moved by `amount` along directions, given as pairs of names: input and direction. */
function moved(numbers: Numbers, pairs: readonly (readonly [string, string])[], amount: number) {
  const result: Record<string, Plain> = { ...numbers };
  for (const [name, direction] of pairs) {
    const { shape, data } = numbers[name] as Plain;
    const along = (numbers[direction] as Plain).data;
    result[name] = { shape, data: data.map((x, i) => x + amount * (along[i] as number)) };
  }
  return result;
}

/** Central difference of every output along the directions. */
function difference({ graph, numbers }: Tower, pairs: readonly (readonly [string, string])[]) {
  const ahead = interpret(graph, moved(numbers, pairs, step));
  const behind = interpret(graph, moved(numbers, pairs, -step));
  return (name: string): number[] =>
    (ahead[name] as Plain).data.map(
      (a, i) => (a - ((behind[name] as Plain).data[i] as number)) / (2 * step),
    );
}

function expectClose(what: string, got: readonly number[], expected: readonly number[]): void {
  const scale = 1 + Math.max(0, ...expected.map(Math.abs));
  expected.forEach((number, i) => {
    const error = Math.abs((got[i] as number) - number) / scale;
    if (!(error < 1e-6)) expect.fail(`${what}[${i}]: got ${got[i]}, expected ${number}`);
  });
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

describe.each(smooth)("%s", (_, instances) => {
  it("has derivatives that agree with differences and with each other", () => {
    fc.assert(
      fc.property(instances, fc.nat(), (instance, seed) => {
        const whole = tower(instance, "float64", seed);
        const { graph, numbers, moving } = whole;
        const values = interpret(graph, numbers);
        const of = (name: string): readonly number[] =>
          (values[name] ?? (numbers[name] as Plain)).data;
        const each = moving.map((input, i) => ({ x: `x${input}`, i }));
        const all = (name: string): number[] => each.flatMap(({ i }) => of(`${name}${i}`));

        const alongT = difference(
          whole,
          each.map(({ x, i }) => [x, `t${i}`] as const),
        );
        expectClose("jvp", of("dy"), alongT("y"));
        expectClose("vjp", [dot(all("g"), all("t"))], [dot(of("w0"), of("dy"))]);

        const alongUS = difference(
          whole,
          each.flatMap(
            ({ x, i }) =>
              [
                [x, `u${i}`],
                [`t${i}`, `s${i}`],
              ] as const,
          ),
        );
        expectClose("jvp of jvp", of("ddy"), alongUS("dy"));
        expectClose(
          "vjp of jvp",
          [dot(all("xOfJ"), all("u")) + dot(all("tOfJ"), all("s"))],
          [dot(of("w0"), of("ddy"))],
        );

        const alongUR = difference(whole, [
          ...each.map(({ x, i }) => [x, `u${i}`] as const),
          ["w0", "r0"],
        ]);
        for (const { i } of each) expectClose("jvp of vjp", of(`dg${i}`), alongUR(`g${i}`));
        expectClose(
          "vjp of vjp",
          [dot(all("xOfV"), all("u")) + dot(of("wOfV"), of("r0"))],
          [dot(all("p"), all("dg"))],
        );
      }),
      runs,
    );
  });
});

describe.each(flat)("%s", (_, instances) => {
  it("does not move", () => {
    fc.assert(
      fc.property(instances, fc.nat(), (instance, seed) => {
        const { graph, numbers } = tower(instance, "float64", seed);
        const values = interpret(graph, numbers);
        expect((values.y as Plain).data.every(Number.isFinite)).toBe(true);
        if (values.dy) expect((values.dy as Plain).data.every((d) => d === 0)).toBe(true);
      }),
      runs,
    );
  });
});
