import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import type { Bone, MotionChannel } from "pullback-core";
import {
  boneEnds,
  Drawing,
  InputError,
  motionChannels,
  readAmc,
  readAsf,
  skeletonBones,
  stickFigure,
} from "pullback-core";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { motionText, restPose, skeletonText } from "../format/acclaim.ts";

const skeleton = readAsf(skeletonText);
const channels = motionChannels(skeleton);
const columnOf = ({ bone, channel }: MotionChannel) => ({
  column: channels.findIndex((each) => each.bone === bone && each.channel === channel),
});
const bones = skeletonBones(skeleton, { metres: 0.1, source: columnOf });

/** Ends of the bones by their names, for a pose that differs from rest as told. */
function ends(pose: typeof restPose): Record<string, number[]> {
  const { data } = readAmc(motionText([{ ...restPose, ...pose }]), skeleton);
  const places = boneEnds(bones, data);
  return Object.fromEntries(
    bones.map(({ name }, i) => [
      name,
      [...places.subarray(3 * i, 3 * i + 3)].map((x) => Number(x.toFixed(12)) + 0),
    ]),
  );
}

describe("the places of joints", () => {
  test("at rest are the sums of the bones", () => {
    expect(ends({})).toEqual({
      root: [0, 0, 0],
      trunk: [0, 0.5, 0],
      head: [0, 0.62, 0.16],
      lfemur: [0, -0.4, 0],
      ltibia: [0, -0.7, 0],
      rfemur: [0, -0.4, 0],
      rtibia: [0, -0.7, 0],
    });
  });

  test("with a thigh lifted and the knee bent in a frame of its own", () => {
    // The thigh goes ahead. The shin turns about Rz(90°) y = -x, which takes it back down.
    const down = ends({ lfemur: [-90, 0], ltibia: [-90] });
    expect(down.lfemur).toEqual([0, 0, 0.4]);
    expect(down.ltibia).toEqual([0, -0.3, 0.4]);
    expect(ends({ lfemur: [-90, 0], ltibia: [90] }).ltibia).toEqual([0, 0.3, 0.4]);
    expect(down.rtibia).toEqual([0, -0.7, 0]);
  });

  test("turn about x first, then y, then z", () => {
    // (0, .6, .8) about x by 90°: (0, -.8, .6); about z by 90°: (.8, 0, .6).
    expect(ends({ head: [90, 0, 90] }).head).toEqual([0.16, 0.5, 0.12]);
    expect(ends({ head: [90, 90, 0] }).head).toEqual([0.12, 0.34, 0]);
  });

  test("turn with the root, wherever the root is", () => {
    const turned = ends({ root: [7, 8, 9, 0, 90, 0], head: [90, 0, 90] });
    expect(turned.head).toEqual([0.12, 0.5, -0.16]);
  });

  test("keep the length of every bone in any pose", () => {
    const angles = fc.array(fc.double({ min: -180, max: 180, noNaN: true }), {
      minLength: channels.length,
      maxLength: channels.length,
    });
    fc.assert(
      fc.property(angles, (pose) => {
        const places = boneEnds(bones, pose);
        bones.forEach(({ parent, offset }, i) => {
          if (parent === undefined) return;
          const step = [0, 1, 2].map(
            (k) => (places[3 * i + k] as number) - (places[3 * parent + k] as number),
          );
          expect(Math.hypot(...step)).toBeCloseTo(Math.hypot(...offset), 12);
        });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["a bone before its parent", { parent: 5 }, "lfemur: expected a parent of 0 to 2, got 5"],
    ["a bone on nothing", { parent: undefined }, "lfemur: expected a parent of 0 to 2, got none"],
    [
      "a column that lacks",
      { turns: [{ about: "x" as const, column: 15 }] },
      "lfemur: expected a column of 0 to 14, got 15",
    ],
  ])("%s is refused", (_, change, message) => {
    const wrong = bones.map((bone) => (bone.name === "lfemur" ? { ...bone, ...change } : bone));
    expect(() => boneEnds(wrong, new Array(15).fill(0))).toThrow(InputError);
    expect(() => boneEnds(wrong, new Array(15).fill(0))).toThrow(message);
  });
});

describe("a skeleton for drawing", () => {
  test("knows left from right, and what turns a bone", () => {
    expect(bones.map(({ name, side }) => `${name} ${side ?? "-"}`)).toEqual([
      "root -",
      "trunk -",
      "head -",
      "lfemur left",
      "ltibia left",
      "rfemur right",
      "rtibia right",
    ]);
    expect(bones[0]?.turns?.map(({ about }) => about)).toEqual(["x", "y", "z"]);
    expect(bones[4]).toEqual({
      name: "ltibia",
      parent: 3,
      side: "left",
      offset: [0, expect.closeTo(-0.3, 12), 0],
      axis: [0, 0, 90],
      turns: [{ about: "y", column: 11 }],
    });
  });

  test("may hold angles that no column says; those of zero are not said", () => {
    const fixed = skeletonBones(skeleton, {
      metres: 0.1,
      source: ({ bone, channel }) =>
        bone === "lfemur"
          ? { column: channel === "rx" ? 0 : 1 }
          : { degrees: channel.toLowerCase() === "rx" ? 90 : 0 },
    });
    expect(fixed[0]?.turns).toEqual([{ about: "x", degrees: 90 }]);
    const places = boneEnds(fixed, [-90, 0]);
    // The root lies on its back; the thigh, which is turned the other way, hangs down again.
    expect([...places.subarray(3, 6)]).toEqual([0, expect.closeTo(0, 12), 0.5]);
    expect([...places.subarray(9, 12)]).toEqual([0, -0.4, expect.closeTo(0, 12)]);
  });

  test("goes through model.json unchanged", () => {
    const drawing = { kind: "skeleton" as const, bones };
    expect(v.parse(Drawing, JSON.parse(JSON.stringify(drawing)))).toEqual(drawing);
  });

  test("rotations in another order are refused", () => {
    const other = readAsf(skeletonText.replace("axis 0 0 90  XYZ", "axis 0 0 90  ZYX"));
    expect(() => skeletonBones(other, { metres: 1, source: columnOf })).toThrow(
      "skeleton: ltibia: expected rotations in the order XYZ, got ZYX",
    );
  });
});

describe("a stick figure", () => {
  const spread = bones.map((bone): Bone => {
    const [, y, z] = bone.offset;
    // Hips apart, so that the legs are at different depths.
    return /femur$/.test(bone.name)
      ? { ...bone, offset: [bone.side === "left" ? 0.2 : -0.2, y, z] }
      : bone;
  });
  const pose = new Array(15).fill(0);
  const { parts, shadow, ground } = stickFigure(spread, pose);

  test("has its limbs from far to near: the left leg, the trunk, the right leg", () => {
    const names = parts.map((part) => (part.kind === "limb" ? (part.side ?? "middle") : part.kind));
    expect(names.filter((name) => name !== "head")).toEqual(["left", "middle", "right"]);
    expect(names).toContain("head");
  });

  test("shows what is nearer larger", () => {
    const length = (side: string): number => {
      const leg = parts.find((part) => part.kind === "limb" && part.side === side);
      const points = leg?.kind === "limb" ? leg.points : [];
      const [hip, foot] = [points[1] as readonly number[], points[2] as readonly number[]];
      return Math.hypot(
        (foot[0] as number) - (hip[0] as number),
        (foot[1] as number) - (hip[1] as number),
      );
    };
    expect(length("right") / length("left")).toBeGreaterThan(1.03);
  });

  test("walks to the right: a lifted thigh is seen there", () => {
    const lifted = [...pose];
    lifted[channels.findIndex(({ bone, channel }) => bone === "rfemur" && channel === "rx")] = -90;
    const leg = stickFigure(spread, lifted).parts.find(
      (part) => part.kind === "limb" && part.side === "right",
    );
    const [from, knee] = leg?.kind === "limb" ? leg.points : [];
    expect(knee?.[0]).toBeGreaterThan((from?.[0] as number) + 0.3);
  });

  test("stands on the ground with its lowest joint, and its shadow lies there", () => {
    // A standing figure: every foot is where its shadow is.
    const feet = parts.flatMap((part) =>
      part.kind === "limb" && part.side ? [part.points.at(-1)] : [],
    );
    const fallen = shadow.map((line) =>
      line
        .at(-1)
        ?.map((x) => x.toFixed(9))
        .join(),
    );
    for (const foot of feet) expect(fallen).toContain(foot?.map((x) => x.toFixed(9)).join());
    expect(ground[0][0]).toBeLessThan(ground[1][0]);
    expect(Math.max(...ground.map(([, up]) => up))).toBeLessThan(-0.6);
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/cmu35", import.meta.url));
const absent = existsSync(shared) ? "" : "no ../shared/data/cmu35 here";

test("subject 35 walks on the ground: the foot that carries it neither sinks nor slides", ({
  skip,
}) => {
  skip(absent !== "", absent);
  const subject = readAsf(readFileSync(`${shared}/35.asf`, "latin1"));
  const text = gunzipSync(readFileSync(`${shared}/35_01.amc.gz`)).toString("latin1");
  const { data, shape } = readAmc(text, subject);
  const [frames, width] = shape as [number, number];
  const all = motionChannels(subject);
  const metres = 0.0254 / 0.45;
  const walker = skeletonBones(subject, {
    metres,
    source: ({ bone, channel }) => ({
      column: all.findIndex((each) => each.bone === bone && each.channel === channel),
    }),
  });
  const feet = ["lfoot", "rfoot"].map((foot) => walker.findIndex(({ name }) => name === foot));
  const paths = Array.from({ length: frames }, (_, frame) => {
    const pose = data.subarray(frame * width, (frame + 1) * width);
    const places = boneEnds(walker, pose);
    return feet.map((foot) =>
      [0, 1, 2].map((k) => (places[3 * foot + k] as number) + (pose[k] as number) * metres),
    );
  });
  const lowest = paths.map((both) => Math.min(...both.map(([, up]) => up as number)));
  expect(Math.max(...lowest) - Math.min(...lowest)).toBeLessThan(0.05);
  // In each frame one foot hardly moves, while the body goes on at more than a metre a second.
  const slowest = paths.slice(1).map((both, frame) =>
    Math.min(
      ...both.map((at, foot) => {
        const before = paths[frame]?.[foot] as number[];
        return 120 * Math.hypot(...at.map((x, k) => x - (before[k] as number)));
      }),
    ),
  );
  const sorted = [...slowest].sort((a, b) => a - b);
  expect(sorted[frames >> 1]).toBeLessThan(0.15);
  const travelled = Math.abs((data[(frames - 1) * width + 2] as number) - (data[2] as number));
  expect((travelled * metres * 120) / frames).toBeGreaterThan(1);
});
