/**
 * @file The worker's end: questions to a session, one model at a time.
 *
 * Work that may wait (the map) steps aside between its runs whenever something else is asked.
 */
import type { Engine } from "pullback-core";
import { InputError } from "pullback-core";
import type { ModelSource, NamedFile } from "../work/files.ts";
import { observationsName } from "../work/files.ts";
import type { OpenModel } from "../work/open.ts";
import { openModel } from "../work/open.ts";
import type { Originals } from "../work/originals.ts";
import { originalSlices, originals } from "../work/originals.ts";
import { Session } from "../work/session.ts";
import type { FromWorker, Kind, OpenRequest, Questions, ToWorker } from "./messages.ts";

export interface Scope {
  postMessage(message: FromWorker): void;
}

type Handler<K extends Kind> = (
  ask: Questions[K]["ask"],
  signal: AbortSignal,
  progress: (value: Questions[K]["progress"]) => void,
) => Promise<Questions[K]["answer"]>;

/** An engine, and why it is not the one that was wished for. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly note?: string;
}

/** Answers messages; `engineFor` opens the engine for a model as it is wished for, or another. */
export function serve(
  scope: Scope,
  engineFor: (request: OpenRequest, model: OpenModel) => Promise<ChosenEngine>,
): (message: ToWorker) => void {
  let engine: Engine | null = null;
  let session: Session | null = null;
  let observed: Originals | null = null;
  const running = new Map<number, AbortController>();
  const urgent = new Set<Promise<unknown>>();
  const current = (): Session => {
    if (!session) throw new InputError("expected a model, none is open");
    return session;
  };
  /** Lets messages in, and whatever they ask go first. */
  const pause = async (): Promise<void> => {
    await new Promise((resume) => setTimeout(resume, 0));
    while (urgent.size > 0) await Promise.allSettled([...urgent]);
  };
  const first = <T>(work: Promise<T>): Promise<T> => {
    urgent.add(work);
    const done = (): void => {
      urgent.delete(work);
    };
    work.then(done, done);
    return work;
  };
  const handlers: { readonly [K in Kind]: Handler<K> } = {
    async open(request, signal, progress) {
      const model = await openModel(await filesOf(request.source, signal, progress));
      const slices = model.latents.length > 0 ? originalSlices(request.source) : null;
      const { description, latents } = model;
      const n = latents.length / description.latentDimension;
      const found = slices && originals(slices, description, n);
      // A visitor's file is here: what does not fit is said at once. One on a host waits until it is wanted.
      if (slices?.isHere) await found?.check();
      await engine?.dispose();
      observed = found;
      const chosen = await engineFor(request, model);
      engine = chosen.engine;
      session = new Session(engine, model, chosen.note);
      return { ...session.about, hasOriginals: found !== null };
    },
    metric: async (choice) => {
      current().setMetric(choice);
      return null;
    },
    map: async (request, signal, progress) => {
      await current().map(request, progress, pause, signal);
      return null;
    },
    follow: (request) => first(current().follow(request)),
    settle: (request, signal, progress) => first(current().settle(request, signal, progress)),
    around: (request, signal, progress) => current().around(request, signal, progress),
    indicatrices: (request) => current().indicatrices(request),
    lambdas: () => current().lambdas(),
    decode: (points) => first(current().decode(points)),
    original: async (code) => {
      if (!observed) throw new InputError("expected a model with observations.npy, this has none");
      return observed.row(code);
    },
  };
  return (message) => {
    const { id, kind } = message;
    if (kind === "cancel") {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    const progress = (value: unknown): void => scope.postMessage({ id, type: "progress", value });
    const handler = handlers[kind] as Handler<Kind>;
    Promise.resolve()
      .then(() => handler(message.ask as never, controller.signal, progress as never))
      .then(
        (value) => scope.postMessage({ id, type: "answer", value }),
        (error: unknown) =>
          scope.postMessage({
            id,
            type: "failure",
            message: error instanceof Error ? error.message : String(error),
            isInput: error instanceof InputError,
            aborted: controller.signal.aborted,
          }),
      )
      .finally(() => running.delete(id));
  };
}

async function filesOf(
  source: ModelSource,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<readonly NamedFile[]> {
  if (source.kind === "files") return source.files;
  let done = 0;
  const own = source.own ?? [];
  // Of the observations only what is looked at is loaded, a row at a time.
  const wanted = source.files.filter((name) => !observationsName.test(name));
  const loaded = await Promise.all(
    wanted.map(async (name) => {
      const response = await fetch(new URL(name, source.base), { signal });
      if (!response.ok)
        throw new InputError(`cannot load ${name}: the site answered ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      progress(++done / wanted.length);
      return { name, bytes };
    }),
  );
  return [...own, ...loaded];
}
