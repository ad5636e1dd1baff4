import { InputError, readAsf, rowFigure, skeletonBones, stripFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { skeletonText } from "../format/acclaim.ts";
import { attributes, document, kept, texts } from "./draw.ts";

/** Columns: the left thigh, then the right one; the head is bowed for good. */
const bones = skeletonBones(readAsf(skeletonText), {
  metres: 0.12,
  source: ({ bone, channel }) => {
    if (channel === "rx" && bone === "lfemur") return { column: 0 };
    if (channel === "rx" && bone === "rfemur") return { column: 1 };
    return { degrees: bone === "head" && channel === "rx" ? 20 : 0 };
  },
});
/** Training saw -1 to 1; the poses are in degrees. */
const figure = {
  drawing: { kind: "skeleton" as const, bones },
  observationShape: [2],
  scaling: { offset: [0, 0], scale: [30, 30] },
};
const poses = Float32Array.from([-1, 1, 0, 0, 1, -1]);

describe("a row of poses", () => {
  const svg = rowFigure(document, {
    ...figure,
    observations: poses,
    captions: ["0°", "40°", "80°"],
    title: "Poses on a circle",
  });

  test("one figure an observation, with its caption", () => {
    expect(texts(svg)).toEqual(["0°", "40°", "80°"]);
    expect(attributes(svg, "circle", "r")).toHaveLength(3);
  });

  test("left and right are told apart, and change places as the legs do", () => {
    const left = [...svg.matchAll(/<path d="([^"]*)" stroke="#a3a3a3"/g)].map(([, d]) =>
      Number(d?.split("L").at(-1)?.split(",")[0]),
    );
    expect(left).toHaveLength(3);
    // A thigh turned by a negative angle is ahead, to the right.
    const [ahead, middle, behind] = left as [number, number, number];
    expect(ahead).toBeGreaterThan(middle + 20);
    expect(middle).toBeGreaterThan(behind + 20);
  });

  test("poses are drawn in degrees: without the scaling the legs hardly part", () => {
    const row = { observations: poses, captions: ["", "", ""], title: "" };
    const unscaled = rowFigure(document, { ...figure, ...row, scaling: undefined });
    // One degree moves a foot of 0.84 m by 15 mm, thirty by nearly half a metre.
    const spread = (picture: string): number => {
      const left = [...picture.matchAll(/<path d="([^"]*)" stroke="#a3a3a3"/g)].map(([, d]) =>
        Number(d?.split("L").at(-1)?.split(",")[0]),
      );
      return Math.max(...left) - Math.min(...left);
    };
    expect(spread(svg) / spread(unscaled)).toBeGreaterThan(20);
  });

  test("a caption too few is refused", () => {
    expect(() =>
      rowFigure(document, { ...figure, observations: poses, captions: ["0°"], title: "" }),
    ).toThrow(InputError);
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/row.svg");
  });
});

test("a strip of poses, snapshot", async () => {
  const track = (length: number) => ({ length, observations: poses, velocity: [1, 2, 1] });
  const svg = stripFigure(document, { ...figure, geodesic: track(2), straight: track(3) });
  expect(attributes(svg, "circle", "r")).toHaveLength(6);
  await expect(kept(svg)).toMatchFileSnapshot("snapshots/strip-poses.svg");
});
