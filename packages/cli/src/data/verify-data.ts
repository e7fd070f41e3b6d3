// Whether MNIST's files are the originals, found out while training already goes on: their digests take as long as many
// steps. Nothing that a run leaves behind may come out before the proof is complete.
import { checkOriginal, DataError, type Executor, type ImageFiles } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { badData } from '../errors.ts';

/** What is hashed between two slices of training: about 1 ms. */
const PIECE = 2 ** 21;

export class DataVerification {
  readonly #work: Iterator<void>;

  constructor(files: ImageFiles) {
    this.#work = digestAll(files);
  }

  /**
   * Goes on by a piece.
   * @returns whether there is more to do
   * @throws Exit where a file is not the original
   */
  advance(): boolean {
    try {
      return !this.#work.next().done;
    } catch (error) {
      if (error instanceof DataError) throw badData(error.message);
      throw error;
    }
  }

  complete(): void {
    while (this.advance());
  }
}

function* digestAll(files: ImageFiles): Generator<void> {
  for (const [role, named] of Object.entries(files)) {
    const hash = builtin('crypto').createHash('sha256');
    // The bytes are asked for after each pause: they may be in memory that has grown since.
    for (let start = 0; start < named.bytes.length; start += PIECE) {
      hash.update(named.bytes.subarray(start, start + PIECE));
      yield;
    }
    checkOriginal(role as keyof ImageFiles, named.file, hash.digest());
  }
}

/** The executor, whose arms and checkpoints come out only when the proof is complete; losses on the way are for the eye. */
export function withVerifiedData(executor: Executor, proof: DataVerification): Executor {
  return {
    async *run(arms, options) {
      for await (const event of executor.run(arms, options)) {
        if (event.kind !== 'progress') proof.complete();
        yield event;
      }
    },
  };
}
