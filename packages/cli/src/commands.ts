// The commands of `descent`. To add one: a file in commands/ and a line here; it is loaded only when it is asked for.
import type { Command } from 'commander';

interface CommandEntry {
  readonly summary: string;
  /** Arguments are given because the flags of a command may depend on what it is to run. */
  load(): Promise<{ create(name: string, args: readonly string[]): Command | Promise<Command> }>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  list: { summary: 'name the experiments and the questions they ask', load: () => import('./commands/list.ts') },
  run: { summary: 'run an experiment and keep its record', load: () => import('./commands/run.ts') },
  plot: { summary: 'draw the figures of a record', load: () => import('./commands/plot.ts') },
  verify: { summary: 'replay a record and compare every bit', load: () => import('./commands/verify.ts') },
  compare: { summary: 'lay records side by side', load: () => import('./commands/compare.ts') },
  bench: { summary: 'measure speed, beside what the machine can do', load: () => import('./commands/bench.ts') },
  doctor: { summary: 'say what works here, what does not, and what to do', load: () => import('./commands/doctor.ts') },
};
