/** @file Pairs of latent points to the contents of a result file: decoder in, certificates out. */
import type { GeodesicsResult } from "../format/result.ts";
import { pullback } from "../metric/metric.ts";
import type { Decoder } from "../model/decoder.ts";
import type { ConnectOptions } from "./connect.ts";
import { connect } from "./connect.ts";
import { toResult } from "./solution.ts";

export interface SolvePairsOptions extends Omit<ConnectOptions, "metric"> {
  readonly decoder: Decoder;
  /** Name of the decoder, for the result. */
  readonly name: string;
  /** Seconds that loading the decoder took. */
  readonly loadSeconds?: number;
}

/** Connects pairs in the pull-back metric of a decoder. Throws what `connect` throws. */
export async function solvePairs({
  decoder,
  name,
  loadSeconds = 0,
  ...options
}: SolvePairsOptions): Promise<GeodesicsResult> {
  const metric = pullback(decoder);
  const { geodesics, solver, seconds } = await connect({ ...options, metric });
  return toResult(geodesics, {
    decoder: name,
    latentDimension: decoder.latentDimension,
    dataDimension: decoder.dataDimension,
    metric: metric.name,
    solver,
    seconds: { load: loadSeconds, ...seconds },
  });
}
