/**
 * @file Latest wins: of what is asked while an answer is under way, only the last is asked next.
 *
 * What a hand drags changes faster than it can be computed; what lies between is not wanted.
 */

export interface Latest<Ask> {
  /** Asks now, or as soon as the answer under way is there; replaces what still waits. */
  push(ask: Ask): void;
  /** Forgets what waits; the answer under way is not handed over. */
  clear(): void;
  readonly busy: boolean;
}

/** Answers come to `take` in the order of asking; failures to `fail`. */
export function latest<Ask, Answer>(
  ask: (value: Ask) => Promise<Answer>,
  take: (answer: Answer, value: Ask) => void,
  fail: (error: unknown) => void,
): Latest<Ask> {
  let running = false;
  let next: { readonly value: Ask } | null = null;
  let generation = 0;
  const run = async (value: Ask): Promise<void> => {
    const born = generation;
    running = true;
    try {
      const answer = await ask(value);
      if (born === generation) take(answer, value);
    } catch (error) {
      if (born === generation) fail(error);
    } finally {
      running = false;
      const waits = next;
      next = null;
      if (waits) void run(waits.value);
    }
  };
  return {
    push(value) {
      if (running) next = { value };
      else void run(value);
    },
    clear() {
      generation++;
      next = null;
    },
    get busy() {
      return running;
    },
  };
}
