/** @file Files whose operators work on images: convolutions, pooling, sizes, padding; and Einsum. */
import { DataType, floats, ints } from "./build.ts";
import type { NamedFile } from "./file.ts";
import { float, one, withConstants } from "./file.ts";

const wave = (shape: readonly number[], phase = 0) =>
  floats(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.3 * i + phase)),
  );

const image = { x: { shape: ["N", 4, 5, 6] } } as const;
const line = { x: { shape: ["N", 4, 7] } } as const;
const square = { x: { shape: ["N", 2, 4, 4] } } as const;

const convolutions: NamedFile[] = [
  withConstants(7, "Conv", [wave([3, 4, 3, 2])], {}, image),
  withConstants(11, "Conv", [wave([3, 4, 3, 3]), wave([3])], { pads: [1, 0, 2, 1] }, image),
  withConstants(11, "Conv", [wave([6, 2, 3, 3])], { group: 2, strides: [2, 1] }, image),
  withConstants(11, "Conv", [wave([4, 1, 2, 2])], { group: 4, dilations: [2, 3] }, image),
  withConstants(
    11,
    "Conv",
    [wave([2, 4, 3, 2])],
    { auto_pad: "SAME_UPPER", strides: [2, 2] },
    image,
  ),
  withConstants(11, "Conv", [wave([2, 4, 2, 3])], { auto_pad: "SAME_LOWER" }, image),
  withConstants(11, "Conv", [wave([2, 4, 2, 3])], { auto_pad: "VALID" }, image),
  withConstants(11, "Conv", [wave([2, 4, 3])], { pads: [1, 1], kernel_shape: [3] }, line),
  withConstants(7, "ConvTranspose", [wave([4, 3, 3, 2])], {}, image),
  withConstants(
    11,
    "ConvTranspose",
    [wave([4, 3, 3, 3]), wave([3])],
    { pads: [1, 0, 1, 1] },
    image,
  ),
  withConstants(
    11,
    "ConvTranspose",
    [wave([4, 2, 3, 3])],
    { group: 2, strides: [2, 3], output_padding: [1, 2], pads: [1, 1, 1, 1] },
    image,
  ),
  withConstants(11, "ConvTranspose", [wave([4, 2, 2, 2])], { dilations: [2, 1] }, image),
  withConstants(
    11,
    "ConvTranspose",
    [wave([4, 2, 3, 4])],
    { auto_pad: "SAME_UPPER", strides: [2, 2] },
    image,
  ),
  withConstants(
    11,
    "ConvTranspose",
    [wave([4, 2, 4, 4])],
    { output_shape: [9, 12], strides: [2, 2] },
    image,
  ),
  withConstants(11, "ConvTranspose", [wave([4, 2, 3])], { strides: [2] }, line),
];

const pools: NamedFile[] = [
  one(7, "AveragePool", { kernel_shape: [2, 3] }, image),
  one(11, "AveragePool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }, image),
  one(
    11,
    "AveragePool",
    { kernel_shape: [3, 2], pads: [1, 0, 1, 1], strides: [2, 2], count_include_pad: 1 },
    image,
  ),
  one(19, "AveragePool", { kernel_shape: [2, 2], strides: [2, 4], ceil_mode: 1 }, image),
  one(11, "AveragePool", { kernel_shape: [2], strides: [2], auto_pad: "SAME_UPPER" }, line),
  one(7, "MaxPool", { kernel_shape: [2, 3] }, image),
  one(11, "MaxPool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }, image),
  one(12, "MaxPool", { kernel_shape: [2, 2], dilations: [2, 3] }, image),
  one(12, "MaxPool", { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }, image),
  one(11, "GlobalAveragePool", {}, image),
  one(11, "GlobalMaxPool", {}, image),
];

const normalisations: NamedFile[] = [
  withConstants(
    9,
    "BatchNormalization",
    [wave([4]), wave([4], 1), wave([4], 2), floats([4], [1, 2, 3, 4])],
    {},
    image,
  ),
  withConstants(
    7,
    "InstanceNormalization",
    [wave([4]), wave([4], 1)],
    { epsilon: float(1e-3) },
    image,
  ),
  withConstants(11, "InstanceNormalization", [wave([4]), wave([4], 1)], {}, line),
  withConstants(18, "GroupNormalization", [wave([2]), wave([2], 1)], { num_groups: 2 }, image),
  withConstants(21, "GroupNormalization", [wave([4]), wave([4], 1)], { num_groups: 2 }, image),
];

const nothing = floats([0], []);
const resizes: NamedFile[] = [
  one(7, "Upsample", { scales: { floats: [1, 1, 2, 3] } }, square),
  withConstants(9, "Upsample", [floats([4], [1, 1, 2, 2])], { mode: "linear" }, square),
  withConstants(10, "Resize", [floats([4], [1, 1, 2, 1.5])], {}, square),
  ...["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"].flatMap((mode) => [
    ...["nearest", "linear", "cubic"].map((kind) =>
      withConstants(
        13,
        "Resize",
        [nothing, floats([4], [1, 1, 2, 1.75])],
        { mode: kind, coordinate_transformation_mode: mode },
        square,
      ),
    ),
    withConstants(
      11,
      "Resize",
      [nothing, floats([4], [1, 1, 0.5, 0.75])],
      { mode: "linear", coordinate_transformation_mode: mode },
      square,
    ),
  ]),
  ...["round_prefer_ceil", "floor", "ceil"].map((rounding) =>
    withConstants(
      13,
      "Resize",
      [nothing, floats([4], [1, 1, 1.5, 2.5])],
      { nearest_mode: rounding },
      square,
    ),
  ),
  withConstants(
    19,
    "Resize",
    [null, floats([2], [1.6, 0.7])],
    { mode: "linear", axes: [2, 3], coordinate_transformation_mode: "half_pixel_symmetric" },
    square,
  ),
  withConstants(
    18,
    "Resize",
    [null, null, ints([7, 9])],
    { mode: "linear", axes: [-2, -1] },
    square,
  ),
  withConstants(13, "Resize", [null, null, ints([2, 2, 7, 3])], {}, { x: { shape: [2, 2, 4, 4] } }),
  [
    "an Upsample of PyTorch, its sizes computed through floats",
    {
      opset: 11,
      inputs: square,
      constants: {
        two: ints([2]),
        four: ints([4]),
        zero: ints([0]),
        half: floats([2], [2.5, 1.5]),
        none: floats([0], []),
      },
      nodes: [
        { op: "Shape", outputs: ["s"] },
        { op: "Slice", inputs: ["s", "two", "four", "zero"], outputs: ["hw"] },
        { op: "Cast", attributes: { to: DataType.FLOAT }, inputs: ["hw"], outputs: ["f"] },
        { op: "Mul", inputs: ["f", "half"], outputs: ["m"] },
        { op: "Floor", inputs: ["m"], outputs: ["w"] },
        { op: "Cast", attributes: { to: DataType.INT64 }, inputs: ["w"], outputs: ["i"] },
        { op: "Slice", inputs: ["s", "zero", "two", "zero"], outputs: ["nc"] },
        { op: "Concat", attributes: { axis: 0 }, inputs: ["nc", "i"], outputs: ["sizes"] },
        {
          op: "Resize",
          attributes: { mode: "linear", coordinate_transformation_mode: "asymmetric" },
          inputs: ["x", "none", "none", "sizes"],
        },
      ],
    },
  ],
];

const pads: NamedFile[] = [
  one(7, "Pad", { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: float(0.5) }, image),
  one(7, "Pad", { pads: [0, 0, 1, 2, 0, 0, 0, 3], mode: "reflect" }, image),
  one(7, "Pad", { pads: [0, 0, 1, 2, 0, 0, 0, 1], mode: "edge" }, image),
  withConstants(13, "Pad", [ints([0, 1, 1, 0, 0, 0, 2, 2]), floats([], [-3])], {}, image),
  withConstants(13, "Pad", [ints([0, 0, -1, 1, 0, 0, 2, -2]), floats([], [7])], {}, image),
  withConstants(13, "Pad", [ints([0, 0, -1, -2, 0, 0, 0, -1])], {}, image),
  withConstants(13, "Pad", [ints([0, 0, 4, 5, 0, 0, 3, 0])], { mode: "reflect" }, image),
  withConstants(19, "Pad", [ints([0, 0, 2, 6, 0, 0, 3, 1])], { mode: "wrap" }, image),
  withConstants(18, "Pad", [ints([2, 1]), floats([], [1]), ints([-1])], {}, image),
];

const rearranged: NamedFile[] = [
  one(11, "DepthToSpace", { blocksize: 2 }, image),
  one(13, "DepthToSpace", { blocksize: 2, mode: "CRD" }, image),
  one(13, "SpaceToDepth", { blocksize: 2 }, square),
  withConstants(7, "Tile", [ints([1, 2, 1, 3])], {}, image),
  withConstants(13, "Tile", [ints([1, 1, 2])], {}, line),
  ...[-1, 1].map(
    (axis): NamedFile => [
      `OneHot of axis ${axis}`,
      {
        opset: 11,
        inputs: line,
        constants: {
          depth: ints([4], []),
          values: floats([2], [-0.5, 2]),
        },
        nodes: [
          { op: "Cast", attributes: { to: DataType.INT64 }, outputs: ["i"] },
          { op: "OneHot", attributes: { axis }, inputs: ["i", "depth", "values"] },
        ],
      },
    ],
  ),
];

export const imageFiles: readonly NamedFile[] = [
  ...convolutions,
  ...pools,
  ...normalisations,
  ...resizes,
  ...pads,
  ...rearranged,
];

const einsum = (
  equation: string,
  shape: readonly (number | "N")[],
  ...others: readonly (readonly number[])[]
): NamedFile => [
  `Einsum ${equation}`,
  {
    opset: 12,
    inputs: { x: { shape } },
    constants: Object.fromEntries(others.map((sizes, i) => [`c${i}`, wave(sizes, i)])),
    nodes: [
      {
        op: "Einsum",
        attributes: { equation },
        inputs: ["x", ...others.map((_, i) => `c${i}`)],
      },
    ],
  },
];

export const einsumFiles: readonly NamedFile[] = [
  einsum("bi,ij->bj", ["N", 3], [3, 4]),
  einsum("ij,bj->bi", [4, 3], [2, 3]),
  einsum("bchw,cd->bdhw", ["N", 3, 2, 2], [3, 4]),
  einsum("bij,bjk->bik", [2, 3, 4], [2, 4, 5]),
  einsum("b i j -> b j i", ["N", 3, 4]),
  einsum("bij->b", ["N", 3, 4]),
  einsum("bi,j->bij", ["N", 3], [4]),
  einsum("bi,ij,jk", ["N", 3], [3, 4], [4, 2]),
  einsum("...i,ij->...j", ["N", 2, 3], [3, 4]),
  einsum("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
  einsum("bi,bi->", [3, 4], [3, 4]),
];
