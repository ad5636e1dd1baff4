import { InputError, readIdx } from "pullback-core";
import { describe, expect, test } from "vitest";
import { mutations, readsOrRefuses } from "./mutations.ts";

/** An idx file written by its description: `data` are the bytes of the elements. */
function idx(type: number, sizes: readonly number[], data: readonly number[]): Uint8Array {
  const head = [0, 0, type, sizes.length];
  const big = sizes.flatMap((size) => [
    size >>> 24,
    (size >> 16) & 255,
    (size >> 8) & 255,
    size & 255,
  ]);
  return Uint8Array.from([...head, ...big, ...data]);
}

describe("readIdx", () => {
  test("reads labels and images of bytes", () => {
    expect(readIdx(idx(8, [3], [5, 0, 255]))).toEqual({
      type: "uint8",
      shape: [3],
      data: Uint8Array.of(5, 0, 255),
    });
    const images = readIdx(idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 6]));
    expect(images.shape).toEqual([2, 1, 3]);
    expect(images.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  test.each([
    ["int8", 9, [0xff], Int8Array.of(-1)],
    ["int16", 11, [0xff, 0xfe], Int16Array.of(-2)],
    ["int32", 12, [0, 1, 0, 0], Int32Array.of(65536)],
    ["float32", 13, [0x3f, 0x80, 0, 0], Float32Array.of(1)],
    ["float64", 14, [0xc0, 0, 0, 0, 0, 0, 0, 0], Float64Array.of(-2)],
  ] as const)("reads %s, big-endian", (type, code, bytes, data) => {
    expect(readIdx(idx(code, [1], bytes))).toEqual({ type, shape: [1], data });
  });

  test.each([
    ["nothing", new Uint8Array(0), /got nothing/],
    ["another format", Uint8Array.of(0x1f, 0x8b, 8, 0), /got 31, 139, 8, 0/],
    ["an unknown type", idx(10, [1], [1]), /got 10 at offset 2/],
    ["sizes cut off", Uint8Array.of(0, 0, 8, 3, 0, 0), /expected 3 sizes up to offset 16, got 6/],
    ["data cut off", idx(8, [2, 2, 2], [1, 2]), /expected 8 bytes .* offset 16, got 2/],
    ["data too long", idx(8, [1], [1, 2]), /expected 1 bytes .* got 2/],
    ["sizes beyond memory", idx(8, [2 ** 31, 2 ** 31], []), /expected 4611686018427388000/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readIdx(bytes)).toThrow(InputError);
    expect(() => readIdx(bytes)).toThrow(message);
  });

  test("reads or refuses whatever is damaged", () => {
    const whole = idx(
      8,
      [2, 3, 4],
      Array.from({ length: 24 }, (_, i) => i),
    );
    for (const damaged of mutations(whole, 500)) readsOrRefuses(() => readIdx(damaged));
  });
});
