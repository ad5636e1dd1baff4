/** @file An instance of the table as a graph with all its derivatives, and numbers for it. */
import type { FloatType, Graph, ScalarType, Tangent, Value } from "pullback-core";
import { graph, input, jvp, random, vjp, zerosLike } from "pullback-core";
import type { Plain } from "../../reference/array.ts";
import { sizeOf } from "../../reference/array.ts";
import type { Domain, Instance, Place } from "./instance.ts";

export interface Tower {
  readonly graph: Graph;
  readonly numbers: Readonly<Record<string, Plain>>;
  /** Numbers of the inputs that move. */
  readonly moving: readonly number[];
}

const isFloat = ({ domain }: Place): boolean => typeof domain === "string" && domain !== "bool";

const typeOf = (place: Place, float: FloatType): ScalarType =>
  isFloat(place) ? float : place.domain === "bool" ? "bool" : "int64";

/**
 * The graph of an instance: output `y`; with moving inputs also `dy` (along t), `g0`, `g1`, …
 * (gradients of <w, y>), and the second order: `ddy`, how dy moves along (u, s); `dg0`, …, how the
 * gradients move along (u, r); and the gradients of both: `xOfJ0`, `tOfJ0`, `xOfV0`, `wOfV`.
 */
export function tower(instance: Instance, float: FloatType, seed: number): Tower {
  const named = (letter: string, places: readonly Place[]): Value[] =>
    places.map((place, i) => input(`${letter}${i}`, typeOf(place, float), place.shape));
  const x = named("x", instance.places);
  const y = instance.build(x);
  const moving = instance.places.flatMap((place, i) => (isFloat(place) ? [i] : []));
  if (y.type !== float || moving.length === 0)
    return {
      graph: graph(x, { y }),
      numbers: numbersFor(x, instance.places, seed),
      moving: [],
    };
  const free = moving.map((i) => instance.places[i] as Place);
  const xs = moving.map((i) => x[i] as Value);
  const [t, u, s, p] = ["t", "u", "s", "p"].map((letter) => named(letter, free)) as [
    Value[],
    Value[],
    Value[],
    Value[],
  ];
  const place: Place = { shape: y.shape as number[], domain: "any" };
  const [w, r] = [named("w", [place]), named("r", [place])] as [Value[], Value[]];
  const still = (tangent: Tangent | undefined, like: Value): Value => tangent ?? zerosLike(like);

  const dy = still(jvp([y], xs, t)[0], y);
  const gs = vjp([y], xs, w);
  const outputs: Record<string, Value> = { y, dy };
  const add = (name: string, values: readonly Value[]): void =>
    values.forEach((value, i) => {
      outputs[`${name}${i}`] = value;
    });
  outputs.ddy = still(jvp([dy], [...xs, ...t], [...u, ...s])[0], dy);
  add("g", gs);
  const dgs = jvp(gs, [...xs, ...w], [...u, ...r]);
  add(
    "dg",
    dgs.map((tangent, i) => still(tangent, gs[i] as Value)),
  );
  const ofJ = vjp([dy], [...xs, ...t], w);
  add("xOfJ", ofJ.slice(0, xs.length));
  add("tOfJ", ofJ.slice(xs.length));
  const ofV = vjp(gs, [...xs, ...w], p);
  add("xOfV", ofV.slice(0, xs.length));
  outputs.wOfV = ofV[xs.length] as Value;

  const inputs = [...x, ...t, ...u, ...s, ...p, ...w, ...r];
  const directions = [...free, ...free, ...free, ...free].map((f) => ({
    ...f,
    domain: "any" as const,
  }));
  const places = [...instance.places, ...directions, place, place];
  return { graph: graph(inputs, outputs), numbers: numbersFor(inputs, places, seed), moving };
}

function numbersFor(
  values: readonly Value[],
  places: readonly Place[],
  seed: number,
): Record<string, Plain> {
  const draw = random(seed, "numbers");
  const total = places.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const order = draw.permutation(total);
  let used = 0;
  const element = (domain: Domain): number => {
    if (typeof domain === "object") return draw.integer(2 * domain.below) - domain.below;
    switch (domain) {
      case "bool":
        return draw.integer(2);
      case "positive":
        return 0.3 + Math.abs(draw.normal());
      case "unit":
        return 1.8 * draw.uniform() - 0.9;
      // No two of the numbers meet, and none is near zero: no kink and no tie within reach.
      case "separated":
        return ((order[used++] as number) - total / 2 + 0.37) * (4 / total);
      case "any":
        return draw.normal();
    }
  };
  return Object.fromEntries(
    values.map((value, i) => {
      const { shape, domain } = places[i] as Place;
      const data = Array.from({ length: sizeOf(shape) }, () => element(domain));
      // Numbers that both precisions hold, so that comparisons and casts agree.
      return [value.attributes.name as string, { shape, data: data.map(Math.fround) }];
    }),
  );
}
