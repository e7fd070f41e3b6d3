// The command line: arguments → command, and what an error comes to: a line, a hint and an exit code.
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { asExit, Exit, exitCodes, wrongUsage } from './errors.ts';
import { readable, say } from './terminal.ts';

declare const DESCENT_VERSION: string;

/** Every command; only the one that is asked for is loaded. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('descent')
    .description('Experiments on how neural networks learn. The same run gives the same bits everywhere.')
    .version(DESCENT_VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', '\nExample:\n  descent list\n  descent run <experiment> --seed 2\n')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const words = args.filter((word) => !word.startsWith('-'));
  const wanted = words[0] === 'help' ? words[1] : words[0];
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = name === wanted ? await (await load()).create(name, args) : new Command(name);
    program.addCommand(command.description(summary).copyInheritedSettings(program));
  }
  return program;
}

/** Says what went wrong, in one line and a hint, and gives the exit code. */
export function explain(thrown: unknown, args: readonly string[]): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok;
  const error = inOurWords(thrown, args);
  if (error instanceof Exit) {
    if (error.code === exitCodes.interrupted) say.note(error.message, error.hint);
    else say.error(error.message, error.hint);
    return error.code;
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  say.error(
    `a fault of ours: ${readable(fault.message)}`,
    'please report it with the command; DESCENT_DEBUG=1 prints where',
  );
  if (process.env.DESCENT_DEBUG) say.line(String(fault.stack));
  return exitCodes.fault;
}

/** What commander or our packages found wrong with arguments or files, as an `Exit`; any other error as it is. */
export function inOurWords(error: unknown, args: readonly string[]): unknown {
  return error instanceof CommanderError ? usageOf(error, args) : asExit(error);
}

/** Characters of a wrong word that are repeated. */
const LONGEST = 200;

/** Commander's `error: unknown option '--sed'\n(Did you mean --seed?)` in our words. */
function usageOf({ message }: CommanderError, args: readonly string[]): Exit {
  const [first = '', nearest] = message
    .replace(/^error: /, '')
    .replaceAll("'", '')
    .split('\n');
  const text = first
    .replace('unknown option', 'unknown flag')
    .replace(/^option (\S+) .*argument missing/, '$1 needs a value');
  // What was typed is repeated, but not a page of it.
  const told = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const flags = args.findIndex((word) => word.startsWith('-'));
  const command = Object.hasOwn(commands, args[0] ?? '') ? args.slice(0, flags < 0 ? 1 : Math.min(flags, 2)) : [];
  const help = ['descent', ...command, '--help'].join(' ');
  return wrongUsage(nearest ? `${told}; did${nearest.slice(4, -1)}` : told, help);
}
