/** @file What page and worker say to each other: plain data, checked by types on both sides. */
import type { Indicatrix, MetricChoice } from "pullback-core";
import type { RuntimeFiles } from "../engine/web.ts";
import type { Around, AroundRequest } from "../work/around.ts";
import type { ModelSource } from "../work/files.ts";
import type { MapLevel } from "../work/refine.ts";
import type {
  About,
  IndicatrixRequest,
  MapRequest,
  PathRequest,
  Settled,
  SettleRequest,
} from "../work/session.ts";
import type { Both } from "../work/track.ts";

/** Every question: what is asked, what is answered, and what comes before the answer. */
export interface Questions {
  open: { ask: OpenRequest; answer: Opened; progress: number };
  metric: { ask: MetricChoice; answer: null; progress: never };
  map: { ask: MapRequest; answer: null; progress: MapLevel };
  follow: { ask: PathRequest; answer: Both & { curves: Float64Array[] }; progress: never };
  settle: { ask: SettleRequest; answer: Settled; progress: number };
  around: { ask: AroundRequest; answer: Around; progress: number };
  indicatrices: { ask: IndicatrixRequest; answer: Indicatrix[]; progress: never };
  lambdas: { ask: null; answer: number[]; progress: never };
  decode: { ask: Float64Array; answer: Float32Array; progress: never };
  /** The observation that the code of a row stands for, [D]. */
  original: { ask: number; answer: Float32Array; progress: never };
}
export type Kind = keyof Questions;

/** What the page is told of a model that it opened. */
export interface Opened extends About {
  /** Whether the observations that the codes stand for can be asked for. */
  readonly hasOriginals: boolean;
}

export type Device = "wasm" | "webgpu";

export interface OpenRequest {
  readonly source: ModelSource;
  readonly threads: number;
  /** What is wished for; what runs in the end is said in the answer. */
  readonly device: Device;
  /** Addresses of the runtime's own files. */
  readonly runtime: Readonly<Record<Device, RuntimeFiles>>;
}

export type ToWorker =
  | {
      [K in Kind]: { readonly id: number; readonly kind: K; readonly ask: Questions[K]["ask"] };
    }[Kind]
  | { readonly id: number; readonly kind: "cancel" };

export type FromWorker =
  | { readonly id: number; readonly type: "progress"; readonly value: unknown }
  | { readonly id: number; readonly type: "answer"; readonly value: unknown }
  | {
      readonly id: number;
      readonly type: "failure";
      readonly message: string;
      /** Something that the user can put right. */
      readonly isInput: boolean;
      readonly aborted: boolean;
    };
