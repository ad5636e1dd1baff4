/** @file Files that other tools could have written: every operator in every form that it had. */
import { DataType, floats, ints } from "./build.ts";
import type { NamedFile } from "./file.ts";
import { batch, cube, float, four, one, row, turned, weights, withConstants } from "./file.ts";
import { einsumFiles, imageFiles } from "./image-files.ts";
import { shapeFiles } from "./shape-files.ts";

const unary = [
  ..."Neg Abs Sign Exp Sin Cos Atan Tanh Sigmoid Softplus Relu Erf Identity Softsign".split(" "),
].flatMap((op) => [op === "Sign" || op === "Erf" ? 9 : 7, 13, 21].map((opset) => one(opset, op)));

const onUnit: NamedFile[] = ["Asin", "Acos", "Sqrt", "Log", "Reciprocal"].map((op) => [
  `${op} of a sigmoid`,
  {
    opset: 13,
    inputs: batch,
    nodes: [
      { op: "Sigmoid", outputs: ["s"] },
      { op, inputs: ["s"] },
    ],
  },
]);

const activations: NamedFile[] = [
  one(7, "LeakyRelu"),
  one(16, "LeakyRelu", { alpha: float(0.3) }),
  one(7, "Elu"),
  one(13, "Elu", { alpha: float(0.5) }),
  one(13, "Selu"),
  one(13, "Celu", { alpha: float(0.7) }),
  one(13, "HardSigmoid", { alpha: float(0.3) }),
  one(14, "HardSwish"),
  one(10, "ThresholdedRelu", { alpha: float(0.3) }),
  one(18, "Mish"),
  one(20, "Gelu"),
  one(20, "Gelu", { approximate: "tanh" }),
  withConstants(16, "PRelu", [floats([1], [0.2])]),
  one(7, "Clip", { min: float(-0.5), max: float(0.5) }),
  one(7, "Clip"),
  withConstants(13, "Clip", [floats([], [-0.25]), floats([], [0.5])]),
  withConstants(13, "Clip", [null, floats([], [0.5])]),
  one(7, "Dropout", { ratio: float(0.3) }),
  withConstants(13, "Dropout", [floats([], [0.3])]),
];

const arithmetic: NamedFile[] = [
  ...["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"].flatMap((op) =>
    [8, 14].map((opset) => withConstants(opset, op, [row])),
  ),
  withConstants(13, "Max", [row, floats([1], [0.2])]),
  withConstants(13, "Min", [row, floats([1], [0.2])]),
  withConstants(13, "Sum", [row, floats([1], [0.2])]),
  withConstants(13, "Mean", [row, floats([1], [0.2])]),
  withConstants(13, "Pow", [floats([], [2])]),
  withConstants(13, "Pow", [ints([3], [])]),
  withConstants(7, "Pow", [floats([1], [3])]),
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"].map(
    (op): NamedFile => [
      `${op}, logic and Where`,
      {
        opset: 16,
        inputs: batch,
        constants: { row, zero: floats([], [0]) },
        nodes: [
          { op, inputs: ["x", "row"], outputs: ["a"] },
          { op: "Less", inputs: ["x", "zero"], outputs: ["b"] },
          { op: "And", inputs: ["a", "b"], outputs: ["c"] },
          { op: "Not", inputs: ["c"], outputs: ["d"] },
          { op: "Or", inputs: ["d", "a"], outputs: ["e"] },
          { op: "Where", inputs: ["e", "x", "row"], outputs: ["y"] },
        ],
      },
    ],
  ),
  [
    "Cast to double, to int32 and back",
    {
      opset: 13,
      inputs: batch,
      nodes: [
        { op: "Cast", attributes: { to: DataType.DOUBLE }, outputs: ["d"] },
        { op: "Cast", attributes: { to: DataType.INT32 }, inputs: ["d"], outputs: ["i"] },
        { op: "Cast", attributes: { to: DataType.FLOAT }, inputs: ["i"], outputs: ["y"] },
      ],
    },
  ],
];

const products: NamedFile[] = [
  withConstants(7, "MatMul", [weights]),
  withConstants(13, "MatMul", [row]),
  [
    "MatMul of a vector on the left",
    {
      opset: 13,
      inputs: { x: { shape: [6] } },
      constants: { weights },
      nodes: [{ op: "MatMul", inputs: ["x", "weights"] }],
    },
  ],
  [
    "MatMul of two vectors",
    {
      opset: 13,
      inputs: { x: { shape: [6] } },
      constants: { row },
      nodes: [{ op: "MatMul", inputs: ["x", "row"] }],
    },
  ],
  withConstants(
    13,
    "MatMul",
    [
      floats(
        [3, 4],
        Array.from({ length: 12 }, (_, i) => i - 5),
      ),
    ],
    {},
    cube,
  ),
  withConstants(7, "Gemm", [weights, four]),
  withConstants(7, "Gemm", [turned, four], { transB: 1, alpha: float(0.5), beta: float(2) }),
  withConstants(11, "Gemm", [turned], { transB: 1 }),
  withConstants(
    13,
    "Gemm",
    [floats([2, 5], [...Array(10).keys()]), floats([1], [1])],
    { transA: 1 },
    {
      x: { shape: [2, 3] },
    },
  ),
  withConstants(9, "BatchNormalization", [row, row, row, floats([6], [1, 2, 3, 4, 5, 6])], {
    epsilon: float(1e-3),
  }),
  withConstants(17, "LayerNormalization", [row, row], { epsilon: float(1e-3) }),
  withConstants(17, "LayerNormalization", [floats([2, 3], [1, 2, 3, 4, 5, 6])], { axis: -2 }, cube),
];

const reductionNames = ["Sum", "Mean", "Max", "Min", "LogSumExp", "SumSquare", "L2", "L1"].map(
  (name) => `Reduce${name}`,
);
const reductions: NamedFile[] = reductionNames.flatMap((op) => {
  const since = op === "ReduceSum" ? 13 : 18;
  return [
    one(7, op, { axes: [1] }),
    one(11, op, { axes: [-1, 1], keepdims: 0 }, cube),
    one(12, op, { keepdims: 0 }, { x: { shape: [2, 3] } }),
    withConstants(since, op, [ints([-1])], { keepdims: 0 }, cube),
    withConstants(since, op, [ints([1, 2])], {}, cube),
    one(since, op, {}, { x: { shape: [2, 3] } }),
    one(since, op, { noop_with_empty_axes: 1 }),
  ] as NamedFile[];
});

const softmaxes: NamedFile[] = ["Softmax", "LogSoftmax"].flatMap((op) => [
  one(7, op),
  one(11, op, {}, cube),
  one(11, op, { axis: 2 }, cube),
  one(11, op, { axis: -2 }, cube),
  one(13, op, {}, cube),
  one(13, op, { axis: 1 }, cube),
]);

/** A torus as another tool writes it: angles cut out of the input, products joined again. */
const torus: NamedFile = [
  "a torus",
  {
    opset: 17,
    inputs: { angles: { shape: ["points", 2] } },
    constants: { zero: ints([0]), one: ints([1]), two: ints([2]), R: floats([], [2]) },
    nodes: [
      { op: "Slice", inputs: ["angles", "zero", "one", "one"], outputs: ["u"] },
      { op: "Slice", inputs: ["angles", "one", "two", "one"], outputs: ["v"] },
      { op: "Cos", inputs: ["v"], outputs: ["cv"] },
      { op: "Add", inputs: ["cv", "R"], outputs: ["r"] },
      { op: "Cos", inputs: ["u"], outputs: ["cu"] },
      { op: "Sin", inputs: ["u"], outputs: ["su"] },
      { op: "Mul", inputs: ["r", "cu"], outputs: ["a"] },
      { op: "Mul", inputs: ["r", "su"], outputs: ["b"] },
      { op: "Sin", inputs: ["v"], outputs: ["c"] },
      { op: "Concat", attributes: { axis: 1 }, inputs: ["a", "b", "c"], outputs: ["surface"] },
    ],
    outputs: ["surface"],
  },
];

export const files: readonly NamedFile[] = [
  ...unary,
  ...onUnit,
  ...activations,
  ...arithmetic,
  ...products,
  ...reductions,
  ...softmaxes,
  ...shapeFiles,
  ...imageFiles,
  ...einsumFiles,
  torus,
];
