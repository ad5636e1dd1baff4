/** @file A graph made elsewhere as a decoder: its inputs and outputs by our names and shapes. */
import { InputError } from "../array/errors.ts";
import { sizeOf, tensorFrom } from "../array/tensor.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import { constant, expand, input, reshape } from "../graph/index.ts";
import type { Shape, Value } from "../graph/value.ts";
import { describeShape } from "../graph/value.ts";
import type { Decoder } from "./decoder.ts";
import { decoder } from "./decoder.ts";

/** Values of inputs that are no latent code, one number for all elements or one each. */
export type Settings = Readonly<Record<string, readonly number[]>>;

/** A decoder with the shape that its output had. */
export interface AdaptedDecoder extends Decoder {
  /** Shape of one observation, without axes of size one in front: [28, 28]. */
  readonly observationShape: readonly number[];
  /** Name of the output that became `mean`. */
  readonly output: string;
}

/**
 * The decoder in a graph: the one input that `settings` leave free becomes `z` [n, d], flattened
 * where it has more axes; `output` (by default `mean`, or the first with one row a code) becomes
 * `mean` [n, D]. Throws `InputError` that lists inputs and outputs where that is not possible.
 */
export function adaptDecoder(
  source: Graph,
  settings: Settings = {},
  { output }: { readonly output?: string } = {},
): AdaptedDecoder {
  const unknown = Object.keys(settings).find((name) => !(name in source.inputs));
  if (unknown)
    throw new InputError(`decoder: no input is called ${unknown}; inputs: ${list(source.inputs)}`);
  const free = Object.entries(source.inputs).filter(([name]) => !(name in settings));
  const [latent] = free;
  if (!latent || free.length > 1)
    throw new InputError(
      `decoder: expected one latent input, got ${list(source.inputs)}; --set INPUT=VALUE fixes the others`,
    );
  const [name, { type, shape }] = latent;
  const [batch, ...sizes] = shape;
  if (sizes.length === 0 || batch !== "n" || sizes.includes("n") || !isFloat(type))
    throw new InputError(
      `decoder: expected float latent codes [n, d] with a free number n, got ${name} ${type}${describeShape(shape)}`,
    );
  const z = input("z", type, ["n", sizeOf(sizes as number[])]);
  const fixed = Object.entries(settings).map(([key, numbers]) => [
    key,
    setting(key, source.inputs[key] as Value, numbers),
  ]);
  const outputs = inline(source, { ...Object.fromEntries(fixed), [name]: reshape(z, shape) });
  const hasRows = (value: Value | undefined): boolean =>
    value !== undefined && isFloat(value.type) && value.shape[0] === "n" && value.shape.length > 1;
  const first = Object.keys(outputs).find((key) => hasRows(outputs[key]));
  const chosen = output ?? (outputs.mean ? "mean" : first) ?? "";
  const mean = outputs[chosen];
  if (!mean || !hasRows(mean))
    throw new InputError(
      `decoder: expected an output ${output ?? ""} with one row a code, got ${list(source.outputs)}`,
    );
  const observation = mean.shape.slice(1) as number[];
  const from = observation.findIndex((size) => size !== 1);
  const adapted = decoder(graph([z], { mean: reshape(mean, ["n", sizeOf(observation)]) }));
  return {
    ...adapted,
    observationShape: from < 0 ? [1] : observation.slice(from),
    output: chosen,
  };
}

const isFloat = (type: string): boolean => type === "float32" || type === "float64";

function setting(name: string, value: Value, numbers: readonly number[]): Value {
  const own: Shape = value.shape.map((size) => (size === "n" ? 1 : size));
  const size = sizeOf(own as number[]);
  if (numbers.length !== 1 && numbers.length !== size)
    throw new InputError(`--set ${name}: expected 1 or ${size} numbers, got ${numbers.length}`);
  const all = Float64Array.from({ length: size }, (_, i) => numbers[i % numbers.length] as number);
  return expand(constant(tensorFrom(value.type, own as number[], all)), value.shape);
}

function list(values: Graph["inputs"]): string {
  return Object.entries(values)
    .map(([name, { type, shape }]) => `${name} ${type}${describeShape(shape)}`)
    .join(", ");
}
