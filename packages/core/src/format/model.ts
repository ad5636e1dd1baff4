/** @file The contract `model.json`: what a model folder says of its decoder. Format version 1. */
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const Vector = v.tuple([v.number(), v.number(), v.number()]);
const about = v.picklist(["x", "y", "z"]);

/** A bone turns by what a column of the observation says, in degrees, or always by the same angle. */
const Turn = v.union([
  v.object({ about, column: index }),
  v.object({ about, degrees: v.number() }),
]);

/** Which bone hangs on which, and what turns it. x is to its left, y up, z ahead. */
export const Bone = v.object({
  name: v.string(),
  /** The bone it hangs on, an index before its own; only the first bone has none. */
  parent: v.optional(index),
  side: v.optional(v.picklist(["left", "right"])),
  /** From its beginning to its end with nothing turned, in metres. */
  offset: Vector,
  /** Its own frame: degrees about x, then y, then z; that of the first bone by default. */
  axis: v.optional(Vector),
  /** In its own frame, one after another; a bone without any is stiff. */
  turns: v.optional(v.array(Turn)),
});
export type Bone = v.InferOutput<typeof Bone>;

/** How one observation is drawn. */
export const Drawing = v.variant("kind", [
  v.object({ kind: v.literal("image"), channels: v.optional(v.picklist([1, 3]), 1) }),
  v.object({ kind: v.literal("curve"), names: v.optional(v.array(v.string())) }),
  v.object({ kind: v.literal("arm") }),
  v.object({ kind: v.literal("skeleton"), bones: v.array(Bone) }),
]);
export type Drawing = v.InferOutput<typeof Drawing>;

/** An image where the shape is one: [h, w], [h, w, 3] or [3, h, w], four pixels a side or more. */
export function drawingOf(observationShape: readonly number[]): Drawing {
  const sides = observationShape.filter((size) => size > 3).length;
  const three = observationShape.length === 3 && [0, 2].some((at) => observationShape[at] === 3);
  if (sides === 2 && observationShape.length === 2) return { kind: "image", channels: 1 };
  return sides === 2 && three ? { kind: "image", channels: 3 } : { kind: "curve" };
}

export const Likelihood = v.picklist(["gaussian", "bernoulli"]);
export type Likelihood = v.InferOutput<typeof Likelihood>;

/** Data were mapped to (x - offset) / scale, column by column, before training. */
export const Scaling = v.object({ offset: v.array(v.number()), scale: v.array(v.number()) });
export type Scaling = v.InferOutput<typeof Scaling>;

/** Estimate of ln p(x) on held-out data by importance sampling (Eq. 3 with many samples). */
export const HeldOut = v.object({
  logLikelihood: v.number(),
  standardError: v.number(),
  observations: count,
  samples: count,
});
export type HeldOut = v.InferOutput<typeof HeldOut>;

export const TrainingSummary = v.object({
  steps: count,
  seconds: v.number(),
  /** Last training bound (Eq. 3), a running mean, in nats per observation. */
  bound: v.number(),
  /** Standard deviation of a Gaussian likelihood. */
  sigma: v.optional(v.number()),
  heldOut: v.optional(HeldOut),
});
export type TrainingSummary = v.InferOutput<typeof TrainingSummary>;

/** Meaning of `values.npy`: one number an observation. */
export const ValueAxis = v.object({
  name: v.string(),
  unit: v.optional(v.string()),
  /** Where the values wrap around, such as 360 for an angle in degrees. */
  period: v.optional(v.number()),
});
export type ValueAxis = v.InferOutput<typeof ValueAxis>;

export const ModelDescription = v.object({
  format: v.literal(1),
  name: v.string(),
  latentDimension: count,
  dataDimension: count,
  observationShape: v.array(count),
  drawing: Drawing,
  likelihood: v.optional(Likelihood),
  preset: v.optional(v.string()),
  seed: v.optional(v.number()),
  scaling: v.optional(Scaling),
  labelNames: v.optional(v.array(v.string())),
  value: v.optional(ValueAxis),
  training: v.optional(TrainingSummary),
  /** What `latents.npy` is: codes of the data (where nothing is said), or samples of the prior. */
  latents: v.optional(v.picklist(["data", "prior"])),
});
export type ModelDescription = v.InferOutput<typeof ModelDescription>;
