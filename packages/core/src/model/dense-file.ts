/** @file A dense decoder from named arrays of weights and `layers.json`. */
import { InputError } from "../array/errors.ts";
import type { LayersFile } from "../format/layers.ts";
import type { NumericArray } from "../format/numeric.ts";
import { toTensor } from "../format/numeric.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import {
  add,
  constant,
  elu,
  gelu,
  input,
  leakyRelu,
  matmul,
  relu,
  sigmoid,
  softplus,
  tanh,
} from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";

type Activation = LayersFile["layers"][number]["activation"];

const activations: Readonly<Record<Activation, (x: Value) => Value>> = {
  linear: (x) => x,
  tanh,
  sigmoid,
  softplus,
  relu,
  leakyRelu: (x) => leakyRelu(x),
  elu: (x) => elu(x),
  gelu: (x) => gelu(x),
};

/**
 * z [n, d] to mean [n, D], float32. Throws `InputError` that names the layer: an array that is not
 * there, no matrix, or one that does not fit the layer before.
 */
export function denseDecoder(
  arrays: ReadonlyMap<string, NumericArray>,
  { layers, order }: LayersFile,
): Graph {
  const named = (name: string, rank: number, layer: number): Value => {
    const array = arrays.get(name);
    if (!array)
      throw new InputError(
        `layers: layer ${layer}: expected one of ${[...arrays.keys()].join(", ")}, got ${name}`,
      );
    if (array.shape.length !== rank)
      throw new InputError(
        `layers: layer ${layer}: ${name}: expected ${rank} axes, got shape [${array.shape}]`,
      );
    return constant(toTensor(array, "float32"));
  };
  const first = named(layers[0]?.weight ?? "", 2, 1);
  const transposeB = order === "out,in";
  const z = input("z", "float32", ["n", first.shape[transposeB ? 1 : 0] as number]);
  const mean = layers.reduce<Value>((x, { weight, bias, activation, residual }, i) => {
    const W = named(weight, 2, i + 1);
    const [from, to] = transposeB ? [W.shape[1], W.shape[0]] : W.shape;
    const fail = (reason: string): never => {
      throw new InputError(
        `layers: layer ${i + 1}: ${reason}; the order of its axes is ${order} here`,
      );
    };
    if (from !== x.shape[1])
      fail(`${weight} [${W.shape}] takes ${from} numbers, ${x.shape[1]} come`);
    const product = matmul(x, W, { transposeB });
    const b = bias === undefined ? null : named(bias, 1, i + 1);
    if (b && b.shape[0] !== to) fail(`${bias} has ${b.shape[0]} numbers, expected ${to}`);
    const y = activations[activation](b ? add(product, b) : product);
    if (residual && from !== to) fail(`residual: expected as many numbers out as in`);
    return residual ? add(x, y) : y;
  }, z);
  return graph([z], { mean });
}
