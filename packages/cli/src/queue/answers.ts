// Answers that come twice, now or to an earlier process: they must be the same, or something is not deterministic.
import type { ArmRecord } from '@descent/experiments';
import { encodeArm } from '@descent/experiments/schemas';
import { Exit, exitCodes } from '../exit.ts';
import { self } from '../terminal/terminal.ts';
import type { ResultMessage } from './messages.ts';
import { hashOf } from './names.ts';

/** What a journal has already, of one seed. */
export interface Known {
  readonly seed: number;
  readonly finished: readonly ArmRecord[];
}

export class Answers {
  /** By tag, and by how far the arm had come: one that pauses may have begun behind the place where it was to. */
  private readonly given = new Map<string, string>();
  /** By `seed/arm`. */
  private readonly journaled = new Map<string, string>();

  constructor(known: readonly Known[]) {
    for (const { seed, finished } of known) {
      for (const record of finished) this.journaled.set(`${seed}/${record.name}`, fingerprint(record));
    }
  }

  /** @returns an Exit where an earlier answer was another */
  compare({ tag, seed, record }: Extract<ResultMessage, { kind: 'arm' }>): Error | undefined {
    const mark = fingerprint(record);
    const isEnded = record.status !== 'interrupted';
    const key = `${tag}/${isEnded ? 'end' : lengthOf(record)}`;
    const before = this.given.get(key) ?? (isEnded ? this.journaled.get(`${seed}/${record.name}`) : undefined);
    if (before !== undefined && before !== mark) return notDeterministic(record.name, [before, mark]);
    this.given.set(key, mark);
  }
}

/** The last step that anything was measured at. */
const lengthOf = ({ series }: ArmRecord) => Math.max(0, ...Object.values(series).map(({ step }) => step.at(-1) ?? 0));

/** Of all that makes a result: its digest, and what stands beside it. */
function fingerprint(record: ArmRecord): string {
  return `digest ${record.digest.slice(0, 12)}… (record ${hashOf(encodeArm(record)).slice(0, 8)})`;
}

const notDeterministic = (arm: string, [first, second]: readonly [string, string]) =>
  new Exit(
    exitCodes.fault,
    `two workers returned different results for ${arm}: ${first} and ${second}`,
    `run ${self} verify on each machine to find the one that computes wrongly`,
  );
