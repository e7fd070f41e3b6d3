// The pool as an executor: what `conduct` trains leg by leg, as the command line does, the page draws as it comes.
import type { Checkpoint, ExecuteOptions, Executor, RunEvent } from '@descent/experiments';
import type { ArmReport, Pool } from './pool.ts';

interface RunHooks {
  readonly signal: AbortSignal;
  /** Where the reader has arms pause, by name; the others go on. */
  readonly pauses: ReadonlyMap<string, number>;
  readonly onReport: (report: ArmReport) => void;
  /** Some arm has not come to the end of its leg, since the reader wanted it to pause. */
  readonly onPause: () => void;
}

export function createExecutor(pool: Pool, { signal, pauses, onReport, onPause }: RunHooks): Executor {
  return {
    async *run(arms, { checkpoints = new Map(), until = new Map() }: ExecuteOptions = {}) {
      const ends: RunEvent[] = [];
      const last = new Map<string, Checkpoint>(checkpoints);
      let isPaused = false;
      await pool.run(arms, { signal, checkpoints, until: earlierOf(until, pauses) }, (report) => {
        onReport(report);
        if (report.kind === 'checkpoint') last.set(report.checkpoint.arm, report.checkpoint);
        if (report.kind !== 'arm') return;
        ends.push(report);
        const { name, status } = report.record;
        const step = last.get(name)?.step ?? 0;
        isPaused ||= status === 'interrupted' && step < (until.get(name) ?? Number.POSITIVE_INFINITY);
      });
      for (const checkpoint of last.values()) yield { kind: 'checkpoint', checkpoint };
      if (isPaused) onPause();
      yield* ends;
    },
  };
}

/** Of two pauses of an arm the one that comes first. */
function earlierOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const names = new Set([...a.keys(), ...b.keys()]);
  const at = (pauses: ReadonlyMap<string, number>, name: string) => pauses.get(name) ?? Number.POSITIVE_INFINITY;
  return new Map([...names].map((name) => [name, Math.min(at(a, name), at(b, name))]));
}
