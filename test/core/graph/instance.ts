/** @file What a case of the table of operators is, and how the common ones are made. */
import fc from "fast-check";
import type { Value } from "pullback-core";

/** Where the numbers of an input lie: away from poles, kinks and ties of the operator. */
export type Domain =
  | "any"
  | "positive"
  | "unit"
  | "separated"
  | "bool"
  | { readonly below: number };

export interface Place {
  readonly shape: readonly number[];
  readonly domain: Domain;
}

/** One operator with its attributes on inputs of given shapes. */
export interface Instance {
  readonly label: string;
  readonly places: readonly Place[];
  readonly build: (inputs: readonly Value[]) => Value;
}

export type Case = readonly [name: string, instances: fc.Arbitrary<Instance>];

export type Shape = readonly number[];

export const size = fc.constantFrom(1, 2, 3);
export const shapes = (minimum: number, maximum = 3): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength: minimum, maxLength: maximum });

/** Shapes that broadcast to one: leading axes missing, others of size one. */
export function broadcasting(count: number, base = shapes(0)): fc.Arbitrary<Shape[]> {
  return base.chain((shape) =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
          .map(([dropped, ones]) => shape.map((d, i) => (ones[i] ? 1 : d)).slice(dropped)),
      ),
    ),
  );
}

export const two = (values: readonly Value[]): [Value, Value] => [
  values[0] as Value,
  values[1] as Value,
];
export const one = (values: readonly Value[]): Value => values[0] as Value;

export const unary = (
  name: string,
  f: (x: Value) => Value,
  domain: Domain = "any",
  base = shapes(0),
): Case => [
  name,
  base.map((shape) => ({
    label: `${name} [${shape}]`,
    places: [{ shape, domain }],
    build: (values) => f(one(values)),
  })),
];

export const nary = (
  name: string,
  f: (...values: Value[]) => Value,
  ...domains: readonly Domain[]
): Case => [
  name,
  broadcasting(domains.length).map((all) => ({
    label: `${name} ${all.map((shape) => `[${shape}]`).join(" ")}`,
    places: all.map((shape, i) => ({ shape, domain: domains[i] as Domain })),
    build: (values) => f(...values),
  })),
];

/** An operator of one input whose attribute depends on its shape. */
export function withAttribute<A>(
  name: string,
  base: fc.Arbitrary<number[]>,
  attribute: (shape: Shape) => fc.Arbitrary<A>,
  f: (x: Value, attribute: A) => Value,
  domain: Domain = "any",
): Case {
  return [
    name,
    base.chain((shape) =>
      attribute(shape).map((chosen) => ({
        label: `${name} [${shape}] ${JSON.stringify(chosen)}`,
        places: [{ shape, domain }],
        build: (values) => f(one(values), chosen),
      })),
    ),
  ];
}

/** An axis of the shape, counted from either end. */
export const axisOf = (shape: Shape): fc.Arbitrary<number> =>
  fc.integer({ min: -shape.length, max: shape.length - 1 });
