/**
 * @file The one error that is the caller's business: bad input, said in a line.
 *
 * Anything else that is thrown is a defect of ours and keeps its stack trace.
 */

/** Input that cannot be used. The message names the place, what was expected and what came. */
export class InputError extends Error {
  override readonly name = "InputError";
}
