import { readdirSync, readFileSync } from "node:fs";
import type { NumericArray } from "pullback-core";
import {
  InputError,
  readNpy,
  readNpyData,
  readNpyHeader,
  tensorFrom,
  toNumbers,
  toTensor,
  writeNpy,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { mutations, readsOrRefuses } from "./mutations.ts";

const folder = new URL("../../fixtures/npy/", import.meta.url);
const bytes = (name: string): Uint8Array => readFileSync(new URL(`${name}.npy`, folder));
const expected = JSON.parse(readFileSync(new URL("values.json", folder), "utf8")) as Record<
  string,
  { type: string; shape: number[]; values: number[] }
>;

describe("readNpy", () => {
  test.each(Object.keys(expected))("reads what NumPy wrote: %s", (name) => {
    const array = readNpy(bytes(name));
    const numbers = Array.from(array.data as ArrayLike<number | bigint>, Number);
    expect({ type: array.type, shape: array.shape, values: numbers }).toEqual(expected[name]);
  });

  test.each(Object.keys(expected))(
    "reads the last row alone, by what the header says: %s",
    (name) => {
      const file = bytes(name);
      const header = readNpyHeader(file.subarray(0, 256));
      const { shape, values } = expected[name] as { shape: number[]; values: number[] };
      expect(header.shape).toEqual(shape);
      if (header.fortran || shape.length === 0) return;
      const [rows = 1, ...rest] = shape;
      const size = values.length / rows;
      const from = header.offset + (rows - 1) * size * header.itemSize;
      const { data } = readNpyData(
        header,
        file.subarray(from, from + size * header.itemSize),
        rest,
      );
      const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
      expect(numbers).toEqual(values.slice(-size));
    },
  );

  test("every fixture has its values", () => {
    const files = readdirSync(folder).filter((file) => file.endsWith(".npy"));
    expect(files.length).toBe(Object.keys(expected).length);
  });

  const float32 = bytes("float32");
  const replaced = (from: string, to: string): Uint8Array =>
    Buffer.from(Buffer.from(float32).toString("latin1").replace(from, to), "latin1");

  test.each([
    ["no npy", Buffer.from("hello, this is text"), /begins with \\x93NUMPY/],
    ["nothing", new Uint8Array(0), /begins with/],
    ["a header cut off", float32.subarray(0, 40), /expected a header of 118 bytes/],
    ["data cut off", float32.subarray(0, 140), /expected 24 bytes .* shape \[2,3\].* got 12/],
    ["data too long", Buffer.concat([float32, new Uint8Array(4)]), /expected 24 bytes .* got 28/],
    ["a version of the future", Uint8Array.from(float32, (b, i) => (i === 6 ? 9 : b)), /got 9/],
    ["complex numbers", replaced("'<f4'", "'<c8'"), /expected a type of .* got c8/],
    ["a structured type", replaced("'<f4'", "[1,1]"), /descr \(one plain type\)/],
    ["a shape beyond memory", replaced("(2, 3)", "(99999999, 99999999)"), /expected 3999/],
  ])("refuses %s", (_, broken, message) => {
    expect(() => readNpy(broken)).toThrow(InputError);
    expect(() => readNpy(broken)).toThrow(message);
  });

  test("reads or refuses whatever is damaged", () => {
    for (const name of ["float32", "int32-fortran-3d", "version-2"])
      for (const damaged of mutations(bytes(name), 1000)) readsOrRefuses(() => readNpy(damaged));
  });
});

describe("writeNpy", () => {
  test.each(["float32", "float64", "int64", "uint8", "bool", "scalar", "vector", "empty"])(
    "writes the bytes that NumPy writes: %s",
    (name) => {
      expect(Buffer.from(writeNpy(readNpy(bytes(name))))).toEqual(Buffer.from(bytes(name)));
    },
  );

  test("writes a view, not the buffer behind it", () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(readNpy(writeNpy({ type: "float32", shape: [2], data })).data).toEqual(
      Float32Array.of(2, 3),
    );
  });
});

describe("toTensor", () => {
  const array: NumericArray = { type: "uint8", shape: [2], data: Uint8Array.of(1, 255) };

  test.each(["float32", "float64", "int64"] as const)("widens to %s", (type) => {
    const result = toTensor(array, type);
    expect(result.type).toBe(type);
    expect(toNumbers(result)).toEqual([1, 255]);
  });

  test("shares data of the same type", () => {
    const values = tensorFrom("float32", [2], [1, 2]);
    expect(toTensor(values, "float32").data).toBe(values.data);
  });

  test.each([
    [{ type: "float32", shape: [1, 2], data: Float32Array.of(1, 0.5) }, /got 0.5 at \[0,1\]/],
    [{ type: "float64", shape: [1], data: Float64Array.of(Number.NaN) }, /got NaN at \[0\]/],
    [{ type: "uint64", shape: [1], data: BigUint64Array.of(2n ** 63n) }, /got 9223372036854775808/],
  ] as const)("has no int64 for %o", (numbers, message) => {
    expect(() => toTensor(numbers, "int64")).toThrow(message);
  });
});
