/**
 * @file An `.onnx` file as it is, run by ONNX Runtime alone: what our reading of it is held against.
 */
import * as ort from "onnxruntime-node";
import type { Settings } from "pullback-core";
import { InputError, sizeOf } from "pullback-core";

/** A free axis is asked for this many rows. */
const rowsOfFree = 4;

export interface Original {
  /** Codes [rows, d] that were given. */
  readonly z: Float64Array;
  readonly rows: number;
  /** Numbers of the output, row by row. */
  readonly x: Float64Array;
}

/**
 * Runs the file on codes that `draw` makes. Null where ONNX Runtime cannot run the file itself.
 * Throws `InputError` where it has not the inputs that it should have.
 */
export async function runOriginal(
  path: string,
  { settings, output, draw }: { settings: Settings; output: string; draw: () => number },
): Promise<Original | null> {
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(path, { logSeverityLevel: 3 });
  } catch {
    return null;
  }
  try {
    const inputs = session.inputMetadata.filter((input) => input.isTensor);
    const latent = inputs.find(({ name }) => !(name in settings));
    if (!latent) throw new InputError("expected an input for latent codes, got none");
    const shaped = (shape: readonly (number | string)[]): number[] =>
      shape.map((size) => (typeof size === "number" && size > 0 ? size : rowsOfFree));
    const shape = shaped(latent.shape);
    const z = Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(draw()));
    const feeds: Record<string, ort.Tensor> = {};
    for (const { name, type, shape } of inputs) {
      const own = shaped(shape);
      const given = name === latent.name ? z : settings[name];
      if (!given) return null;
      const numbers = Array.from({ length: sizeOf(own) }, (_, i) => given[i % given.length] ?? 0);
      feeds[name] = tensorOf(type as ort.Tensor.Type, numbers, own);
    }
    const results = await session.run(feeds, [output]);
    const x = Float64Array.from((results[output] as ort.Tensor).data as Float32Array, Number);
    return { z, rows: shape[0] as number, x };
  } finally {
    await session.release();
  }
}

function tensorOf(type: ort.Tensor.Type, numbers: number[], shape: number[]): ort.Tensor {
  if (type === "int64") return new ort.Tensor(type, BigInt64Array.from(numbers, BigInt), shape);
  if (type === "int32") return new ort.Tensor(type, Int32Array.from(numbers), shape);
  if (type === "float64") return new ort.Tensor(type, Float64Array.from(numbers), shape);
  if (type === "bool") return new ort.Tensor(type, Uint8Array.from(numbers), shape);
  return new ort.Tensor("float32", Float32Array.from(numbers), shape);
}
