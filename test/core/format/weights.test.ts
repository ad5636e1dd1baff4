/** Files of named arrays: .safetensors and .npz. */
import { zipSync } from "fflate";
import { InputError, readNpz, readSafetensors, writeNpy } from "pullback-core";
import { describe, expect, test } from "vitest";
import { mutations, readsOrRefuses } from "./mutations.ts";

/** As the format says: length of the header, header, bytes. */
function safetensors(header: object | string, data: Uint8Array): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const data = new Uint8Array(Float32Array.of(1.5, -2, 3, 0.25).buffer);
const good = safetensors(
  {
    __metadata__: { format: "pt" },
    w: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    h: { dtype: "F16", shape: [1], data_offsets: [14, 16] },
    b: { dtype: "BF16", shape: [2], data_offsets: [8, 12] },
  },
  Uint8Array.from(data, (byte, i) => (i === 14 ? 0x00 : i === 15 ? 0xc1 : byte)),
);

describe("readSafetensors", () => {
  test("reads what the header names", () => {
    const arrays = readSafetensors(good);
    expect(arrays.get("w")).toEqual({
      type: "float32",
      shape: [1, 2],
      data: Float32Array.of(1.5, -2),
    });
    // 0xc100 is -2.5 in binary16; the two halves of a float32 3 are 0 and 3 in bfloat16.
    expect(arrays.get("h")?.data).toEqual(Float32Array.of(-2.5));
    expect(arrays.get("b")?.data).toEqual(Float32Array.of(0, 3));
    expect([...arrays.keys()]).toEqual(["w", "h", "b"]);
  });

  const entry = (dtype: string, shape: unknown, offsets: unknown) =>
    safetensors({ w: { dtype, shape, data_offsets: offsets } }, data);
  test.each([
    ["no header", new Uint8Array(5), /at least 8 bytes, got 5/],
    [
      "a header beyond the file",
      Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0),
      /header of 65535 bytes/,
    ],
    ["no JSON", safetensors("{", data), /expected JSON/],
    ["a list", safetensors("3", data), /expected an object/],
    ["another type", entry("F8", [4], [0, 4]), /w: expected BOOL.* got F8/],
    ["bytes beyond the file", entry("F32", [5], [0, 20]), /expected 20 bytes .* within 16/],
    ["too few bytes", entry("F32", [4], [0, 12]), /expected 16 bytes .* got 0 to 12/],
    ["a negative size", entry("F32", [-4], [0, 16]), /expected dtype, shape and data_offsets/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(InputError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test("reads or refuses what is damaged", () => {
    for (const bytes of mutations(good, 3000)) readsOrRefuses(() => readSafetensors(bytes));
  });
});

describe("readNpz", () => {
  const array = { type: "float32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;
  const files = { "w.npy": writeNpy(array), "notes.txt": new Uint8Array(9) };

  test.each([0, 6] as const)("reads the arrays of a zip, level %i", (level) => {
    const arrays = readNpz(zipSync(files, { level }));
    expect([...arrays]).toEqual([["w", array]]);
  });

  test("refuses what is no zip, and arrays that are broken", () => {
    expect(() => readNpz(new Uint8Array(100))).toThrow(InputError);
    expect(() => readNpz(zipSync({ "w.npy": new Uint8Array(30) }))).toThrow(
      /w\.npy: npy: expected/,
    );
  });

  test("refuses a claim that deflate cannot keep", () => {
    const bytes = zipSync({ "w.npy": writeNpy(array) });
    const view = new DataView(bytes.buffer);
    const central = bytes.findIndex(
      (_, i) => i + 4 <= bytes.length && view.getUint32(i, true) === 0x02014b50,
    );
    view.setUint32(central + 24, 2 ** 30, true);
    expect(() => readNpz(bytes)).toThrow(/claims to unpack to 1073741824 bytes/);
  });

  test("reads or refuses what is damaged", () => {
    const bytes = zipSync(files, { level: 6 });
    for (const damaged of mutations(bytes, 3000)) readsOrRefuses(() => readNpz(damaged));
  });
});
