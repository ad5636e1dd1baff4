/** @file Files that arrange, pick and make tensors, and that compute shapes inside the graph. */
import { bools, DataType, doubles, floats, ints, narrow, raw } from "./build.ts";
import type { NamedFile } from "./file.ts";
import { batch, cube, float, one, withConstants } from "./file.ts";

const arranging: NamedFile[] = [
  withConstants(7, "Reshape", [ints([-1, 2, 3])]),
  withConstants(13, "Reshape", [ints([0, 3, -1])]),
  withConstants(13, "Reshape", [ints([0, 0, 1, -1])], {}, cube),
  one(7, "Transpose"),
  one(13, "Transpose", { perm: [0, 2, 1] }, cube),
  one(13, "Flatten", {}, cube),
  one(13, "Flatten", { axis: -2 }, cube),
  one(9, "Flatten", { axis: 0 }, { x: { shape: [2, 3] } }),
  withConstants(8, "Expand", [ints([2, 1, 6])]),
  withConstants(
    13,
    "Concat",
    [floats([1, 4], [1, 2, 3, 4])],
    { axis: 1 },
    { x: { shape: [1, 6] } },
  ),
  one(7, "Unsqueeze", { axes: [0, 3] }),
  withConstants(13, "Unsqueeze", [ints([-1, 1])]),
  one(7, "Squeeze", { axes: [1] }, { x: { shape: ["N", 1, 3] } }),
  withConstants(13, "Squeeze", [ints([-2])], {}, { x: { shape: ["N", 1, 3] } }),
  one(13, "Squeeze", {}, { x: { shape: ["N", 1, 3] } }),
  [
    "Split by an attribute, opset 7",
    {
      opset: 7,
      inputs: batch,
      nodes: [
        { op: "Split", attributes: { axis: 1, split: [2, 4] }, outputs: ["a", "b"] },
        { op: "Concat", attributes: { axis: -1 }, inputs: ["b", "a"] },
      ],
    },
  ],
  [
    "Split by an input, opset 13",
    {
      opset: 13,
      inputs: batch,
      constants: { parts: ints([1, 5]) },
      nodes: [
        { op: "Split", attributes: { axis: -1 }, inputs: ["x", "parts"], outputs: ["a", "b"] },
        { op: "Concat", attributes: { axis: 1 }, inputs: ["b", "a"] },
      ],
    },
  ],
  [
    "Split in equal parts, opset 13",
    {
      opset: 13,
      inputs: batch,
      nodes: [
        { op: "Split", attributes: { axis: 1 }, outputs: ["a", "b", "c"] },
        { op: "Concat", attributes: { axis: 1 }, inputs: ["c", "b", "a"] },
      ],
    },
  ],
  [
    "Split in a number of parts, opset 18, the last smaller",
    {
      opset: 18,
      inputs: { x: { shape: ["batch", 7] } },
      nodes: [
        { op: "Split", attributes: { axis: 1, num_outputs: 4 }, outputs: ["a", "b", "c", "d"] },
        { op: "Concat", attributes: { axis: 1 }, inputs: ["d", "b", "a", "c"] },
      ],
    },
  ],
];

const selecting: NamedFile[] = [
  one(7, "Slice", { starts: [1], ends: [3], axes: [1] }),
  one(9, "Slice", { starts: [0, -3], ends: [9e18, -1] }),
  withConstants(10, "Slice", [ints([1]), ints([-1]), ints([1])]),
  withConstants(13, "Slice", [ints([-1]), ints([-100]), ints([-1]), ints([-2])]),
  withConstants(
    13,
    "Slice",
    [ints([5, 0]), ints([-9e18, 2]), ints([1, 2]), ints([-1, 1])],
    {},
    cube,
  ),
  withConstants(13, "Slice", [ints([0, 1]), ints([2147483647, 9]), ints([0, 1])]),
  withConstants(13, "Slice", [narrow([1]), narrow([4]), narrow([1])]),
  withConstants(7, "Gather", [ints([2, 0, 2])], { axis: 1 }),
  withConstants(13, "Gather", [ints([-1, 1])], { axis: 1 }),
  withConstants(13, "Gather", [ints([-2], [])], { axis: -1 }),
  withConstants(13, "Gather", [narrow([1, 4])], { axis: 1 }),
  one(7, "Pad", { pads: [0, 1, 0, 2] }),
  withConstants(13, "Pad", [ints([0, 2, 0, 1])]),
  withConstants(18, "Pad", [ints([2, 1]), null, ints([-1])]),
];

const shapeChains: NamedFile[] = [
  [
    "a PyTorch view with a symbolic batch: Shape, Gather, Unsqueeze, Concat, Reshape",
    {
      opset: 11,
      inputs: batch,
      nodes: [
        { op: "Shape", outputs: ["s"] },
        {
          op: "Constant",
          inputs: [],
          outputs: ["zero"],
          attributes: { value: { tensor: ints([0], []) } },
        },
        { op: "Gather", attributes: { axis: 0 }, inputs: ["s", "zero"], outputs: ["b"] },
        { op: "Unsqueeze", attributes: { axes: [0] }, inputs: ["b"], outputs: ["b1"] },
        {
          op: "Constant",
          inputs: [],
          outputs: ["two"],
          attributes: { value: { tensor: ints([2]) } },
        },
        {
          op: "Constant",
          inputs: [],
          outputs: ["rest"],
          attributes: { value: { tensor: ints([-1]) } },
        },
        {
          op: "Concat",
          attributes: { axis: 0 },
          inputs: ["b1", "two", "rest"],
          outputs: ["shape"],
        },
        { op: "Reshape", inputs: ["x", "shape"] },
      ],
    },
  ],
  [
    "a PyTorch expand: ConstantOfShape, Mul, Equal, Where, Expand",
    {
      opset: 13,
      inputs: batch,
      constants: { row: floats([1, 6], [1, 2, 3, 4, 5, 6]), minus: ints([-1]), zero: ints([0]) },
      nodes: [
        { op: "Shape", outputs: ["s"] },
        { op: "Shape", inputs: ["s"], outputs: ["rank"] },
        {
          op: "ConstantOfShape",
          inputs: ["rank"],
          outputs: ["ones"],
          attributes: { value: { tensor: ints([1]) } },
        },
        { op: "Mul", inputs: ["ones", "minus"], outputs: ["all"] },
        { op: "Equal", inputs: ["s", "all"], outputs: ["same"] },
        { op: "Where", inputs: ["same", "ones", "s"], outputs: ["target"] },
        { op: "Expand", inputs: ["row", "target"], outputs: ["wide"] },
        { op: "Add", inputs: ["x", "wide"] },
      ],
    },
  ],
  [
    "a Shape with start and end, a Slice of it, arithmetic, ConstantOfShape",
    {
      opset: 15,
      inputs: cube,
      constants: { a: ints([1]), b: ints([3]), two: ints([2]), axis: ints([0]) },
      nodes: [
        { op: "Shape", attributes: { start: 0, end: 1 }, outputs: ["n"] },
        { op: "Shape", outputs: ["s"] },
        { op: "Slice", inputs: ["s", "a", "b", "axis"], outputs: ["rest"] },
        { op: "ReduceProd", inputs: ["rest"], outputs: ["p"], attributes: { keepdims: 1 } },
        { op: "Div", inputs: ["p", "two"], outputs: ["half"] },
        { op: "Concat", attributes: { axis: 0 }, inputs: ["n", "half", "two"], outputs: ["t"] },
        { op: "Reshape", inputs: ["x", "t"], outputs: ["r"] },
        {
          op: "ConstantOfShape",
          inputs: ["t"],
          outputs: ["c"],
          attributes: { value: { tensor: floats([1], [0.5]) } },
        },
        { op: "Add", inputs: ["r", "c"] },
      ],
    },
  ],
  [
    "a Range, Cast to float and added",
    {
      opset: 13,
      inputs: batch,
      constants: { zero: ints([0], []), one: ints([1], []), axis: ints([1], []) },
      nodes: [
        { op: "Shape", outputs: ["s"] },
        { op: "Gather", inputs: ["s", "axis"], outputs: ["d"] },
        { op: "Range", inputs: ["zero", "d", "one"], outputs: ["r"] },
        { op: "Cast", attributes: { to: DataType.FLOAT }, inputs: ["r"], outputs: ["f"] },
        { op: "Sqrt", inputs: ["f"], outputs: ["q"] },
        { op: "Mul", inputs: ["x", "q"] },
      ],
    },
  ],
  [
    "Range of floats",
    {
      opset: 11,
      inputs: batch,
      constants: { a: floats([], [0]), b: floats([], [3]), c: floats([], [0.5]) },
      nodes: [
        { op: "Range", inputs: ["a", "b", "c"], outputs: ["r"] },
        { op: "Add", inputs: ["x", "r"] },
      ],
    },
  ],
];

const constants: NamedFile[] = [
  ...(
    [
      ["value_float", { value_float: float(0.5) }],
      ["value_floats", { value_floats: { floats: [1, 2, 3, 4, 5, 6] } }],
      ["value", { value: { tensor: raw(DataType.FLOAT, [6], Float32Array.of(1, 2, 3, 4, 5, 6)) } }],
    ] as const
  ).map(
    ([form, attributes]): NamedFile => [
      `Constant by ${form}`,
      {
        opset: 13,
        inputs: batch,
        nodes: [
          { op: "Constant", inputs: [], outputs: ["c"], attributes },
          { op: "Mul", inputs: ["x", "c"] },
        ],
      },
    ],
  ),
  ...(
    [
      ["value_int", { value_int: 1 }],
      ["value_ints", { value_ints: [5, 1] }],
    ] as const
  ).map(
    ([form, attributes]): NamedFile => [
      `Constant by ${form}, as indices`,
      {
        opset: 13,
        inputs: batch,
        nodes: [
          { op: "Constant", inputs: [], outputs: ["c"], attributes },
          { op: "Gather", attributes: { axis: 1 }, inputs: ["x", "c"] },
        ],
      },
    ],
  ),
  [
    "raw int64 shape, raw float64 weights, raw int32 indices, bool mask",
    {
      opset: 16,
      inputs: batch,
      constants: {
        shape: raw(DataType.INT64, [2], BigInt64Array.of(-1n, 6n)),
        w: raw(DataType.DOUBLE, [6], Float64Array.of(1, 2, 3, 4, 5, 6)),
        v: doubles([6], [6, 5, 4, 3, 2, 1]),
        i: raw(DataType.INT32, [6], Int32Array.of(5, 4, 3, 2, 1, 0)),
        m: bools([1, 0, 1, 0, 1, 0]),
        q: raw(DataType.BOOL, [6], Uint8Array.of(1, 1, 1, 0, 0, 0)),
      },
      nodes: [
        { op: "Reshape", inputs: ["x", "shape"], outputs: ["r"] },
        { op: "Gather", attributes: { axis: 1 }, inputs: ["r", "i"], outputs: ["g"] },
        { op: "Cast", attributes: { to: DataType.DOUBLE }, inputs: ["g"], outputs: ["d"] },
        { op: "Or", inputs: ["m", "q"], outputs: ["mq"] },
        { op: "Where", inputs: ["mq", "w", "v"], outputs: ["wv"] },
        { op: "Mul", inputs: ["d", "wv"], outputs: ["y"] },
      ],
      types: { y: DataType.DOUBLE },
    },
  ],
];

export const shapeFiles: readonly NamedFile[] = [
  ...arranging,
  ...selecting,
  ...shapeChains,
  ...constants,
];
