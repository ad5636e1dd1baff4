/**
 * @file A graph: named inputs, named outputs, and whatever the outputs reach.
 *
 * Everything that changes a graph is one walk, `rewrite`, which visits values in the order of
 * computation and joins equal ones on the way.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray, FloatType, ScalarType } from "../array/tensor.ts";
import { tensorFrom } from "../array/tensor.ts";
import { Constant, constant, Input } from "./operators/leaf.ts";
import type { Shape, Value } from "./value.ts";
import { apply } from "./value.ts";

export interface Graph {
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, Value>>;
}

/** Builds a graph from its outputs. Throws when they use an input that is not named here. */
export function graph(inputs: readonly Value[], outputs: Readonly<Record<string, Value>>): Graph {
  const named = Object.fromEntries(inputs.map((value) => [inputName(value), value]));
  return rewrite({ inputs: named, outputs }, again);
}

export function inputName(value: Value): string {
  if (value.operator !== Input) throw new Error(`expected an input, got ${value.operator.name}`);
  return value.attributes.name as string;
}

/** Values that `outputs` need, each after what it is computed from. Iterative: graphs are deep. */
export function topological(outputs: readonly Value[]): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack: { value: Value; entered: boolean }[] = outputs
    .map((value) => ({ value, entered: false }))
    .reverse();
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.entered) order.push(top.value);
    else if (!seen.has(top.value)) {
      seen.add(top.value);
      stack.push({ value: top.value, entered: true });
      for (const input of [...top.value.inputs].reverse())
        if (!seen.has(input)) stack.push({ value: input, entered: false });
    }
  }
  return order;
}

/** What becomes of a value whose inputs have become `inputs`. */
export type Change = (value: Value, inputs: readonly Value[]) => Value;

/** The same operator on other inputs. */
export const again: Change = (value, inputs) =>
  inputs.every((input, i) => input === value.inputs[i])
    ? value
    : apply(value.operator, inputs, value.attributes);

/** The graph that `change` makes, value by value in the order of computation; equal ones join. */
export function rewrite(source: Graph, change: Change): Graph {
  const inputs = new Map(Object.values(source.inputs).map((value) => [value, change(value, [])]));
  return {
    inputs: mapValues(source.inputs, (value) => inputs.get(value) as Value),
    outputs: rebuild(source.outputs, inputs, change),
  };
}

/**
 * The same graph with other names of inputs and outputs, given as old to new; those not given keep
 * theirs. Throws `InputError` on a name that the graph has not, or that two would have.
 */
export function renamed(
  source: Graph,
  names: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly outputs?: Readonly<Record<string, string>>;
  },
): Graph {
  const rekeyed = (what: string, values: Graph["inputs"], to: Readonly<Record<string, string>>) => {
    for (const name of Object.keys(to))
      if (!values[name])
        throw new InputError(
          `renamed: expected one of the ${what}s ${Object.keys(values).join(", ")}, got ${name}`,
        );
    const entries = Object.entries(values).map(([name, value]) => [to[name] ?? name, value]);
    const all = Object.fromEntries(entries) as Record<string, Value>;
    if (Object.keys(all).length < entries.length)
      throw new InputError(`renamed: two ${what}s would have one name`);
    return all;
  };
  const { inputs = {}, outputs = {} } = names;
  return rewrite(
    {
      inputs: rekeyed("input", source.inputs, inputs),
      outputs: rekeyed("output", source.outputs, outputs),
    },
    (value, moved) => {
      if (value.operator !== Input) return again(value, moved);
      const name = inputName(value);
      return { ...value, attributes: { name: inputs[name] ?? name } };
    },
  );
}

/** The outputs of a graph as values over other inputs: one graph put inside another. */
export function inline(
  source: Graph,
  inputs: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const given = new Map(
    Object.entries(source.inputs).map(([name, value]) => {
      const replacement = inputs[name];
      if (!replacement) throw new InputError(`inline: the graph needs an input ${name}`);
      return [value, replacement];
    }),
  );
  return rebuild(source.outputs, given, again);
}

function rebuild(
  outputs: Graph["outputs"],
  inputs: ReadonlyMap<Value, Value>,
  change: Change,
): Graph["outputs"] {
  const done = new Map(inputs);
  const join = joiner(inputs.values());
  for (const value of topological(Object.values(outputs))) {
    if (done.has(value)) continue;
    if (value.operator === Input)
      throw new InputError(`graph: the outputs use an input not given: ${inputName(value)}`);
    const moved = value.inputs.map((input) => done.get(input) as Value);
    done.set(value, join(change(value, moved)));
  }
  return mapValues(outputs, (value) => done.get(value) as Value);
}

/** Answers each value with the first one that equals it: common sub-expressions become one. */
function joiner(leaves: Iterable<Value>): (value: Value) => Value {
  const ids = new Map<Value | ArrayBufferView, number>();
  const id = (thing: Value | ArrayBufferView): number => {
    const known = ids.get(thing) ?? ids.size;
    ids.set(thing, known);
    return known;
  };
  const joined = new Map<Value, Value>();
  for (const leaf of leaves) joined.set(leaf, leaf);
  const byContent = new Map<string, Value>();

  return function join(value: Value): Value {
    const before = joined.get(value);
    if (before) return before;
    const inputs = value.inputs.map(join);
    const content = value.data
      ? `${value.type}[${value.shape}]${value.data.length > 64 ? `#${id(value.data)}` : exactly(value.data)}`
      : `${value.operator.name}(${inputs.map(id)})${JSON.stringify(value.attributes)}`;
    const same = inputs.every((input, i) => input === value.inputs[i]);
    const first = byContent.get(content) ?? (same ? value : { ...value, inputs });
    byContent.set(content, first);
    joined.set(value, first);
    joined.set(first, first);
    return first;
  };
}

/** Elements as text that tells -0 from 0. */
const exactly = (data: NonNullable<Value["data"]>): string =>
  Array.from(data as ArrayLike<number | bigint>, (x) => (Object.is(x, -0) ? "-0" : `${x}`)).join();

/** Replaces the symbol `n` by a number everywhere. */
export function bind(source: Graph, { n }: { readonly n: number }): Graph {
  if (!Number.isInteger(n) || n < 1)
    throw new InputError(`bind: expected n to be a whole number from 1, got ${n}`);
  const bound = (shape: Shape): Shape => shape.map((size) => (size === "n" ? n : size));
  return rewrite(source, (value, inputs) => {
    if (value.operator === Input) return { ...value, shape: bound(value.shape) };
    if (value.operator === Constant) return value;
    const attributes = mapValues(value.attributes, (attribute) =>
      Array.isArray(attribute) ? bound(attribute) : attribute,
    );
    return apply(value.operator, inputs, attributes);
  });
}

/** The same graph in another precision: inputs, constants and everything between them. */
export function withPrecision(source: Graph, precision: FloatType): Graph {
  const change = (type: ScalarType): ScalarType => (isFloat(type) ? precision : type);
  return rewrite(source, (value, inputs) => {
    if (value.operator === Input) return { ...value, type: change(value.type) };
    if (value.operator === Constant) {
      if (!isFloat(value.type) || value.type === precision) return value;
      return constant(tensorFrom(precision, value.shape as number[], value.data as FloatArray));
    }
    const to = value.attributes.to as ScalarType | undefined;
    const attributes = to ? { ...value.attributes, to: change(to) } : value.attributes;
    return apply(value.operator, inputs, attributes);
  });
}

const isFloat = (type: ScalarType): boolean => type === "float32" || type === "float64";

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
