/**
 * @file Forward kinematics of a skeleton: from angles to the places of its joints.
 *
 * A bone turns in a frame C of its own, and what hangs on it turns with it (Acclaim's convention):
 * R = R_parent C M Cᵀ with M its rotations one after another, and its end lies at
 * end_parent + R offset.
 */
import { InputError } from "../array/errors.ts";
import type { MotionChannel } from "../format/amc.ts";
import type { AcclaimSkeleton } from "../format/asf.ts";
import type { Bone } from "../format/model.ts";
import type { Axis } from "./rotation.ts";
import { times, transposed, turn } from "./rotation.ts";

const radians = Math.PI / 180;

/** Rotation by degrees about x, then y, then z. */
function frameOf(bone: Bone): Float64Array {
  const [x, y, z] = bone.axis ?? [0, 0, 0];
  return times(turn("z", z * radians), times(turn("y", y * radians), turn("x", x * radians)));
}

/**
 * The ends of all bones, [bones, 3] in metres, for the pose x: [D] in degrees, as the bones name its
 * columns. A bone begins where its parent ends, the first at the origin.
 * Throws `InputError` for a bone before its parent and for a column that x lacks.
 */
export function boneEnds(bones: readonly Bone[], x: ArrayLike<number>): Float64Array {
  const ends = new Float64Array(3 * bones.length);
  const rotations: Float64Array[] = [];
  bones.forEach((bone, i) => {
    const { name, parent, offset, turns = [] } = bone;
    if (i === 0 ? parent !== undefined : !(parent !== undefined && parent < i))
      throw new InputError(
        `skeleton: ${name}: expected ${i === 0 ? "no parent" : `a parent of 0 to ${i - 1}`}, got ${parent ?? "none"}`,
      );
    let motion: Float64Array = turn("x", 0);
    for (const each of turns) {
      const degrees = "column" in each ? x[each.column] : each.degrees;
      if (degrees === undefined)
        throw new InputError(
          `skeleton: ${name}: expected a column of 0 to ${x.length - 1}, got ${"column" in each ? each.column : "none"}`,
        );
      motion = times(turn(each.about, degrees * radians), motion);
    }
    const frame = frameOf(bone);
    const own = times(frame, times(motion, transposed(frame)));
    const rotation = parent === undefined ? own : times(rotations[parent] as Float64Array, own);
    rotations.push(rotation);
    const step = times(rotation, offset);
    for (let k = 0; k < 3; k++) {
      const begin = parent === undefined ? 0 : (ends[3 * parent + k] as number);
      ends[3 * i + k] = begin + (step[k] as number);
    }
  });
  return ends;
}

export interface SkeletonOptions {
  /** Metres of a unit of length of the file. */
  readonly metres: number;
  /** Column of an observation that has the channel, or the degrees it always has. */
  readonly source: (
    channel: MotionChannel,
  ) => { readonly column: number } | { readonly degrees: number };
}

/**
 * The bones of a skeleton that was read, its root as the first, at the origin: where the root goes
 * is no part of a pose. Two bones whose names differ in a first l and r are left and right.
 * Throws `InputError` for rotations in another order than x, y, z.
 */
export function skeletonBones(
  { root, bones }: AcclaimSkeleton,
  { metres, source }: SkeletonOptions,
): Bone[] {
  const start = {
    name: "root",
    direction: [0, 0, 0] as const,
    length: 0,
    axis: root.orientation,
    axisOrder: root.axis,
    dof: root.order,
  };
  const indices = new Map([start, ...bones].map(({ name }, i) => [name, i]));
  const turnsOf = (bone: string, dof: readonly MotionChannel["channel"][]) =>
    dof
      .filter((channel) => /^r/i.test(channel))
      .map((channel) => ({ channel, about: channel.slice(1).toLowerCase() as Axis }))
      .sort((a, b) => (a.about < b.about ? -1 : 1))
      .map(({ channel, about }) => ({ about, ...source({ bone, channel }) }))
      // What is always zero need not be said.
      .filter((each) => !("degrees" in each && Math.abs(each.degrees) < 1e-9));
  return [start, ...bones].map((bone): Bone => {
    const { name, direction, length, axis, axisOrder, dof } = bone;
    if (axisOrder !== "XYZ")
      throw new InputError(
        `skeleton: ${name}: expected rotations in the order XYZ, got ${axisOrder}`,
      );
    const side = sideOf(name, indices);
    const turns = turnsOf(name, dof);
    const [x, y, z] = direction;
    const scale = length * metres;
    return {
      name,
      ...("parent" in bone ? { parent: indices.get(bone.parent) ?? 0 } : {}),
      ...(side ? { side } : {}),
      offset: [x * scale, y * scale, z * scale],
      ...(axis.some((angle) => angle !== 0) ? { axis: [...axis] as [number, number, number] } : {}),
      ...(turns.length > 0 ? { turns } : {}),
    };
  });
}

function sideOf(name: string, names: ReadonlyMap<string, number>): Bone["side"] {
  const [first, rest] = [name.charAt(0), name.slice(1)];
  if (first === "l" && names.has(`r${rest}`)) return "left";
  if (first === "r" && names.has(`l${rest}`)) return "right";
  return undefined;
}
