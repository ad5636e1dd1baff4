/**
 * @file An engine made of plain loops in float64: the oracle of the tests.
 *
 * It leaves out speed and rounding: everything is computed in float64 whatever the types say.
 */
import type { Engine, Graph, Tensor, Value } from "pullback-core";
import { checkTensor, tensorFrom, toNumbers, topological } from "pullback-core";
import type { Plain } from "./array.ts";
import { sizeOf } from "./array.ts";
import { meanings } from "./operators.ts";

/** The values of all outputs. The graph must be bound, the inputs of its shapes. */
export function interpret(
  graph: Graph,
  inputs: Readonly<Record<string, Plain>>,
): Record<string, Plain> {
  const known = new Map<Value, Plain>();
  for (const [name, value] of Object.entries(graph.inputs)) {
    const given = inputs[name];
    if (!given) throw new Error(`interpret: no input ${name}`);
    known.set(value, given);
  }
  for (const value of topological(Object.values(graph.outputs)))
    if (!known.has(value)) known.set(value, evaluate(value, known));
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [name, known.get(value) as Plain]),
  );
}

function evaluate(value: Value, known: ReadonlyMap<Value, Plain>): Plain {
  if (value.data) return { shape: value.shape as number[], data: numbersOf(value as Tensor) };
  const meaning = meanings[value.operator.name];
  if (!meaning) throw new Error(`interpret: no meaning for ${value.operator.name}`);
  const inputs = value.inputs.map((input) => known.get(input) as Plain);
  const result = meaning(inputs, value);
  if (`${result.shape}` !== `${value.shape}` || result.data.length !== sizeOf(result.shape))
    throw new Error(
      `interpret: ${value.operator.name} says [${value.shape}], computed [${result.shape}]`,
    );
  return result;
}

const numbersOf = (values: Pick<Tensor, "data">): number[] => toNumbers(values as Tensor);

/** The interpreter behind the interface of every engine. */
export function interpreterEngine(): Engine {
  return {
    name: "float64 interpreter",
    async compile(graph) {
      return {
        graph,
        async run(inputs, into = {}) {
          const plain = Object.fromEntries(
            Object.entries(graph.inputs).map(([name, value]) => {
              const given = checkTensor(name, value, inputs[name]);
              return [name, { shape: given.shape, data: toNumbers(given) }];
            }),
          );
          const results = interpret(graph, plain);
          return Object.fromEntries(
            Object.entries(results).map(([name, { shape, data }]) => {
              const value = graph.outputs[name] as Value;
              const computed = tensorFrom(value.type, shape, data);
              const target = into[name];
              if (!target) return [name, computed];
              checkTensor(name, value, target);
              (target.data as Float64Array).set(computed.data as Float64Array);
              return [name, target];
            }),
          );
        },
        async dispose() {},
      };
    },
    async dispose() {},
  };
}
