/**
 * @file Motions, Acclaim's AMC: for each frame the numbers of every bone that can turn.
 *
 * Bones are named in every frame, so their order in the file does not matter; the columns here
 * have the order of the skeleton. Angles come out in degrees.
 */
import type { Tensor } from "../array/tensor.ts";
import { tensor } from "../array/tensor.ts";
import type { Line } from "./acclaim-text.ts";
import { linesOf, numberIn, wrong } from "./acclaim-text.ts";
import type { AcclaimSkeleton, BoneChannel, RootChannel } from "./asf.ts";

/** What one number of a frame says: `{ bone: "lfemur", channel: "rx" }`. */
export interface MotionChannel {
  readonly bone: string;
  readonly channel: RootChannel | BoneChannel;
}

/** Columns of a motion: the root's, then those of each bone in the order of the skeleton. */
export function motionChannels({ root, bones }: AcclaimSkeleton): MotionChannel[] {
  return [
    ...root.order.map((channel) => ({ bone: "root", channel })),
    ...bones.flatMap(({ name, dof }) => dof.map((channel) => ({ bone: name, channel }))),
  ];
}

const format = "amc";

/**
 * The frames in the text of an AMC file: [frames, channels], columns as `motionChannels` of the
 * skeleton says; turns in degrees, places of the root in the units of the skeleton.
 * Throws `InputError` with line and reason.
 */
export function readAmc(text: string, skeleton: AcclaimSkeleton): Tensor<"float64"> {
  const lines = linesOf(text);
  const start = lines.findIndex(({ words: [first = ""] }) => !first.startsWith(":"));
  const { head, frames } =
    start < 0
      ? { head: lines, frames: [] }
      : { head: lines.slice(0, start), frames: lines.slice(start) };
  const [first] = frames;
  if (!first) throw wrong(format, lines.at(-1)?.number ?? 1, "frames below the head", "none");
  const scales = scalesOf(skeleton, inRadians(head, skeleton));
  const places = placesOf(skeleton);
  const width = scales.length;
  const values: number[] = [];
  let number = frameNumber(first);
  for (let at = 0; at < frames.length; number++) {
    const begin = frames[at++] as Line;
    if (frameNumber(begin) !== number)
      throw wrong(format, begin.number, `frame ${number}`, begin.words.join(" "));
    const row = new Array<number>(width).fill(Number.NaN);
    while (at < frames.length && !isFrameNumber(frames[at] as Line))
      fill(row, frames[at++] as Line, places);
    const lacking = row.findIndex(Number.isNaN);
    if (lacking >= 0) {
      const [bone] = [...places].find(([, { from, to }]) => from <= lacking && lacking < to) ?? [];
      throw wrong(format, begin.number, `${bone} in frame ${number}`, "none");
    }
    values.push(...row.map((value, column) => value * (scales[column] as number)));
  }
  return tensor("float64", [values.length / width, width], Float64Array.from(values));
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Columns of each bone that has any. */
function placesOf({ root, bones }: AcclaimSkeleton): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>([["root", { from: 0, to: root.order.length }]]);
  let from = root.order.length;
  for (const { name, dof } of bones) {
    if (dof.length > 0) places.set(name, { from, to: from + dof.length });
    from += dof.length;
  }
  return places;
}

/** Writes the numbers of a line `lfemur 3.6 10.1 34.5` to their columns. */
function fill(row: number[], { number, words }: Line, places: ReadonlyMap<string, Place>): void {
  const [bone = "", ...numbers] = words;
  const place = places.get(bone);
  if (!place) throw wrong(format, number, "a bone of the skeleton that turns", bone);
  const count = place.to - place.from;
  const read = numbers.map(numberIn);
  if (read.length !== count || !read.every(Number.isFinite))
    throw wrong(format, number, `${count} numbers for ${bone}`, numbers.join(" "));
  if (!Number.isNaN(row[place.from]))
    throw wrong(format, number, "each bone once in a frame", `${bone} again`);
  for (let i = 0; i < count; i++) row[place.from + i] = read[i] as number;
}

const isFrameNumber = ({ words }: Line): boolean =>
  words.length === 1 && /^\d+$/.test(words[0] as string);

function frameNumber(line: Line): number {
  if (isFrameNumber(line)) return Number(line.words[0]);
  throw wrong(format, line.number, "the number of a frame", line.words.join(" "));
}

/** Whether the angles are; what the skeleton says holds where the motion says nothing. */
function inRadians(head: readonly Line[], { angle }: AcclaimSkeleton): boolean {
  const says = (word: string): boolean => head.some(({ words: [first = ""] }) => first === word);
  return says(":RADIANS") || (angle === "rad" && !says(":DEGREES"));
}

function scalesOf(skeleton: AcclaimSkeleton, radians: boolean): number[] {
  return motionChannels(skeleton).map(({ channel }) =>
    radians && /^r/i.test(channel) ? 180 / Math.PI : 1,
  );
}
