// An executor that also pauses arms where the reader asked for it.
import type { Executor } from '@descent/experiments';

interface PauseOptions {
  readonly signal: AbortSignal;
  /** The steps at which arms pause, by name. */
  readonly pauses: ReadonlyMap<string, number>;
  /** Called when an arm has paused before the end of its segment. */
  readonly onPause: () => void;
}

export function withPauses(executor: Executor, { signal, pauses, onPause }: PauseOptions): Executor {
  return {
    async *run(arms, options = {}) {
      const { until = new Map(), checkpoints } = options;
      const steps = new Map([...(checkpoints ?? [])].map(([name, { step }]) => [name, step]));
      const end = (name: string) => until.get(name) ?? Number.POSITIVE_INFINITY;
      const earlier = arms.map(({ name }) => [name, Math.min(end(name), pauses.get(name) ?? end(name))] as const);
      for await (const event of executor.run(arms, { ...options, signal, until: new Map(earlier) })) {
        if (event.kind === 'checkpoint') steps.set(event.checkpoint.arm, event.checkpoint.step);
        if (event.kind === 'arm') {
          const { name, status } = event.record;
          if (status === 'interrupted' && (steps.get(name) ?? 0) < end(name)) onPause();
        }
        yield event;
      }
    },
  };
}
