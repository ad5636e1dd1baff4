/** @file A skeleton of six bones and two frames of its motion, as Acclaim's files say them. */

/** Legs, a trunk and a head: two bones hang on others, one is stiff, one has a frame of its own. */
export const skeletonText = `# a comment
:version 1.10
:name tiny
:units
  mass 1.0
  length 0.5
  angle deg
:documentation
   anything at all
:root
   order TX TY TZ RX RY RZ
   axis XYZ
   position 0 0 0
   orientation 0 0 0
:bonedata
  begin
     id 1
     name lfemur
     direction 0 -1 0
     length 4
     axis 0 0 0  XYZ
    dof rx rz
    limits (-160.0 20.0)
           (-inf inf)
  end
  begin
     id 2
     name ltibia
     direction 0 -1 0
     length 3
     axis 0 0 90  XYZ
    dof ry
  end
  begin
     id 3
     name rfemur
     direction 0 -1 0
     length 4
     axis 0 0 0  XYZ
    dof rx rz
    limits (-160.0 20.0) (-60 70)
  end
  begin
     id 4
     name rtibia
     direction 0 -1 0
     length 3
     axis 0 0 90  XYZ
    dof ry
  end
  begin
     id 5
     name trunk
     direction 0 1 0
     length 5
     axis 0 0 0  XYZ
  end
  begin
     id 6
     name head
     direction 0 0.6 0.8
     length 2
     axis 0 0 0  XYZ
    dof rx ry rz
  end
:hierarchy
  begin
    root trunk lfemur rfemur
    trunk head
    lfemur ltibia
    rfemur rtibia
  end
`;

/** Numbers of a frame, by bone; in another order than the skeleton's. */
export type Pose = Readonly<Record<string, readonly number[]>>;

export const restPose: Pose = {
  root: [0, 0, 0, 0, 0, 0],
  rtibia: [0],
  rfemur: [0, 0],
  ltibia: [0],
  lfemur: [0, 0],
  head: [0, 0, 0],
};

/** The text of frames 1, 2, …, each on the lines of its bones. */
export function motionText(poses: readonly Pose[], head = ":FULLY-SPECIFIED\n:DEGREES"): string {
  const frames = poses.map((pose, i) =>
    [
      `${i + 1}`,
      ...Object.entries(pose).map(([bone, numbers]) => `${bone} ${numbers.join(" ")}`),
    ].join("\n"),
  );
  return `#!OML:ASF tiny.ASF\n${head}\n${frames.join("\n")}\n`;
}
