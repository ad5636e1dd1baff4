/**
 * @file The worker's end: questions to a session, one model at a time.
 *
 * Work that may wait (the map) steps aside between its runs whenever something else is asked.
 */
import type { Engine } from "pullback-core";
import { InputError } from "pullback-core";
import type { NamedFile } from "../work/files.ts";
import type { OpenModel } from "../work/open.ts";
import { openModel } from "../work/open.ts";
import { Session } from "../work/session.ts";
import type {
  FromWorker,
  Kind,
  ModelSource,
  OpenRequest,
  Questions,
  ToWorker,
} from "./messages.ts";

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
      await engine?.dispose();
      const chosen = await engineFor(request, model);
      engine = chosen.engine;
      session = new Session(engine, model, chosen.note);
      return session.about;
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
  const loaded = await Promise.all(
    source.files.map(async (name) => {
      const response = await fetch(new URL(name, source.base), { signal });
      if (!response.ok)
        throw new InputError(`cannot load ${name}: the site answered ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      progress(++done / source.files.length);
      return { name, bytes };
    }),
  );
  return [...own, ...loaded];
}
