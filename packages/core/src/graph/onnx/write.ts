/**
 * @file A graph as the bytes of an `.onnx` file, opset 18.
 *
 * Names are given in the order of computation, so equal graphs give equal bytes.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import type { NodeProto, TensorProto } from "onnx-buf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
} from "onnx-buf";
import { InputError } from "../../array/errors.ts";
import type { ScalarType, Tensor } from "../../array/tensor.ts";
import { tensorFrom } from "../../array/tensor.ts";
import type { Graph } from "../graph.ts";
import { topological } from "../graph.ts";
import { Constant, Input } from "../operators/leaf.ts";
import type { Attribute, Shape, Value } from "../value.ts";
import type { OnnxAttribute } from "./proto.ts";
import { attributeProto, dataType, tensorProto, valueInfo } from "./proto.ts";

const opset = 18n;
/** Version of the file format that came with the opset. */
const irVersion = 8n;

export interface WriteOptions {
  /** Text for people, into the file's `doc_string`. */
  readonly description?: string;
}

/** The `.onnx` bytes of a graph; the symbol stays a symbolic size. */
export function writeOnnx(source: Graph, options: WriteOptions = {}): Uint8Array {
  return writeNamedOnnx(source, options).bytes;
}

/** The bytes, and which value each node of the file computes, by the node's name. */
export function writeNamedOnnx(
  source: Graph,
  { description = "" }: WriteOptions = {},
): { readonly bytes: Uint8Array; readonly nodes: ReadonlyMap<string, Value> } {
  for (const [name, value] of Object.entries(source.outputs))
    if (source.inputs[name] && source.inputs[name] !== value)
      throw new InputError(`writeOnnx: ${name} names both an input and another output`);
  const writer = new Writer([...Object.keys(source.inputs), ...Object.keys(source.outputs)]);
  for (const [name, value] of Object.entries(source.inputs)) writer.names.set(value, name);
  for (const value of topological(Object.values(source.outputs))) writer.value(value);
  for (const [name, value] of Object.entries(source.outputs))
    if (source.inputs[name] !== value) writer.node("Identity", [writer.name(value)], name, {});
  const proto = create(ModelProtoSchema, {
    irVersion,
    producerName: "pullback",
    docString: description,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: opset })],
    graph: create(GraphProtoSchema, {
      name: "pullback",
      node: writer.nodes,
      initializer: writer.initializers,
      input: Object.entries(source.inputs).map(([name, value]) => valueInfo(name, value)),
      output: Object.entries(source.outputs).map(([name, value]) => valueInfo(name, value)),
    }),
  });
  return { bytes: toBinary(ModelProtoSchema, proto), nodes: writer.values };
}

class Writer {
  readonly names = new Map<Value, string>();
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly values = new Map<string, Value>();
  private readonly shapes = new Map<string, string>();
  private readonly taken: Set<string>;
  private current: Value | undefined;

  /** `taken` are the names of inputs and outputs. */
  constructor(taken: readonly string[]) {
    this.taken = new Set(taken);
  }

  /** A name that nothing else has: `wanted`, with primes where that is taken. */
  fresh(wanted: string): string {
    let name = wanted;
    while (this.taken.has(name)) name += "'";
    this.taken.add(name);
    return name;
  }

  name(value: Value): string {
    return this.names.get(value) as string;
  }

  node(
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, OnnxAttribute>>,
  ): string {
    const name = `${opType}_${this.nodes.length}`;
    if (this.current) this.values.set(name, this.current);
    this.nodes.push(
      create(NodeProtoSchema, {
        opType,
        name,
        input: [...inputs],
        output: [output],
        attribute: Object.entries(attributes).map(([name, attribute]) =>
          attributeProto(name, attribute),
        ),
      }),
    );
    return output;
  }

  /** A small constant that an operator takes as an input: bounds, axes, shapes. */
  int64(numbers: readonly number[]): string {
    return this.once(`i${numbers.join("_")}`, (name) => {
      this.initializers.push(tensorProto(name, tensorFrom("int64", [numbers.length], numbers)));
    });
  }

  /** Something that is written when it is first asked for. */
  private once(key: string, write: (name: string) => void): string {
    const known = this.shapes.get(key);
    if (known) return known;
    const name = this.fresh(key);
    this.shapes.set(key, name);
    write(name);
    return name;
  }

  value(value: Value): void {
    if (value.operator === Input) return;
    const name = this.fresh(`v${this.names.size}`);
    this.current = value;
    if (value.operator === Constant) {
      const { type, shape, data } = value as Value & Tensor;
      this.initializers.push(tensorProto(name, { type, shape, data }));
    } else {
      const inputs = value.inputs.map((input) => this.name(input));
      (forms[value.operator.name] ?? plain)(this, value, inputs, name);
    }
    this.names.set(value, name);
    this.current = undefined;
  }

  /** A shape as an int64 input. The symbol is read off an input that carries it. */
  shape(shape: Shape): string {
    if (!shape.includes("n")) return this.int64(shape as number[]);
    return this.once(`s${shape.join("_")}`, (name) => {
      const n = this.once("n", (symbol) => this.symbol(symbol));
      const parts = shape.map((size) => (size === "n" ? n : this.int64([size])));
      this.node("Concat", parts, name, { axis: 0 });
    });
  }

  private symbol(name: string): void {
    for (const [value, carrier] of this.names) {
      const axis = value.shape.indexOf("n");
      if (value.operator !== Input || axis < 0) continue;
      const all = this.node("Shape", [carrier], this.fresh("shape"), {});
      this.node("Gather", [all, this.int64([axis])], name, {});
      return;
    }
    throw new Error("writeOnnx: no input carries the symbolic size");
  }
}

type Form = (writer: Writer, value: Value, inputs: readonly string[], output: string) => void;

const numbers = (attribute: Attribute | undefined): number[] => attribute as unknown as number[];

const plain: Form = (writer, value, inputs, output) => {
  const attributes = Object.entries(value.attributes).map(([name, attribute]) => [
    name,
    name === "alpha" ? { float: attribute } : attribute,
  ]);
  writer.node(value.operator.name, inputs, output, Object.fromEntries(attributes));
};

const reduction: Form = (writer, value, [x], output) => {
  const axes = writer.int64(numbers(value.attributes.axes));
  const keepdims = value.attributes.keepDimensions ? 1 : 0;
  writer.node(value.operator.name, [x as string, axes], output, { keepdims });
};

const convolution: Form = (writer, value, inputs, output) => {
  const { strides, pads, dilations, group, outputPadding } = value.attributes;
  writer.node(value.operator.name, inputs, output, {
    kernel_shape: (value.inputs[1] as Value).shape.slice(2) as number[],
    strides: numbers(strides),
    pads: numbers(pads),
    dilations: numbers(dilations),
    group: group as number,
    ...(outputPadding && { output_padding: numbers(outputPadding) }),
  });
};

/** Operators whose ONNX form is more than their name and attributes. */
const forms: Readonly<Record<string, Form>> = {
  Cast: (writer, value, inputs, output) => {
    writer.node("Cast", inputs, output, { to: dataType[value.attributes.to as ScalarType] });
  },
  Reshape: (writer, value, [x], output) => {
    const target = value.attributes.shape as Shape;
    // One size may be left to ONNX Runtime, which then refuses a size of zero beside it.
    const inferred = target.filter((size) => size === "n").length === 1 && !target.includes(0);
    const shape = inferred
      ? writer.int64(target.map((size) => (size === "n" ? -1 : size)))
      : writer.shape(target);
    const attributes: Record<string, number> = target.includes(0) ? { allowzero: 1 } : {};
    writer.node("Reshape", [x as string, shape], output, attributes);
  },
  Expand: (writer, value, [x], output) => {
    writer.node("Expand", [x as string, writer.shape(value.shape)], output, {});
  },
  Slice: (writer, value, [x], output) => {
    const { axis, start, end, step } = value.attributes as Record<string, number>;
    // Before the first element is -1 here; ONNX would count that from the back.
    const stop = end === -1 ? -(2 ** 31) : (end as number);
    const bounds = [[start], [stop], [axis], [step]] as number[][];
    writer.node("Slice", [x as string, ...bounds.map((b) => writer.int64(b))], output, {});
  },
  Pad: (writer, value, [x], output) => {
    const { axis, before, after } = value.attributes as Record<string, number>;
    const side = (amount: number): number[] => value.shape.map((_, i) => (i === axis ? amount : 0));
    const pads = writer.int64([...side(before as number), ...side(after as number)]);
    writer.node("Pad", [x as string, pads], output, {});
  },
  MatMul: (writer, value, inputs, output) => {
    const flags = [value.attributes.transposeA, value.attributes.transposeB];
    if (!flags.includes(true)) writer.node("MatMul", inputs, output, {});
    else if (value.inputs.every((input) => input.shape.length === 2))
      writer.node("Gemm", inputs, output, { transA: +!!flags[0], transB: +!!flags[1] });
    else {
      const factors = inputs.map((name, i) => {
        const rank = (value.inputs[i] as Value).shape.length;
        const perm = Array.from({ length: rank }, (_, axis) => axis);
        perm.push(...perm.splice(-2).reverse());
        return flags[i]
          ? writer.node("Transpose", [name], writer.fresh(`${output}_${i}`), { perm })
          : name;
      });
      writer.node("MatMul", factors, output, {});
    }
  },
  Conv: convolution,
  ConvTranspose: convolution,
  ReduceSum: reduction,
  ReduceMax: reduction,
  ReduceLogSumExp: reduction,
};
