// Words behind `descent`, one a line: parsed and checked as far as one can without doing anything.
import { experiments } from '@descent/experiments';
import { commands } from '../../packages/cli/src/commands.ts';
import { Exit } from '../../packages/cli/src/exit.ts';
import { readExperiment, readNumber, readVariant } from '../../packages/cli/src/flags.ts';
import { createProgram, toDesignedError } from '../../packages/cli/src/program.ts';
import { planRun, type RunFlags } from '../../packages/cli/src/run/plan.ts';
import { checkEnd } from './cli.ts';
import type { Target } from './target.ts';

const lines = (text: string) => text.replaceAll(' ', '\n');

/** What the commands do with their words before they begin to work: arguments, flags, the command itself. */
function look(...given: readonly unknown[]): void {
  const [flags, command] = given.slice(-2) as [RunFlags, Command];
  const [named] = given;
  const isNew = command.name() === 'run' && flags.resume === undefined;
  if (isNew && typeof named === 'string') planRun(readExperiment(named), flags);
  for (const name of ['jobs', 'port', 'seeds', 'checkpointEvery'] as const) readNumber(name, flags[name]);
  readVariant(flags.variant);
}

type Command = Awaited<ReturnType<typeof createProgram>>;

export const commandLines: Target<string> = {
  name: 'arguments',
  seeds: () =>
    [
      'run optimizer_compare_mnist --seed 2 --steps 500 --hidden-sizes 100x4 --jobs 2 --variant scalar --json --quiet',
      'run optimizer_compare_naive --seeds=5 --dialect book --lang ko --check-claims --out here --checkpoint-every 0.5',
      'run --resume runs/optimizer_compare_naive-seed1 --jobs 4',
      'verify run.json --data mnist --jobs 1 --variant reference --json',
      'plot run.json other.json --format png -o figure.png --figure loss --theme dark --lang ja',
      'compare one.json two.json --json',
      'bench kernels --json --baseline old.json --only matmul',
      'web --port 8080',
      'list --json --lang ko',
      'doctor --json',
      'help run',
      '--version',
    ].map(lines),
  words: [
    '--',
    '-',
    '--=',
    '-o',
    '\n',
    '\n--seed\n',
    '--no-',
    ...Object.keys(commands),
    ...experiments.map(({ name }) => name),
  ],
  refusals: [Exit],
  async run(text) {
    const args = text.split('\n');
    const program = await createProgram(args);
    for (const command of [program, ...program.commands])
      command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
    for (const command of program.commands) command.action(look);
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      // Help and version end by an error of commander's that is none.
      if ((error as { exitCode?: number }).exitCode !== 0) checkEnd(toDesignedError(error, args));
    }
  },
};
