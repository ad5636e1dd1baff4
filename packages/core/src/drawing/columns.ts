/** @file What the numbers of an observation are called. */
import type { Drawing } from "../format/model.ts";
import { armJoints } from "./arm-kinematics.ts";

/**
 * A name for each of the D columns: the joints of an arm, bone and axis of a skeleton, a table's own
 * names; x1 to xD for what has none.
 */
export function columnNames(drawing: Drawing, D: number): string[] {
  const names = Array.from({ length: D }, (_, i) => `x${i + 1}`);
  switch (drawing.kind) {
    case "arm":
      return names.map((name, i) => armJoints[i]?.name ?? name);
    case "curve":
      return names.map((name, i) => drawing.names?.[i] ?? name);
    case "skeleton":
      for (const { name, turns = [] } of drawing.bones)
        for (const turn of turns)
          if ("column" in turn && turn.column < D) names[turn.column] = `${name} ${turn.about}`;
      return names;
    case "image":
      return names;
  }
}
