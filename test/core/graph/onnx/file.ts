/** @file Files of one node, the common case. */
import type { File, Node } from "./build.ts";
import { floats } from "./build.ts";

export type NamedFile = readonly [label: string, file: File];

export const batch = { x: { shape: ["batch", 6] } } as const;
export const cube = { x: { shape: ["N", 2, 3] } } as const;

export const one = (
  opset: number,
  op: string,
  attributes: Node["attributes"] = {},
  inputs: File["inputs"] = batch,
): NamedFile => [
  `${op} ${JSON.stringify(attributes)} opset ${opset}`,
  { opset, inputs, nodes: [{ op, attributes }] },
];

/** A node with further constant inputs c0, c1, … */
export const withConstants = (
  opset: number,
  op: string,
  given: readonly (NonNullable<File["constants"]>[string] | null)[],
  attributes: Node["attributes"] = {},
  inputs: File["inputs"] = batch,
): NamedFile => [
  `${op} ${JSON.stringify(attributes)} opset ${opset} with ${given.map((c) => (c ? `${c.dims}` : "none"))}`,
  {
    opset,
    inputs,
    constants: Object.fromEntries(given.flatMap((c, i) => (c ? [[`c${i}`, c]] : []))),
    nodes: [{ op, attributes, inputs: ["x", ...given.map((c, i) => (c ? `c${i}` : ""))] }],
  },
];

export const float = (number: number) => ({ float: number });
export const row = floats([6], [0.3, -1, 2, 0.5, 1.5, -0.7]);
export const weights = floats(
  [6, 4],
  Array.from({ length: 24 }, (_, i) => Math.sin(i)),
);
export const turned = floats(
  [4, 6],
  Array.from({ length: 24 }, (_, i) => Math.cos(i)),
);
export const four = floats([4], [0.1, 0.2, -0.3, 0.4]);
