/**
 * @file The state of a training as bytes, and back.
 *
 * Layout, little-endian: 8 bytes `pbckpt01`; length of the header (uint32); the header, JSON; then
 * parameters, first and second moments (float32), the lines of `training.csv` (float64, five
 * each); at the end a checksum (uint32) over all before it. The header carries the `identity` of
 * the training, so that a checkpoint is continued by the training that wrote it and by no other.
 */
import * as v from "valibot";
import { InputError } from "../array/errors.ts";
import type { TrainingRecord, TrainingState } from "./train.ts";

/** What must be equal for a training to go on: settings, seed, fingerprint of the data. */
export type TrainingIdentity = Readonly<Record<string, string | number>>;

const magic = "pbckpt01";
const columns = ["step", "bound", "sigma", "seconds", "learningRate"] as const;

const Header = v.object({
  identity: v.record(v.string(), v.union([v.string(), v.number()])),
  step: v.number(),
  bound: v.number(),
  seconds: v.number(),
  parameters: v.number(),
  records: v.number(),
});

export function writeCheckpoint(state: TrainingState, identity: TrainingIdentity): Uint8Array {
  const header = new TextEncoder().encode(
    JSON.stringify({
      identity,
      step: state.step,
      bound: state.bound,
      seconds: state.seconds,
      parameters: state.parameters.length,
      records: state.records.length,
    }),
  );
  const records = Float64Array.from(
    state.records.flatMap((record) => columns.map((column) => record[column])),
  );
  const arrays = [state.parameters, state.first, state.second, records];
  const size = arrays.reduce((total, { byteLength }) => total + byteLength, 0);
  const bytes = new Uint8Array(magic.length + 4 + header.length + size + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(magic.length, header.length, true);
  bytes.set(header, magic.length + 4);
  let at = magic.length + 4 + header.length;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  view.setUint32(at, checksum(bytes.subarray(0, at)), true);
  return bytes;
}

/**
 * The state that `writeCheckpoint` was given. Throws `InputError` on bytes that are not a whole
 * checkpoint, and on one of another training, naming what differs.
 */
export function readCheckpoint(bytes: Uint8Array, identity: TrainingIdentity): TrainingState {
  const broken = (what: string): InputError => new InputError(`checkpoint: ${what}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, magic.length));
  if (start !== magic) throw broken(`expected a file that begins with ${magic}`);
  const end = bytes.length - 4;
  const from = magic.length + 4;
  if (end < from || view.getUint32(end, true) !== checksum(bytes.subarray(0, end)))
    throw broken(`expected a whole file, got ${bytes.length} bytes with a wrong checksum`);
  const length = view.getUint32(magic.length, true);
  const header = v.parse(
    Header,
    JSON.parse(new TextDecoder().decode(bytes.subarray(from, from + length))),
  );
  for (const key of new Set([...Object.keys(identity), ...Object.keys(header.identity)]))
    if (identity[key] !== header.identity[key])
      throw broken(
        `expected a training with ${key} ${identity[key]}, got one with ${header.identity[key]}`,
      );
  // Copied: arrays of numbers must begin at multiples of their size.
  let at = from + length;
  const take = (size: number): ArrayBuffer => {
    at += size;
    return new Uint8Array(bytes.subarray(at - size, at)).buffer;
  };
  const floats = (): Float32Array => new Float32Array(take(4 * header.parameters));
  const [parameters, first, second] = [floats(), floats(), floats()];
  const numbers = new Float64Array(take(8 * columns.length * header.records));
  const { step, bound, seconds } = header;
  const records = Array.from({ length: header.records }, (_, row) =>
    Object.fromEntries(columns.map((column, i) => [column, numbers[row * columns.length + i]])),
  ) as unknown as TrainingRecord[];
  return { step, bound, seconds, parameters, first, second, records };
}

/** FNV-1a, 32 bits, over bytes or whole words. */
export function checksum(words: Uint8Array | Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
  return hash >>> 0;
}
