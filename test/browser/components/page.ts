/// <reference lib="dom" />
/// <reference types="svelte" />
/// <reference types="vite/client" />
/**
 * @file Runs in the browser: shows one component of the explorer over a state that is given, with workers
 * that write down what they are asked and answer from a table.
 */

import { mount, unmount } from "svelte";
import Certificate from "../../../packages/explorer/src/page/Certificate.svelte";
import { Explorer } from "../../../packages/explorer/src/page/explorer.svelte.ts";
import Filter from "../../../packages/explorer/src/page/Filter.svelte";
import Legend from "../../../packages/explorer/src/page/Legend.svelte";
import Metric from "../../../packages/explorer/src/page/Metric.svelte";
import Save from "../../../packages/explorer/src/page/Save.svelte";
import Strip from "../../../packages/explorer/src/page/Strip.svelte";
import Velocity from "../../../packages/explorer/src/page/Velocity.svelte";
import type { About } from "../../../packages/explorer/src/work/session.ts";
import { columnOf } from "../../../packages/explorer/src/work/table.ts";
import type { Track } from "../../../packages/explorer/src/work/track.ts";
import "../../../packages/explorer/src/page/theme.css";
import type { Port } from "../../../packages/explorer/src/protocol/client.ts";
import type { ToWorker } from "../../../packages/explorer/src/protocol/messages.ts";

const components = { Certificate, Filter, Legend, Metric, Save, Strip, Velocity } as const;

/** As JSON carries it: typed arrays as lists. */
export interface Given {
  readonly about: { readonly [Key in keyof About]?: unknown };
  /** What a table says of the codes. */
  readonly columns?: readonly {
    readonly name: string;
    readonly fields: readonly (number | string | null)[];
  }[];
  readonly path?: readonly (readonly number[])[];
  readonly tracks?: readonly [GivenTrack, GivenTrack];
  /** Legs of a settled result; none while it is followed. */
  readonly geodesics?: readonly object[];
  readonly logs?: readonly number[];
  readonly metric?: Explorer["metric"];
  /** Answers of the workers by kind; what is not named is answered by null. */
  readonly answers?: Readonly<Record<string, unknown>>;
}
export interface GivenTrack {
  readonly curve: readonly number[];
  readonly length: number;
  readonly velocity: readonly number[];
  readonly observations: readonly number[];
  readonly at: readonly number[];
}

const asked: ToWorker[] = [];

function fakeWorker(answers: Readonly<Record<string, unknown>>): Port {
  const port: Port = {
    postMessage(message) {
      asked.push(structuredClone(message));
      if (message.kind === "cancel") return;
      const { id, kind } = message;
      const value =
        kind === "decode" ? new Float32Array((message.ask as Float64Array).length) : answers[kind];
      queueMicrotask(() =>
        port.onmessage?.({ data: { id, type: "answer", value: value ?? null } }),
      );
    },
    terminate: () => undefined,
    onmessage: null,
    onerror: null,
  };
  return port;
}

const trackOf = (given: GivenTrack): Track => ({
  curve: Float64Array.from(given.curve),
  length: given.length,
  velocity: Float64Array.from(given.velocity),
  frames: new Float64Array(0),
  observations: Float32Array.from(given.observations),
  at: Float64Array.from(given.at),
});

let shown: ReturnType<typeof mount> | null = null;
let explorer: Explorer;

/** Opens a model whose worker says `about`, waits until all is asked, and shows the component. */
async function show(name: keyof typeof components, given: Given): Promise<void> {
  if (shown) await unmount(shown);
  const about = {
    ...given.about,
    columns: (given.columns ?? []).map(({ name, fields }) => columnOf(name, fields)),
    latents: Float32Array.from((given.about.latents ?? []) as number[]),
    labels: given.about.labels && Int32Array.from(given.about.labels as number[]),
    values: given.about.values && Float64Array.from(given.about.values as number[]),
  } as unknown as About;
  explorer = new Explorer({
    spawn: () => fakeWorker({ open: about, ...given.answers }),
    runtime: { wasm: { mjs: "", wasm: "" }, webgpu: { mjs: "", wasm: "" } },
    threads: 1,
  });
  explorer.stage.size = { width: 400, height: 400 };
  // Nothing is followed or settled by a worker here: the state below is what is shown.
  const [geodesic, straight] = (given.tracks ?? []).map(trackOf);
  const both = geodesic && straight ? { geodesic, straight } : null;
  await explorer.open({ kind: "files", files: [] }, { path: given.path, metric: given.metric });
  await new Promise((resume) => setTimeout(resume, 20));
  explorer.curve.both = both;
  explorer.curve.phase = given.geodesics ? "settled" : "following";
  explorer.curve.settled =
    both && given.geodesics
      ? { ...both, result: { latentDimension: 2, geodesics: given.geodesics } as never }
      : null;
  explorer.notice = null;
  if (given.logs)
    explorer.heat.level = {
      bounds: [-1, 1, -1, 1],
      plane: explorer.stage.plane,
      side: Math.sqrt(given.logs.length),
      logs: Float32Array.from(given.logs),
      final: true,
      computed: given.logs.length,
    };
  asked.length = 0;
  const target = document.getElementById("root") as HTMLElement;
  const props = { explorer, codes: explorer.codes };
  shown = mount(components[name] as typeof Legend, { target, props });
}

const page = {
  show,
  /** What the workers were asked since: kind and question. */
  asked: () => asked.flatMap((message) => ("ask" in message ? [[message.kind, message.ask]] : [])),
  spot: (at?: number | null) => {
    if (at !== undefined) explorer.curve.spot = at;
    return explorer.curve.spot;
  },
  filters: () => [...explorer.codes.filters],
};
export type ComponentPage = typeof page;
Object.assign(globalThis, { componentPage: page });
