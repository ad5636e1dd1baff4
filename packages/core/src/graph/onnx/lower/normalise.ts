/** @file Normalisations of a file, as at inference. */
import { perChannel } from "../../operators/convolution.ts";
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";

/** (x - mean) / sqrt(variance + epsilon) over the given axes. */
function normalised(node: OnnxNode, x: Value, axes: readonly number[]): Value {
  const centred = b.sub(x, b.reduceMean(x, axes, true));
  const variance = b.reduceMean(b.square(centred), axes, true);
  return b.div(centred, b.sqrt(b.add(variance, node.float("epsilon", 1e-5))));
}

/** With the statistics of training; channels are axis 1. */
const batchNormalization: Lowering = (node) => {
  if (node.int("training_mode", 0) !== 0) node.refuse("expected a model exported for inference");
  if (node.opset < 9 && node.int("spatial", 1) === 0)
    node.refuse("spatial: statistics of single places are not supported");
  const x = node.value(0);
  const wide = (i: number): Value => perChannel(node.value(i), Math.max(2, x.shape.length));
  const [scale, shift, mean, variance] = [wide(1), wide(2), wide(3), wide(4)] as const;
  const deviation = b.sqrt(b.add(variance, node.float("epsilon", 1e-5)));
  return b.add(b.mul(b.sub(x, mean), b.div(scale, deviation)), shift);
};

const layerNormalization: Lowering = (node) => {
  if (node.outputs > 1) node.refuse("its mean and deviation are not supported as results");
  const x = node.value(0);
  const rank = x.shape.length;
  const axis = node.int("axis", -1);
  const first = axis < 0 ? axis + rank : axis;
  const sized = b.mul(normalised(node, x, range(first, rank)), node.value(1));
  return node.has(2) ? b.add(sized, node.value(2)) : sized;
};

const instanceNormalization: Lowering = (node) => {
  const x = node.value(0);
  const rank = x.shape.length;
  const unit = normalised(node, x, range(2, rank));
  const sized = b.mul(unit, perChannel(node.value(1), rank));
  return b.add(sized, perChannel(node.value(2), rank));
};

/** Scale and shift are one a group until opset 20, one a channel since. */
const groupNormalization: Lowering = (node) => {
  const x = node.value(0);
  const [N, C, ...rest] = x.shape;
  const groups = node.int("num_groups");
  const size = (C as number) / groups;
  if (!Number.isInteger(size)) node.refuse(`${C} channels do not make ${groups} groups`);
  if (N === undefined) return node.refuse("expected an image [N, C, ...]");
  const grouped = b.reshape(x, [N, groups, size, ...rest]);
  const unit = normalised(node, grouped, range(2, grouped.shape.length));
  const each = (i: number): Value => {
    const value = node.value(i);
    const one = value.shape[0] === groups && node.opset < 21;
    return b.reshape(value, [groups, one ? 1 : size, ...rest.map(() => 1)]);
  };
  return b.reshape(b.add(b.mul(unit, each(1)), each(2)), x.shape);
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

export const normalise: Readonly<Record<string, Lowering>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
};
