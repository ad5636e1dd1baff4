/**
 * @file The table that the tests of operators run over: for each operator, random instances with
 * every attribute that it claims, shapes that broadcast, scalars and axes of size one.
 */
import fc from "fast-check";
import type { Value } from "pullback-core";
import * as g from "pullback-core";
import type { Case, Domain, Shape } from "./instance.ts";
import {
  axisOf,
  broadcasting,
  nary,
  one,
  shapes,
  size,
  two,
  unary,
  withAttribute,
} from "./instance.ts";

const reduction = (
  name: string,
  f: (x: Value, axes: readonly number[] | undefined, keep: boolean) => Value,
  domain: Domain = "any",
): Case =>
  withAttribute(
    name,
    shapes(0),
    (shape) =>
      fc.tuple(
        fc.option(
          fc
            .subarray(shape.map((_, axis) => axis))
            .map((axes) => axes.map((axis) => (axis % 2 ? axis - shape.length : axis))),
          { nil: undefined },
        ),
        fc.boolean(),
      ),
    (x, [axes, keep]) => f(x, axes, keep),
    domain,
  );

const matmul: Case = [
  "MatMul",
  fc
    .record({
      batches: broadcasting(2, shapes(0, 2)),
      rows: size,
      inner: size,
      columns: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
    })
    .map(({ batches, rows, inner, columns, ...flags }) => {
      const left = flags.transposeA ? [inner, rows] : [rows, inner];
      const right = flags.transposeB ? [columns, inner] : [inner, columns];
      const both = [
        [...(batches[0] as Shape), ...left],
        [...(batches[1] as Shape), ...right],
      ];
      return {
        label: `MatMul [${both[0]}] [${both[1]}] ${JSON.stringify(flags)}`,
        places: both.map((shape) => ({ shape, domain: "any" as const })),
        build: (values) => g.matmul(...two(values), flags),
      };
    }),
];

/** Another shape of as many elements: axes in another order, or joined, or with ones put in. */
const reshaped = (shape: Shape): fc.Arbitrary<readonly number[]> =>
  fc.oneof(
    fc
      .shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      )
      .map((order) => order.map((axis) => shape[axis] as number)),
    fc.constant([g.sizeOf(shape)]),
    fc.nat(shape.length).map((i) => [...shape.slice(0, i), 1, ...shape.slice(i)]),
  );

const concat: Case = [
  "Concat",
  shapes(1).chain((shape) =>
    fc
      .tuple(axisOf(shape), fc.array(size, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([axis, parts, twice]) => ({
        label: `Concat [${shape}] axis ${axis} parts ${parts} ${twice ? "first twice" : ""}`,
        places: parts.map((part) => ({
          shape: shape.map((d, i) => (i === (axis + shape.length) % shape.length ? part : d)),
          domain: "any" as const,
        })),
        build: (values) => g.concat(twice ? [...values, one(values)] : values, axis),
      })),
  ),
];

type Bounds = readonly [axis: number, start: number, end: number, step: number];

const sliceBounds = (shape: Shape): fc.Arbitrary<Bounds> =>
  fc.oneof(
    fc.tuple(
      axisOf(shape),
      fc.integer({ min: -4, max: 4 }),
      fc.integer({ min: -5, max: 4 }),
      fc.constantFrom(1, 2, -1, -2),
    ),
    // From the last to the first: an end before the first element.
    axisOf(shape).map((axis): Bounds => [axis, 4, -5, -1]),
  );

const gatherConstant = withAttribute(
  "Gather by constants",
  shapes(1),
  (shape) =>
    axisOf(shape).chain((axis) => {
      const length = shape.at(axis) as number;
      return fc
        .tuple(shapes(0, 2), fc.infiniteStream(fc.integer({ min: -length, max: length - 1 })))
        .map(([picked, stream]) => ({
          axis,
          picked,
          indices: [...stream.take(g.sizeOf(picked))],
        }));
    }),
  (x, { axis, picked, indices }) =>
    g.gather(x, g.constant(g.tensorFrom("int64", picked, indices)), axis),
);

const gatherInput: Case = [
  "Gather by an input",
  shapes(1).chain((shape) =>
    fc.tuple(axisOf(shape), shapes(0, 2)).map(([axis, picked]) => ({
      label: `Gather [${shape}] axis ${axis} indices [${picked}]`,
      places: [
        { shape, domain: "any" as const },
        { shape: picked, domain: { below: shape.at(axis) as number } },
      ],
      build: (values) => g.gather(...two(values), axis),
    })),
  ),
];

/** Convolutions along one or two axes, each axis with a window of its own. */
const convolution = (
  name: string,
  f: (x: Value, w: Value, options: g.ConvTransposeOptions) => Value,
  isTransposed: boolean,
): Case => [
  name,
  fc
    .record({
      axes: fc.array(
        fc.record({
          image: fc.integer({ min: 2, max: 4 }),
          kernel: size,
          stride: fc.constantFrom(1, 2),
          dilation: fc.constantFrom(1, 2),
          before: fc.nat(1),
          after: fc.nat(1),
          more: fc.nat(1),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      batch: fc.constantFrom(1, 2),
      group: fc.constantFrom(1, 2),
      from: fc.constantFrom(1, 2),
      to: fc.constantFrom(1, 2),
    })
    .map(({ axes, batch, group, from, to }) => {
      const of = (key: keyof (typeof axes)[number]): number[] => axes.map((axis) => axis[key]);
      // Large enough for the kernel and for something to be left between the pads.
      const image = axes.map(({ image, kernel, dilation }) =>
        Math.max(image, (kernel - 1) * dilation + (isTransposed ? 3 : 1)),
      );
      const outputPadding = axes.map(({ more, stride }) => Math.min(more, stride - 1));
      const options = {
        strides: of("stride"),
        pads: [...of("before"), ...of("after")],
        dilations: of("dilation"),
        group,
        ...(isTransposed && { outputPadding }),
      };
      const [x, w] = [
        [batch, group * from, ...image],
        isTransposed ? [group * from, to, ...of("kernel")] : [group * to, from, ...of("kernel")],
      ];
      return {
        label: `${name} [${x}] [${w}] ${JSON.stringify(options)}`,
        places: [x, w].map((shape) => ({ shape, domain: "any" as const })),
        build: (values) => f(...two(values), options),
      };
    }),
];

const alpha = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: low, max: high, noNaN: true }).map(Math.fround);

/** Operators that can be differentiated. */
export const smooth: readonly Case[] = [
  nary("Add", g.add, "any", "any"),
  nary("Sub", g.sub, "any", "any"),
  nary("Mul", g.mul, "any", "any"),
  nary("Div", g.div, "any", "separated"),
  unary("Neg", g.neg),
  nary("Pow", g.pow, "positive", "any"),
  withAttribute(
    "Pow by a constant",
    shapes(0),
    () => fc.constantFrom(-2, -1, 0, 1, 2, 3, 4),
    g.pow,
    "separated",
  ),
  withAttribute(
    "Pow by a fraction",
    shapes(0),
    () => fc.constantFrom(0.5, 1.5, -0.5),
    g.pow,
    "positive",
  ),
  withAttribute(
    "Pow of a constant",
    shapes(0),
    () => fc.constantFrom(0.5, 2, 3),
    (x, base) => g.pow(base, x),
  ),
  nary("Max", g.max, "separated", "separated"),
  nary("Min", g.min, "separated", "separated"),
  nary("Where", g.where, "bool", "any", "any"),
  nary(
    "Where by a comparison",
    (a, b, c) => g.where(g.greater(a, b), g.mul(a, c), b),
    "separated",
    "separated",
    "any",
  ),
  unary("Sqrt", g.sqrt, "positive"),
  unary("Reciprocal", g.reciprocal, "separated"),
  unary("Exp", g.exp),
  unary("Log", g.log, "positive"),
  unary("Sin", g.sin),
  unary("Cos", g.cos),
  unary("Asin", g.asin, "unit"),
  unary("Acos", g.acos, "unit"),
  unary("Atan", g.atan),
  unary("Tanh", g.tanh),
  unary("Sigmoid", g.sigmoid),
  unary("Softplus", g.softplus),
  unary("softplusFromLog", g.softplusFromLog, "separated"),
  unary("Relu", g.relu, "separated"),
  withAttribute("LeakyRelu", shapes(0), () => alpha(0, 1), g.leakyRelu, "separated"),
  withAttribute("Elu", shapes(0), () => alpha(0.1, 2), g.elu, "separated"),
  unary("Erf", g.erf),
  unary("Gelu", g.gelu),
  unary("Gelu by tanh", (x) => g.gelu(x, "tanh")),
  unary("Abs", g.abs, "separated"),
  unary("square", g.square),
  matmul,
  reduction("ReduceSum", g.reduceSum),
  reduction("reduceMean", g.reduceMean),
  reduction("ReduceMax", g.reduceMax, "separated"),
  reduction("ReduceLogSumExp", g.reduceLogSumExp),
  withAttribute("Softmax", shapes(1), axisOf, g.softmax),
  withAttribute("LogSoftmax", shapes(1), axisOf, g.logSoftmax),
  withAttribute("Reshape", shapes(0), reshaped, g.reshape),
  withAttribute(
    "Transpose",
    shapes(0),
    (shape) =>
      fc
        .tuple(
          fc.shuffledSubarray(
            shape.map((_, i) => i),
            { minLength: shape.length },
          ),
          fc.boolean(),
        )
        .map(([perm, back]) => perm.map((axis) => (back ? axis - shape.length : axis))),
    g.transpose,
  ),
  [
    "Expand",
    broadcasting(1).chain(([from]) =>
      fc.tuple(shapes(0, 2), size).map(([front, wide]) => {
        const shape = from as Shape;
        const target = [...front, ...shape.map((d) => (d === 1 ? wide : d))];
        return {
          label: `Expand [${shape}] to [${target}]`,
          places: [{ shape, domain: "any" as const }],
          build: (values) => g.expand(one(values), target),
        };
      }),
    ),
  ],
  concat,
  withAttribute("Slice", shapes(1), sliceBounds, (x, [axis, start, end, step]) =>
    g.slice(x, axis, start, end, step),
  ),
  withAttribute(
    "Pad",
    shapes(1),
    (shape) => fc.tuple(fc.nat(shape.length - 1), fc.nat(2), fc.nat(2)),
    (x, [axis, before, after]) => g.pad(x, axis, before, after),
  ),
  gatherConstant,
  gatherInput,
  convolution("Conv", g.conv, false),
  convolution("ConvTranspose", g.convTranspose, true),
  [
    "stack",
    shapes(0, 2).chain((shape) =>
      fc.nat(shape.length).map((axis) => ({
        label: `stack [${shape}] axis ${axis}`,
        places: [shape, shape].map((same) => ({ shape: same, domain: "any" as const })),
        build: (values) => g.stack(values, axis),
      })),
    ),
  ],
  unary("Cast to float64 and back", (x) => g.cast(g.sin(g.cast(x, "float64")), x.type)),
];

const comparisons = {
  Equal: g.equal,
  Greater: g.greater,
  GreaterOrEqual: g.greaterOrEqual,
  Less: g.less,
  LessOrEqual: g.lessOrEqual,
};

/** Operators whose result does not move. */
export const flat: readonly Case[] = [
  unary("Sign", g.sign, "separated"),
  ...Object.entries(comparisons).flatMap(([name, f]) => [
    nary(name, f, "any", "any"),
    nary(`${name} of integers`, f, { below: 2 }, { below: 2 }),
  ]),
  nary("And", g.and, "bool", "bool"),
  nary("Or", g.or, "bool", "bool"),
  nary("Not", g.not, "bool"),
  nary("Cast of bool", (x) => g.cast(x, "float32"), "bool"),
  nary("Cast to bool", (x) => g.cast(x, "bool"), { below: 2 }),
  nary("Cast to int64", (x) => g.cast(x, "int64"), "separated"),
  nary("Add of integers", g.add, { below: 9 }, { below: 9 }),
  nary("Div of integers", (a, b) => g.div(a, g.add(b, 7)), { below: 9 }, { below: 3 }),
];
