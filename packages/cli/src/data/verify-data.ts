// Verifies during training that the files of MNIST are the originals: hashing takes as long as many steps. Records and
// checkpoints wait for the result.
import { checkOriginal, type Executor, type ImageFiles } from '@descent/experiments';
import { builtin } from '../builtin.ts';

/** Bytes that are hashed between two slices of training, in about 1 ms. */
const CHUNK_BYTES = 2 ** 21;

export class DataVerification {
  readonly #work: Iterator<void>;

  constructor(files: ImageFiles) {
    this.#work = verify(files);
  }

  /**
   * Hashes the next bytes.
   * @returns whether there is more to do
   * @throws DataError if a file is not the original
   */
  advance(): boolean {
    return !this.#work.next().done;
  }

  complete(): void {
    while (this.advance());
  }
}

function* verify(files: ImageFiles): Generator<void> {
  for (const [role, named] of Object.entries(files)) {
    const hash = builtin('crypto').createHash('sha256');
    // `named.bytes` is read again after each pause, because its memory may have grown.
    for (let start = 0; start < named.bytes.length; start += CHUNK_BYTES) {
      hash.update(named.bytes.subarray(start, start + CHUNK_BYTES));
      yield;
    }
    checkOriginal(role as keyof ImageFiles, named.file, hash.digest());
  }
}

/** Returns an executor that completes the verification before its first record or checkpoint. */
export function withVerifiedData(executor: Executor, verification: DataVerification): Executor {
  return {
    async *run(arms, options) {
      for await (const event of executor.run(arms, options)) {
        if (event.kind !== 'progress') verification.complete();
        yield event;
      }
    },
  };
}
