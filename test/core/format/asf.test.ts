import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError, motionChannels, readAsf } from "pullback-core";
import { describe, expect, test } from "vitest";
import { skeletonText } from "./acclaim.ts";
import { mutations, readsOrRefuses } from "./mutations.ts";

/** The text with one piece replaced; the piece must be there. */
function changed(piece: string, by: string): string {
  if (!skeletonText.includes(piece)) throw new Error(`not in the text: ${piece}`);
  return skeletonText.replace(piece, by);
}

const lineOf = (piece: string): number =>
  skeletonText.slice(0, skeletonText.indexOf(piece)).split("\n").length;

describe("a skeleton", () => {
  const { name, units, angle, root, bones } = readAsf(skeletonText);

  test("has its units, its root and its bones, each after the one that it hangs on", () => {
    expect({ name, units, angle }).toEqual({
      name: "tiny",
      units: { mass: 1, length: 0.5 },
      angle: "deg",
    });
    expect(root).toEqual({
      order: ["TX", "TY", "TZ", "RX", "RY", "RZ"],
      axis: "XYZ",
      position: [0, 0, 0],
      orientation: [0, 0, 0],
    });
    expect(bones.map((bone) => `${bone.parent} > ${bone.name}`)).toEqual([
      "root > trunk",
      "trunk > head",
      "root > lfemur",
      "lfemur > ltibia",
      "root > rfemur",
      "rfemur > rtibia",
    ]);
  });

  test("says of a bone all that the file says", () => {
    expect(bones.find((bone) => bone.name === "lfemur")).toEqual({
      name: "lfemur",
      parent: "root",
      direction: [0, -1, 0],
      length: 4,
      axis: [0, 0, 0],
      axisOrder: "XYZ",
      dof: ["rx", "rz"],
      limits: [
        [-160, 20],
        [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      ],
    });
    expect(bones.find((bone) => bone.name === "trunk")).toMatchObject({ dof: [], limits: [] });
    expect(bones.find((bone) => bone.name === "rfemur")?.limits[1]).toEqual([-60, 70]);
  });

  test("lists the numbers of a frame", () => {
    const channels = motionChannels({ name, units, angle, root, bones });
    expect(channels.map(({ bone, channel }) => `${bone} ${channel}`).slice(5, 10)).toEqual([
      "root RZ",
      "head rx",
      "head ry",
      "head rz",
      "lfemur rx",
    ]);
    expect(channels).toHaveLength(15);
  });

  test("comes out in degrees where the file has radians", () => {
    const text = changed("angle deg", "angle rad").replaceAll("axis 0 0 90", "axis 0 0 1.5");
    const radian = readAsf(text).bones;
    const tibia = radian.find((bone) => bone.name === "ltibia");
    expect(tibia?.axis[2]).toBeCloseTo(85.943669, 6);
    const femur = radian.find((bone) => bone.name === "rfemur");
    expect(femur?.limits[1]?.[1]).toBeCloseTo((70 * 180) / Math.PI, 6);
  });

  test("is the same with the line ends of Windows", () => {
    expect(readAsf(skeletonText.replaceAll("\n", "\r\n"))).toEqual(readAsf(skeletonText));
  });
});

describe("a malformed skeleton", () => {
  test.each([
    ["no number", "length 4", "length four", "length 4", "a number after length, got four"],
    [
      "a short vector",
      "direction 0 -1 0",
      "direction 0 -1",
      "direction 0 -1 0",
      "three numbers after direction, got 0 -1",
    ],
    [
      "a number of a broken export",
      "axis 0 0 90",
      "axis 0 0 -1.#IND",
      "axis 0 0 90",
      "three numbers after axis, got 0 0 -1.#IND XYZ",
    ],
    [
      "an unknown order",
      "0  XYZ",
      "0  XXZ",
      "axis 0 0 0",
      "an order of rotation such as XYZ, got XXZ",
    ],
    [
      "a sliding bone",
      "dof rx rz",
      "dof rx tz",
      "dof rx rz",
      "some of rx, ry, rz, each once, got rx tz",
    ],
    [
      "a missing limit",
      "           (-inf inf)\n",
      "",
      "limits (-160",
      "2 limits (low high), one for each dof, got (-160.0 20.0)",
    ],
    [
      "limits the wrong way round",
      "(-60 70)",
      "(70 -60)",
      "limits (-160.0 20.0) (-60",
      "2 limits (low high), one for each dof",
    ],
    [
      "an unknown key",
      "id 1",
      "colour red",
      "id 1",
      "name, direction, length, axis, dof or limits, got colour",
    ],
    [
      "an angle of another unit",
      "angle deg",
      "angle gon",
      "angle deg",
      "angle deg or angle rad, got gon",
    ],
    ["a length of nothing", "length 0.5", "length 0", "length 0.5", "a length above 0, got 0"],
    [
      "a section twice",
      ":documentation",
      ":units",
      ":documentation",
      "each section once, got :units again",
    ],
    [
      "a bone twice",
      "name rfemur",
      "name lfemur",
      "begin\n     id 3",
      "each bone once, got lfemur again",
    ],
    [
      "a bone called root",
      "name trunk",
      "name root",
      "begin\n     id 5",
      "a bone of another name, got root",
    ],
    ["an unknown bone", "trunk head", "trunk hat", "trunk head", "a bone of :bonedata, got hat"],
    [
      "a bone that hangs on two",
      "rfemur rtibia",
      "rfemur rtibia ltibia",
      "rfemur rtibia",
      "ltibia to hang on lfemur alone, got rfemur too",
    ],
    [
      "a circle",
      "root trunk lfemur",
      "head trunk\n    root lfemur",
      "begin\n     id 5",
      "trunk to hang on the root, got no way there",
    ],
    [
      "a root that hangs",
      "trunk head",
      "trunk root",
      "trunk head",
      "the root to hang on nothing, got root on trunk",
    ],
    [
      "a root without an order",
      "   order TX TY TZ RX RY RZ\n",
      "",
      ":root",
      "an order of the root's numbers, got none",
    ],
    [
      "text before the first section",
      ":version",
      "version",
      ":version",
      "a section such as :version, got version 1.10",
    ],
  ])("%s", (_, piece, by, where, reason) => {
    const text = changed(piece, by);
    expect(() => readAsf(text)).toThrow(InputError);
    expect(() => readAsf(text)).toThrow(`asf: line ${lineOf(where)}: expected ${reason}`);
  });

  test("a section that lacks, a bone without an end, a bone without a length", () => {
    expect(() => readAsf(skeletonText.slice(0, skeletonText.indexOf(":hierarchy")))).toThrow(
      `asf: line ${lineOf(":hierarchy") - 1}: expected a section :hierarchy before the end of the file, got none`,
    );
    const open = changed("    dof rx ry rz\n  end\n", "    dof rx ry rz\n");
    expect(() => readAsf(open)).toThrow(
      `asf: line ${lineOf("    dof rx ry rz")}: expected an end to the bone of line ${lineOf("begin\n     id 6")}, got none`,
    );
    const bare = changed("     length 5\n     axis 0 0 0  XYZ\n", "");
    expect(() => readAsf(bare)).toThrow("expected a bone with length and axis, got trunk");
    expect(() => readAsf("")).toThrow("asf: line 1: expected a section :bonedata");
  });

  test("is read as something or refused in words, however damaged", () => {
    const whole = new TextEncoder().encode(skeletonText);
    for (const damaged of mutations(whole, 1000))
      readsOrRefuses(() => readAsf(new TextDecoder().decode(damaged)));
    // Whole words in other places find what single bytes do not.
    const words = skeletonText.split(/(\s+)/);
    for (let i = 0; i < words.length; i += 2)
      for (const by of ["", "root", "begin", "end", "(", ":root", "1e999"])
        readsOrRefuses(() => readAsf(words.with(i, by).join("")));
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/cmu35/35.asf", import.meta.url));
const absent = existsSync(shared) ? "" : "no ../shared/data/cmu35 here";

test("the skeleton of subject 35", ({ skip }) => {
  skip(absent !== "", absent);
  const skeleton = readAsf(readFileSync(shared, "latin1"));
  expect(skeleton.bones).toHaveLength(30);
  expect(skeleton.units).toEqual({ mass: 1, length: 0.45 });
  expect(motionChannels(skeleton)).toHaveLength(62);
  expect(skeleton.bones.find(({ name }) => name === "lfoot")).toEqual({
    name: "lfoot",
    parent: "ltibia",
    direction: [0.0786834, -0.216181, 0.973178],
    length: 2.28657,
    axis: [-90, 7.62852e-16, 20],
    axisOrder: "XYZ",
    dof: ["rx", "rz"],
    limits: [
      [-45, 90],
      [-70, 20],
    ],
  });
});
