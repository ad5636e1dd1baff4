/**
 * @file A skeleton in perspective, as lines on paper: limbs, a head, and their shadow on the ground.
 *
 * The viewer stands at the skeleton's right, a little ahead of it, so that walking goes to the
 * right of the picture. The lowest joint touches the ground, since no pose says where the root is.
 */
import type { Bone } from "../format/model.ts";
import { boneEnds } from "./skeleton.ts";

/** Metres on an upright sheet through the root, to the right of it and above what `viewer` aims at. */
export type PaperPoint = readonly [right: number, up: number];

/** Bones that follow one another without a fork, or the head. */
export type Part =
  | {
      readonly kind: "limb";
      readonly side: Bone["side"];
      readonly points: readonly PaperPoint[];
      /** A thumb, which a thin line does. */
      readonly small: boolean;
    }
  | { readonly kind: "head"; readonly centre: PaperPoint; readonly radius: number };

export interface StickFigure {
  /** From the farthest to the nearest. */
  readonly parts: readonly Part[];
  /** Of each limb, under a light from straight above. */
  readonly shadow: readonly (readonly PaperPoint[])[];
  /** On the ground under the root, from behind to ahead: the line that is walked on. */
  readonly ground: readonly [PaperPoint, PaperPoint];
}

/** In metres, from the ground under the root. */
type Place = readonly [left: number, up: number, ahead: number];

/** Limbs that are shorter than this, in metres, are small. */
const small = 0.12;
/** Radius of a head, in metres. */
const headRadius = 0.1;
/** Half of the line on the ground, in metres: about a step. */
const step = 0.55;

/** The picture of the pose x: [D] in degrees. Throws what `boneEnds` throws. */
export function stickFigure(bones: readonly Bone[], x: ArrayLike<number>): StickFigure {
  const ends = boneEnds(bones, x);
  const floor = ends.reduce((low, value, i) => (i % 3 === 1 ? Math.min(low, value) : low), 0);
  const place = (bone: number): Place => [
    ends[3 * bone] as number,
    (ends[3 * bone + 1] as number) - floor,
    ends[3 * bone + 2] as number,
  ];
  const limbs = limbsOf(bones).map(({ joints, side }) => ({
    ...{ joints, side },
    places: joints.map(place),
  }));
  const parts = limbs.flatMap(({ joints, side, places }): (Part & { readonly depth: number })[] => {
    const depth = mean(places.map(depthOf));
    const limb: Part = {
      kind: "limb",
      side,
      points: places.map((at) => seen(at).at),
      small: lengthOf(places) < small,
    };
    // Right after the neck, which must not be seen through it: sorting keeps what is equal.
    const head = joints.find((bone) => bones[bone]?.name === "head");
    if (head === undefined) return [{ ...limb, depth }];
    const { at, scale } = seen(place(head));
    return [
      { ...limb, depth },
      { kind: "head", centre: at, radius: headRadius * scale, depth },
    ];
  });
  return {
    parts: parts.sort((a, b) => b.depth - a.depth),
    shadow: limbs.map(({ places }) => places.map(([left, , ahead]) => seen([left, 0, ahead]).at)),
    ground: [seen([0, 0, -step]).at, seen([0, 0, step]).at],
  };
}

/** Joints of every limb by their bones: from the fork it grows from to the next fork or its end. */
function limbsOf(bones: readonly Bone[]) {
  const children = bones.map((_, i) => bones.flatMap(({ parent }, k) => (parent === i ? [k] : [])));
  const limbs: { readonly joints: number[]; readonly side: Bone["side"] }[] = [];
  bones.forEach(({ parent, side }, i) => {
    if (parent === undefined) return;
    // A bone that goes on from its parent belongs to the limb that began before.
    const goesOn = parent > 0 && children[parent]?.length === 1 && bones[parent]?.side === side;
    if (goesOn) return;
    const joints = [parent, i];
    for (let last = i; children[last]?.length === 1; ) {
      last = children[last]?.[0] as number;
      if (bones[last]?.side !== side) break;
      joints.push(last);
    }
    limbs.push({ joints, side });
  });
  return limbs;
}

/**
 * Aims at a place so many metres above the ground, from degrees ahead of the right side and above
 * the horizon, so many metres away.
 */
const viewer = { aim: 0.9, ahead: 20, above: 9, distance: 4.5 } as const;

const { right, up, towards } = sheet();

/** Unit vectors of the sheet that the viewer looks at: to the right, up, and towards the viewer. */
function sheet() {
  const [ahead, above] = [viewer.ahead, viewer.above].map((angle) => (angle * Math.PI) / 180) as [
    number,
    number,
  ];
  const [ca, sa, cb, sb] = [Math.cos(ahead), Math.sin(ahead), Math.cos(above), Math.sin(above)];
  return {
    right: [sa, 0, ca] as Place,
    up: [sb * ca, cb, -sb * sa] as Place,
    towards: [-cb * ca, sb, cb * sa] as Place,
  };
}

/** Where a place is seen on the sheet; nearer things are larger, by `scale`. */
function seen([left, height, ahead]: Place): { readonly at: PaperPoint; readonly scale: number } {
  const place: Place = [left, height - viewer.aim, ahead];
  const scale = viewer.distance / (viewer.distance - inner(place, towards));
  return { at: [scale * inner(place, right), scale * inner(place, up)], scale };
}

/**
 * Of two limbs that cross in the picture the less deep one hides the other. Heights do not count:
 * what is lower on an upright body is not behind.
 */
const depthOf = ([left, , ahead]: Place): number => -inner([left, 0, ahead], towards);

const inner = (a: Place, b: Place): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const lengthOf = (places: readonly Place[]): number =>
  places.slice(1).reduce((sum, at, i) => {
    const before = places[i] as Place;
    return sum + Math.hypot(at[0] - before[0], at[1] - before[1], at[2] - before[2]);
  }, 0);
