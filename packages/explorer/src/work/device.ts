/** @file A GPU where it is wished for and can be believed; otherwise WebAssembly, and why. */
import type { Engine } from "pullback-core";
import { disagreement } from "./agree.ts";
import type { OpenModel } from "./open.ts";

/** Two engines in float32 differ by their order of summing; what differs by more is wrong. */
const tolerance = 1e-3;

export interface Engines {
  wasm(): Engine;
  /** Loads it, and throws where there is none. */
  webgpu(): Promise<Engine>;
}

/** The GPU's engine, once it has been compared with WebAssembly on the model itself. */
export async function gpuWhereItAgrees(
  { wasm, webgpu }: Engines,
  { decoder, latents }: OpenModel,
): Promise<{ readonly engine: Engine; readonly note?: string }> {
  const reference = wasm();
  let gpu: Engine | null = null;
  const stay = async (why: string): Promise<{ engine: Engine; note: string }> => {
    await gpu?.dispose().catch(() => undefined);
    return { engine: reference, note: `${why}, so it stays on WebAssembly` };
  };
  try {
    gpu = await webgpu();
    const codes = Float64Array.from(latents.subarray(0, 64 * decoder.latentDimension));
    const apart = await disagreement(decoder, codes, gpu, reference);
    if (!(apart <= tolerance))
      return stay(`the GPU gives other values (${describe(apart)} off on this model)`);
    await reference.dispose();
    return { engine: gpu };
  } catch (error) {
    return stay(error instanceof Error ? error.message : String(error));
  }
}

const describe = (apart: number): string =>
  Number.isFinite(apart) ? `${Number((100 * apart).toPrecision(2))} %` : "not finite, far";
