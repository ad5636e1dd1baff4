/**
 * @file Questions and answers over two lists of Redis, for machines that share no disk.
 *
 * A message is a head of JSON and a body of bytes, one megabyte at most. Who asks has one question out
 * at a time and waits for its answer, so that Redis never holds more than a message for each worker.
 * Questions may be lost and are then asked again: answering twice must be the same as once.
 */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { InputError } from "pullback-core";

export interface Message {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** Bytes of a body at most. */
export const mostBytes = 1 << 20;

/** Seconds until a question is asked again, and until what nobody takes is forgotten. */
const waits = 10;
const kept = 60;
/** A question is asked this many times. */
const attempts = 6;

const here = (address: string): string => `pullback:${address}:here`;
const asked = (address: string): string => `pullback:${address}:asked`;
const answered = (address: string, id: string): string => `pullback:${address}:answered:${id}`;

/** Says for a while that questions are answered here. */
export async function announce(redis: Redis, address: string): Promise<void> {
  await redis.set(here(address), "", "EX", kept);
}

/** Says that nobody answers here any more: who waits need not wait for long. */
export async function withdraw(redis: Redis, address: string): Promise<void> {
  await redis.del(here(address));
}

/** One question, and its answer. Throws `InputError` with what went wrong there, or if nobody answers. */
export async function ask(
  redis: Redis,
  address: string,
  head: unknown,
  body: Uint8Array = new Uint8Array(0),
): Promise<Message> {
  const id = randomUUID();
  const question = pack({ head: { id, head }, body });
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!(await redis.exists(here(address)))) break;
    await redis.multi().rpush(asked(address), question).expire(asked(address), kept).exec();
    const found = await redis.blpopBuffer(answered(address, id), waits);
    if (!found) continue;
    const answer = unpack(found[1]);
    const { error, head: said } = answer.head as { error?: string; head?: unknown };
    if (error !== undefined) throw new InputError(error);
    return { head: said, body: answer.body };
  }
  throw new InputError(
    "the process that sent the tiles does not answer; --resume there sends them again",
  );
}

/** Answers questions, one after another, until the connection is closed and it rejects. */
export async function answerAll(
  redis: Redis,
  address: string,
  answer: (question: Message) => Promise<Message>,
): Promise<void> {
  for (;;) {
    // Ends by itself, so that a connection that was cut is noticed.
    const found = await redis.blpopBuffer(asked(address), waits);
    if (!found) continue;
    const { head, body } = unpack(found[1]);
    const { id, head: question } = head as { id: string; head: unknown };
    const reply = await answer({ head: question, body }).then(
      (said) => pack({ head: { head: said.head }, body: said.body }),
      (error: Error) => pack({ head: { error: error.message }, body: new Uint8Array(0) }),
    );
    const list = answered(address, id);
    await redis.multi().rpush(list, reply).expire(list, kept).exec();
  }
}

/** Length of the head in four bytes, the head, the body. */
function pack({ head, body }: Message): Buffer {
  if (body.length > mostBytes) throw new Error(`expected up to ${mostBytes} bytes in a message`);
  const text = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return Buffer.concat([size, text, body]);
}

function unpack(bytes: Buffer): Message {
  const end = 4 + bytes.readUInt32LE(0);
  return { head: JSON.parse(bytes.toString("utf8", 4, end)), body: bytes.subarray(end) };
}
