/** @file One node of a file, as a lowering sees it: its inputs, its attributes, and how to refuse. */
import type { AttributeProto, NodeProto } from "onnx-buf";
import { AttributeProto_AttributeType as Kind } from "onnx-buf";
import { InputError } from "../../array/errors.ts";
import type { Tensor } from "../../array/tensor.ts";
import type { Dimension, Value } from "../value.ts";
import { decodeTensor } from "./decode.ts";
import type { Item, Known } from "./known.ts";
import { asKnown, isKnown, toValue } from "./known.ts";

/** What becomes of an operator of a file: one result, or several in their order. */
export type Lowering = (node: OnnxNode) => Item | readonly Item[];

export class OnnxNode {
  readonly operator: string;
  readonly opset: number;
  /** Which node this is, for messages. */
  readonly place: string;
  /** Fixed number of rows that became the symbol n, where it was fixed. */
  readonly batch: number | undefined;
  /** Number of results that have a name. */
  readonly outputs: number;
  readonly items: readonly (Item | undefined)[];
  private readonly attributes: ReadonlyMap<string, AttributeProto>;

  constructor(
    proto: NodeProto,
    items: readonly (Item | undefined)[],
    { opset, batch }: { readonly opset: number; readonly batch?: number },
  ) {
    this.operator = proto.opType;
    this.outputs = proto.output.length;
    this.opset = opset;
    this.batch = batch;
    const name = proto.name || proto.output[0] || "without a name";
    this.place = `readOnnx: node ${name} (${proto.opType}, opset ${opset})`;
    this.items = items;
    this.attributes = new Map(proto.attribute.map((attribute) => [attribute.name, attribute]));
  }

  refuse(reason: string, cause?: unknown): never {
    throw new InputError(`${this.place}: ${reason}`, { cause });
  }

  has(i: number): boolean {
    return this.items[i] !== undefined;
  }

  item(i: number): Item {
    return this.items[i] ?? this.refuse(`expected at least ${i + 1} inputs`);
  }

  value(i: number): Value {
    const item = this.item(i);
    if (!isKnown(item)) return item;
    return toValue(item) ?? this.refuse("the batch size n is used as a number here");
  }

  values(): Value[] {
    if (this.items.length === 0) this.refuse("expected at least 1 input");
    return this.items.map((_, i) => this.value(i));
  }

  /** All inputs, where all are numbers and some are known: what is computed of sizes and constants. */
  allKnown(): readonly Known[] | null {
    if (!this.items.some((item) => item && isKnown(item))) return null;
    const known = this.items.flatMap((item) => (item && asKnown(item)) ?? []);
    return known.length === this.items.length ? known : null;
  }

  known(i: number): Known {
    const item = this.item(i);
    if (isKnown(item)) return item;
    return this.refuse(`input ${i} must be constant: it decides a shape`);
  }

  /** Constant numbers of an input, integers or not. */
  numbers(i: number): readonly number[] {
    const item = this.item(i);
    const { elements } = asKnown(item) ?? this.refuse(`input ${i} must be constant numbers`);
    if (elements.includes("n")) this.refuse(`input ${i} must be numbers, got the batch size n`);
    return elements as readonly number[];
  }

  /** Known integers of an input, the symbol among them. */
  sizes(i: number): readonly Dimension[] {
    return this.known(i).elements;
  }

  /** Known integers of an input, numbers only. */
  integers(i: number): readonly number[] {
    const elements = this.sizes(i);
    if (elements.includes("n")) this.refuse(`input ${i} must be numbers, got the batch size n`);
    return elements as readonly number[];
  }

  int(name: string, fallback?: number): number {
    const attribute = this.attribute(name, Kind.INT);
    return attribute ? Number(attribute.i) : (fallback ?? this.missing(name));
  }

  float(name: string, fallback?: number): number {
    const attribute = this.attribute(name, Kind.FLOAT);
    return attribute ? attribute.f : (fallback ?? this.missing(name));
  }

  string(name: string, fallback?: string): string {
    const attribute = this.attribute(name, Kind.STRING);
    return attribute ? new TextDecoder().decode(attribute.s) : (fallback ?? this.missing(name));
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name, Kind.INTS)?.ints.map(Number);
  }

  floats(name: string): readonly number[] | undefined {
    return this.attribute(name, Kind.FLOATS)?.floats;
  }

  tensor(name: string): Tensor | undefined {
    const proto = this.attribute(name, Kind.TENSOR)?.t;
    return proto && decodeTensor(proto, `${this.place}: attribute ${name}`);
  }

  /** Axes from the attribute of older opsets, from an input since `since`; undefined where absent. */
  axes(since: number, at = 1): readonly number[] | undefined {
    if (this.opset < since) return this.ints("axes");
    return this.has(at) ? this.integers(at) : undefined;
  }

  private attribute(name: string, kind: Kind): AttributeProto | undefined {
    const attribute = this.attributes.get(name);
    // Files of the first versions leave the kind out.
    if (attribute && attribute.type !== kind && attribute.type !== Kind.UNDEFINED)
      this.refuse(`attribute ${name}: expected ${Kind[kind]}, got ${Kind[attribute.type]}`);
    return attribute;
  }

  private missing(name: string): never {
    return this.refuse(`attribute ${name} is missing`);
  }
}
