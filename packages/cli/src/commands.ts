// The commands of `descent`. To add one: a file in commands/, a line in its index (or, where it brings much code, an import
// of its own) and a line here. Nothing is loaded before it is asked for.
import type { CommandEntries } from './commands/entry.ts';

const small = () => import('./commands/index.ts');

export const commands: CommandEntries = {
  list: { summary: 'name the experiments and the questions they ask', load: async () => (await small()).list },
  run: { summary: 'run an experiment and keep its record', load: async () => (await small()).run },
  plot: { summary: 'draw the figures of a record', load: async () => (await small()).plot },
  verify: { summary: 'replay a record and compare every bit', load: async () => (await small()).verify },
  compare: { summary: 'lay records side by side', load: async () => (await small()).compare },
  bench: { summary: 'measure speed, beside what the machine can do', load: () => import('./commands/bench.ts') },
  export: {
    summary: 'hand networks, weights, series and searches to other programs',
    load: () => import('./commands/export.ts'),
  },
  web: { summary: 'serve the page on this machine', load: () => import('./commands/web.ts') },
  worker: { summary: 'take arms from a queue and run them here', load: async () => (await small()).worker },
  completion: {
    summary: 'print the completion script of bash, zsh or fish',
    load: async () => (await small()).completion.completionOf(commands),
  },
  doctor: { summary: 'say what works here, what does not, and what to do', load: async () => (await small()).doctor },
};
