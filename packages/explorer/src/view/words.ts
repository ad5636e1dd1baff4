/** @file Numbers and certificates in plain words. */
import type { GeodesicResult } from "pullback-core";

/** Three significant digits without needless zeros: `5.9`, `0.0123`, `12,300`. */
export function short(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "not finite";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(digits - 1);
  return Number(value.toPrecision(digits)).toLocaleString("en", { maximumFractionDigits: 6 });
}

export function coordinates(point: ArrayLike<number>): string {
  return Array.from(point, (value) => value.toFixed(2).replace(/^-(0\.00)$/, "$1")).join(", ");
}

/** A sentence each, the most telling first. */
export function certificate(leg: GeodesicResult): string[] {
  const said: string[] = [];
  if (leg.status !== "converged") said.push(leg.message);
  else {
    const error = leg.discretisationError;
    const right = `The length is right to ${error < 1e-6 ? "a millionth" : `${short(100 * error, 1)} %`}.`;
    said.push(
      leg.localMinimum === false
        ? "It stands still under small steps; its second derivatives are not those of a minimum."
        : leg.localMinimum
          ? "No small change makes it shorter: it is a minimum."
          : "Small steps do not make it shorter; whether it is a minimum cannot be told.",
      right,
    );
  }
  if (leg.chordLength > 0)
    said.push(
      `No curve can be shorter than ${short(leg.chordLength)}, the distance of the two decoded ends.`,
    );
  if (leg.speedSpread < 1e6)
    said.push(
      leg.speedSpread < 1.2
        ? "Its speed is even."
        : `Its speed varies by a factor of ${short(leg.speedSpread, 2)} between nodes.`,
    );
  return said;
}

export const statusWords: Readonly<Record<GeodesicResult["status"], string>> = {
  converged: "converged",
  maxIterations: "not finished",
  stalled: "stalled",
  nonFinite: "not finite",
};
