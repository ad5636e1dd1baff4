/**
 * @file Named arrays of NumPy, `.npz`: a zip of `.npy`, plain or compressed.
 *
 * What the zip says of sizes is checked before anything is unpacked.
 */
import { unzipSync } from "fflate";
import { InputError } from "../array/errors.ts";
import { readNpy } from "./npy.ts";
import type { NumericArray } from "./numeric.ts";

/** Bytes that a file may unpack to. */
const most = 2 ** 31;
/** The best that deflate can do is a thousandth. */
const greatestRatio = 1100;

/** The arrays in the bytes of a file, by name. Throws `InputError` saying what is wrong where. */
export function readNpz(bytes: Uint8Array): Map<string, NumericArray> {
  let files: Record<string, Uint8Array>;
  let total = 0;
  try {
    files = unzipSync(bytes, {
      filter({ name, originalSize, size }) {
        total += originalSize;
        if (originalSize > most || total > most || originalSize > greatestRatio * size + 1024)
          throw new InputError(`npz: ${name} claims to unpack to ${originalSize} bytes`);
        return name.endsWith(".npy");
      },
    });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`npz: expected a zip of .npy files: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return new Map(
    Object.entries(files).map(([name, content]): [string, NumericArray] => {
      try {
        return [name.slice(0, -".npy".length), readNpy(content)];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(`npz: ${name}: ${error.message}`, { cause: error });
      }
    }),
  );
}
