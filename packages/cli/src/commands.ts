// The commands of `descent`. To add one, write a file in commands/ and add a line here, and to commands/index.ts if it
// is small.
import type { CommandEntries } from './commands/entry.ts';

const small = () => import('./commands/index.ts');

export const commands: CommandEntries = {
  list: { summary: 'list the experiments and their questions', load: async () => (await small()).list },
  run: { summary: 'run an experiment and save its record', load: async () => (await small()).run },
  plot: { summary: 'draw the figures of a record', load: async () => (await small()).plot },
  verify: { summary: 'replay a record and compare every bit', load: async () => (await small()).verify },
  compare: { summary: 'compare records side by side', load: async () => (await small()).compare },
  bench: { summary: 'measure the speed of kernels, steps and experiments', load: () => import('./commands/bench.ts') },
  export: {
    summary: 'export networks, weights, series and searches to other formats',
    load: () => import('./commands/export.ts'),
  },
  web: { summary: 'serve the page on this machine', load: () => import('./commands/web.ts') },
  worker: { summary: 'train arms from a queue on this machine', load: async () => (await small()).worker },
  completion: {
    summary: 'print the completion script for bash, zsh or fish',
    load: async () => {
      const { create } = (await small()).completion;
      return { create: (name) => create(name, commands) };
    },
  },
  doctor: { summary: 'check what this machine supports', load: async () => (await small()).doctor },
};
