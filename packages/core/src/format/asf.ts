/**
 * @file Skeletons of motion capture, Acclaim's ASF: a root, bones, and what hangs on what.
 *
 * Source: "Acclaim ASF/AMC file formats" as the Universities of Wisconsin and Carnegie Mellon
 * describe them. All angles come out in degrees. Left out: the skin, masses, and bones that slide
 * or stretch (`dof` of `tx`, `l` and their like), which are refused.
 */
import type { Line, Triple } from "./acclaim-text.ts";
import { linesOf, numberIn, singleIn, tripleIn, wrong } from "./acclaim-text.ts";

/** Which axis is turned about first, second, third. */
export type RotationOrder = "XYZ" | "XZY" | "YXZ" | "YZX" | "ZXY" | "ZYX";

export type RootChannel = "TX" | "TY" | "TZ" | "RX" | "RY" | "RZ";
export type BoneChannel = "rx" | "ry" | "rz";

export interface AcclaimSkeleton {
  readonly name?: string;
  /** What lengths and masses were multiplied by; 1 where the file says nothing. */
  readonly units: { readonly mass: number; readonly length: number };
  /** Of angles in the file; here they are in degrees. */
  readonly angle: "deg" | "rad";
  readonly root: AcclaimRoot;
  /** Each after the one that it hangs on. */
  readonly bones: readonly AcclaimBone[];
}

export interface AcclaimRoot {
  /** The numbers of a frame, in this order. */
  readonly order: readonly RootChannel[];
  readonly axis: RotationOrder;
  readonly position: Triple;
  readonly orientation: Triple;
}

export interface AcclaimBone {
  readonly name: string;
  /** Name of the bone it hangs on, or `root`. */
  readonly parent: string;
  /** In the frame of the root, not of the bone; of unit length. */
  readonly direction: Triple;
  readonly length: number;
  /** Turns the frame of the root into that of the bone. */
  readonly axis: Triple;
  readonly axisOrder: RotationOrder;
  /** What a frame says of the bone, in this order; none for a bone that is stiff. */
  readonly dof: readonly BoneChannel[];
  /** Of each dof, from lowest to highest; none where the file says none. */
  readonly limits: readonly (readonly [number, number])[];
}

const format = "asf";

/** The skeleton in the text of an ASF file. Throws `InputError` with line and reason. */
export function readAsf(text: string): AcclaimSkeleton {
  const { sections, end } = sectionsOf(linesOf(text));
  const section = (name: string): Line[] => {
    const found = sections.get(name);
    if (found) return found;
    throw wrong(format, end, `a section :${name} before the end of the file`, "none");
  };
  const [title] = sections.get("name") ?? [];
  const { angle, ...units } = unitsIn(sections.get("units") ?? []);
  const degrees = angle === "rad" ? 180 / Math.PI : 1;
  const bones = bonesIn(section("bonedata"), degrees);
  return {
    ...(title?.words[1] ? { name: title.words[1] } : {}),
    units,
    angle,
    root: rootIn(section("root"), degrees),
    bones: hang(bones, section("hierarchy")),
  };
}

/** Lines by section; that of the section itself, `:units`, comes first. */
function sectionsOf(lines: readonly Line[]): {
  readonly sections: ReadonlyMap<string, Line[]>;
  readonly end: number;
} {
  const sections = new Map<string, Line[]>();
  let current: Line[] | undefined;
  for (const line of lines) {
    const [first = ""] = line.words;
    if (first.startsWith(":")) {
      const name = first.slice(1).toLowerCase();
      if (sections.has(name))
        throw wrong(format, line.number, "each section once", `${first} again`);
      current = [line];
      sections.set(name, current);
    } else if (current) current.push(line);
    else throw wrong(format, line.number, "a section such as :version", line.words.join(" "));
  }
  return { sections, end: lines.at(-1)?.number ?? 1 };
}

function unitsIn(lines: readonly Line[]) {
  const units = { mass: 1, length: 1 };
  let angle: AcclaimSkeleton["angle"] = "deg";
  for (const line of lines.slice(1)) {
    const [key = "", value = ""] = line.words;
    if (key === "mass" || key === "length") {
      units[key] = singleIn(format, line);
      if (units[key] <= 0) throw wrong(format, line.number, `a ${key} above 0`, value);
    } else if (key === "angle") {
      if (value !== "deg" && value !== "rad")
        throw wrong(format, line.number, "angle deg or angle rad", value);
      angle = value;
    } else throw wrong(format, line.number, "mass, length or angle", key);
  }
  return { ...units, angle };
}

const rootChannels: readonly string[] = ["TX", "TY", "TZ", "RX", "RY", "RZ"];

function rootIn([head, ...lines]: readonly Line[], degrees: number): AcclaimRoot {
  let order: readonly RootChannel[] | undefined;
  let axis: RotationOrder = "XYZ";
  let position: Triple = [0, 0, 0];
  let orientation: Triple = [0, 0, 0];
  for (const line of lines) {
    const [key = "", ...values] = line.words;
    if (key === "order") order = distinct(line, rootChannels, "TX TY TZ RX RY RZ") as RootChannel[];
    else if (key === "axis") axis = rotationOrder(line, values[0]);
    else if (key === "position") position = tripleIn(format, line);
    else if (key === "orientation") orientation = inDegrees(tripleIn(format, line), degrees);
    else throw wrong(format, line.number, "order, axis, position or orientation", key);
  }
  if (order) return { order, axis, position, orientation };
  throw wrong(format, head?.number ?? 1, "an order of the root's numbers", "none");
}

type LooseBone = Omit<AcclaimBone, "parent"> & { readonly line: number };

function bonesIn([, ...lines]: readonly Line[], degrees: number): LooseBone[] {
  const bones: LooseBone[] = [];
  for (let at = 0; at < lines.length; ) {
    const begin = lines[at] as Line;
    if (begin.words[0] !== "begin")
      throw wrong(format, begin.number, "begin", begin.words.join(" "));
    const length = lines.slice(at).findIndex(({ words }) => words[0] === "end");
    const last = lines.at(-1) as Line;
    if (length < 0)
      throw wrong(format, last.number, `an end to the bone of line ${begin.number}`, "none");
    bones.push(boneIn(lines.slice(at, at + length), degrees));
    at += length + 1;
  }
  return bones;
}

/** Keys that say nothing of where the bone is. */
const passedOver = new Set(["id", "bodymass", "cofmass"]);

function boneIn([begin, ...lines]: readonly Line[], degrees: number): LooseBone {
  const { number } = begin as Line;
  const found: { -readonly [K in keyof LooseBone]?: LooseBone[K] } = {};
  let limits: Line[] = [];
  for (const line of lines) {
    const [key = "", ...values] = line.words;
    // Each dof has a line of its own, of which only the first says `limits`.
    if (key === "limits" || (key.startsWith("(") && limits.length > 0)) limits = [...limits, line];
    else if (key === "name") [found.name] = values;
    else if (key === "direction") found.direction = tripleIn(format, line);
    else if (key === "length") found.length = singleIn(format, line);
    else if (key === "axis") {
      found.axis = inDegrees(tripleIn(format, line), degrees);
      found.axisOrder = rotationOrder(line, values[3]);
    } else if (key === "dof")
      found.dof = distinct(line, ["rx", "ry", "rz"], "rx, ry, rz") as BoneChannel[];
    else if (!passedOver.has(key))
      throw wrong(format, line.number, "name, direction, length, axis, dof or limits", key);
  }
  const { name, direction, length, axis, axisOrder, dof = [] } = found;
  if (!name || !direction || length === undefined || !axis || !axisOrder) {
    const lacking = [
      ...(name ? [] : ["name"]),
      ...(direction ? [] : ["direction"]),
      ...(length === undefined ? ["length"] : []),
      ...(axis ? [] : ["axis"]),
    ];
    throw wrong(format, number, `a bone with ${lacking.join(" and ")}`, name ?? "one without");
  }
  if (name === "root") throw wrong(format, number, "a bone of another name", "root");
  return {
    name,
    direction,
    length,
    axis,
    axisOrder,
    dof,
    limits: limitsIn(limits, dof, degrees),
    line: number,
  };
}

/** Pairs in brackets over any number of lines: `limits (-160.0 20.0)`, `(-inf inf)`. */
function limitsIn(
  lines: readonly Line[],
  dof: readonly BoneChannel[],
  degrees: number,
): (readonly [number, number])[] {
  const [first] = lines;
  if (!first) return [];
  const text = lines
    .flatMap(({ words }) => words)
    .join(" ")
    .replace(/^limits/, "");
  const pairs = [...text.matchAll(/\(\s*([^\s()]+)\s+([^\s()]+)\s*\)/g)].map(
    ([, low, high]) => [bound(low), bound(high)] as const,
  );
  const rest = text.replace(/\([^()]*\)/g, "").trim();
  const isWrong = ([low, high]: readonly [number, number]): boolean => !(low <= high);
  if (rest !== "" || pairs.length !== dof.length || pairs.some(isWrong))
    throw wrong(
      format,
      first.number,
      `${dof.length} limits (low high), one for each dof`,
      text.trim(),
    );
  return pairs.map(([low, high]) => [low * degrees, high * degrees]);
}

function bound(word: string | undefined): number {
  const [, sign, infinite] = /^([+-]?)(inf)$/i.exec(word ?? "") ?? [];
  if (infinite) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return numberIn(word);
}

/** Bones in the order of the hierarchy, each with its parent. */
function hang(bones: readonly LooseBone[], [head, ...lines]: readonly Line[]): AcclaimBone[] {
  const byName = new Map<string, LooseBone>();
  for (const bone of bones) {
    if (byName.has(bone.name))
      throw wrong(format, bone.line, "each bone once", `${bone.name} again`);
    byName.set(bone.name, bone);
  }
  const hung = new Map<string, string[]>();
  const parents = new Map<string, string>();
  for (const { number, words } of lines) {
    const [parent = "", ...children] = words;
    if (parent === "begin" || parent === "end") continue;
    for (const name of words)
      if (name !== "root" && !byName.has(name))
        throw wrong(format, number, "a bone of :bonedata", name);
    for (const child of children) {
      if (child === "root")
        throw wrong(format, number, "the root to hang on nothing", `root on ${parent}`);
      const other = parents.get(child);
      if (other) throw wrong(format, number, `${child} to hang on ${other} alone`, `${parent} too`);
      parents.set(child, parent);
    }
    hung.set(parent, [...(hung.get(parent) ?? []), ...children]);
  }
  const ordered: AcclaimBone[] = [];
  const waiting = [...(hung.get("root") ?? [])].reverse();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const { line: _, ...bone } = byName.get(name) as LooseBone;
    ordered.push({ ...bone, parent: parents.get(name) as string });
    waiting.push(...[...(hung.get(name) ?? [])].reverse());
  }
  // What is not reached hangs on nothing, or in a circle.
  const reached = new Set(ordered.map(({ name }) => name));
  const left = bones.find(({ name }) => !reached.has(name));
  if (left) throw wrong(format, left.line, `${left.name} to hang on the root`, "no way there");
  if (ordered.length === 0) throw wrong(format, head?.number ?? 1, "bones on the root", "none");
  return ordered;
}

function rotationOrder({ number }: Line, word: string | undefined): RotationOrder {
  const order = word?.toUpperCase() ?? "";
  if ([...order].sort().join("") === "XYZ") return order as RotationOrder;
  throw wrong(format, number, "an order of rotation such as XYZ", word ?? "");
}

function distinct(
  { number, words: [, ...values] }: Line,
  allowed: readonly string[],
  said: string,
) {
  if (new Set(values).size === values.length && values.every((value) => allowed.includes(value)))
    return values;
  throw wrong(format, number, `some of ${said}, each once`, values.join(" "));
}

const inDegrees = ([x, y, z]: Triple, degrees: number): Triple => [
  x * degrees,
  y * degrees,
  z * degrees,
];
