/**
 * @file The observations that the codes stand for, `observations.npy` [n, D] or [n, ...observationShape]:
 * a row at a time, and of a file on a host no more than is looked at.
 *
 * Numbers are those that the decoder speaks in. Bytes (uint8) of an image are 255ths.
 */
import type { ModelDescription, NpyHeader } from "pullback-core";
import { InputError, readNpyData, readNpyHeader } from "pullback-core";
import type { ModelSource } from "./files.ts";
import { observationsName } from "./files.ts";

/** A file, a part at a time. */
export interface Slices {
  /** Bytes from one place up to another, or to its end where that comes first. */
  read(from: number, to: number): Promise<Uint8Array>;
  /** Whether it is a visitor's own and nothing has to be fetched. */
  readonly isHere: boolean;
}

export interface Originals {
  /** What the code of that row stands for, [D]. Throws `InputError` where the file does not fit. */
  row(code: number): Promise<Float32Array>;
  /** Throws `InputError` where the file does not fit, before any row is asked for. */
  check(): Promise<void>;
}

/** Bytes at the beginning of a file that hold any header of a plain array. */
const headerBytes = 256;
/** A host that sends no parts of files is asked for whole ones up to this size. */
const mostWhole = 8 * 2 ** 20;

/** Where a model's original observations are; null where it has none. */
export function originalSlices(source: ModelSource): Slices | null {
  const own = source.kind === "files" ? source.files : (source.own ?? []);
  const file = own.find(({ name }) => observationsName.test(name));
  if (file) return { isHere: true, read: async (from, to) => file.bytes.subarray(from, to) };
  const name = source.kind === "site" && source.files.find((each) => observationsName.test(each));
  return name ? hosted(new URL(name, source.base)) : null;
}

/** Parts of a file on a host. Kept whole where the host knows no parts and the file is small. */
function hosted(address: URL): Slices {
  let whole: Promise<Uint8Array> | null = null;
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    if (whole) return (await whole).subarray(from, to);
    const response = await fetch(address, { headers: { Range: `bytes=${from}-${to - 1}` } });
    if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
    if (!response.ok)
      throw new InputError(`cannot load the originals: the site answered ${response.status}`);
    const length = Number(response.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
    if (length > mostWhole) {
      await response.body?.cancel();
      throw new InputError(
        `cannot load the originals: this host sends whole files only, and they take ${Math.ceil(length / 2 ** 20)} MB`,
      );
    }
    whole = response.arrayBuffer().then((bytes) => new Uint8Array(bytes));
    return (await whole).subarray(from, to);
  };
  return { isHere: false, read };
}

/** `n` is how many codes there are. */
export function originals(slices: Slices, description: ModelDescription, n: number): Originals {
  const { dataDimension: D, observationShape, drawing } = description;
  let asked: Promise<NpyHeader> | null = null;
  const readHeader = async (): Promise<NpyHeader> => {
    const header = readNpyHeader(await slices.read(0, headerBytes));
    const [rows, ...rest] = header.shape;
    const fits = [[D], observationShape].some((shape) => `${shape}` === `${rest}`);
    if (rows !== n || !fits || header.fortran)
      throw new InputError(
        `observations.npy: expected [${n}, ${D}], one row for each latent code, got [${header.shape}]${header.fortran ? " in Fortran order" : ""}`,
      );
    return header;
  };
  const header = (): Promise<NpyHeader> => {
    asked ??= readHeader();
    return asked;
  };
  return {
    async check() {
      await header();
    },
    async row(code) {
      const known = await header();
      const size = D * known.itemSize;
      const from = known.offset + code * size;
      const bytes = await slices.read(from, from + size);
      if (bytes.length !== size)
        throw new InputError(
          `observations.npy: expected ${size} bytes for row ${code + 1}, got ${bytes.length}`,
        );
      const { data } = readNpyData(known, bytes, [D]);
      const unit = known.stored === "uint8" && drawing.kind === "image" ? 255 : 1;
      return Float32Array.from(data as ArrayLike<number | bigint>, (value) => Number(value) / unit);
    },
  };
}
