// What can be fuzzed. To add a target: a file in this folder that exports a `Target`, and a line in targets.ts. That is all:
// `npm run fuzz -- NAME` then gives it 100,000 inputs, and fuzz.test.ts a few in every test run.
//
//   export const queueMessages: Target = {
//     name: 'queue-messages',
//     seeds: () => [JSON.stringify(goodMessage)],   // a few good inputs, text or bytes; mutants are made of them
//     refusals: [QueueError],                       // what a bad input may end in; any other error is a finding
//     run: (input) => void readMessage(input),      // what the program does with it
//   };

import type { Random } from './random.ts';

/** Text or bytes, as the target reads them. */
export type Input = string | Uint8Array;

export interface Target<I extends Input = Input> {
  readonly name: string;
  /** Good inputs, several of each kind. They should be small: what is done with a mutant is done 100,000 times. */
  seeds(): readonly I[] | Promise<readonly I[]>;
  /** Classes of the errors that are an answer to a bad input: with a message that says what was expected and what came. */
  readonly refusals: readonly (abstract new (
    ...args: never
  ) => Error)[];
  /**
   * All that the program does with an input, without waiting for anything outside. What it should never come to, such as a
   * path that leads out of a folder, it says by a plain `Error`.
   */
  run(input: I): void | Promise<void>;
  /** One to a few changes of a seed, where the format is one that general ones would hardly get into. */
  mutate?(seed: I, random: Random): I;
  /** Words that mean something in this format; they are put in here and there. */
  readonly words?: readonly string[];
}
