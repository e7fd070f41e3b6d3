// The command line: arguments → command, and what an error comes to: a line, a hint and an exit code.
import { didYouMean, nearest } from '@descent/experiments/nearest';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { asExit, Exit, exitCodes, wrongUsage } from './errors.ts';
import { systemExit } from './store/files.ts';
import { log, printError, shellQuoted } from './terminal/terminal.ts';

declare const DESCENT_VERSION: string;

/** Every command; only the one that is asked for is loaded. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('descent')
    .description('Experiments on how neural networks learn. The same run gives the same bits everywhere.')
    .version(DESCENT_VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', environmentHelp)
    .addHelpText('after', '\nExample:\n  descent list\n  descent run <experiment> --seed 2\n')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .hook('preAction', (_, command) => checkValues(command));
  const words = args.filter((word) => !word.startsWith('-'));
  const wanted = words[0] === 'help' ? words[1] : words[0];
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = name === wanted ? await (await load()).create(name, args) : new Command(name);
    program.addCommand(command.description(summary).copyInheritedSettings(program));
  }
  return program;
}

const environmentHelp = `
Environment:
  DESCENT_QUEUE   address of the queue, as --queue; keeps its password out of ps
  REDISCLI_AUTH   password of the queue, if the address has none
  DESCENT_DEBUG   1: print the stack of an internal error
  NO_COLOR        1: no colors; overrides FORCE_COLOR
  FORCE_COLOR     1: colors without a terminal; 0: no colors
  TERM            dumb: no colors, no live progress
  COLUMNS         width of the output, if it does not go to a terminal [default: 80]
`;

/** Refuses blank values, as an unset variable of the shell leaves them, and flags in place of values. */
function checkValues(command: Command): void {
  // It is given words as they are typed, complete or not.
  if (command.name() === 'completion') return;
  const flags = command.options.flatMap(({ long, short }) => [long, short]);
  const check = (name: string, value: unknown) => {
    if (typeof value !== 'string' || (value.trim() !== '' && !flags.includes(value.split('=')[0]))) return;
    throw wrongUsage(`${name} needs a value but got ${JSON.stringify(value)}`, `descent ${command.name()} --help`);
  };
  for (const word of command.args) check('an argument', word);
  // Those of an experiment say what they expect.
  for (const option of command.options)
    if (!option.helpGroupHeading) check(option.long ?? option.flags, command.opts()[option.attributeName()]);
}

/** Says what went wrong, in one line and a hint, and gives the exit code. */
export function explain(thrown: unknown, args: readonly string[]): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok;
  const error = inOurWords(thrown, args);
  const exit = error instanceof Exit ? error : internalError(error);
  if (exit.code === exitCodes.interrupted) log.note(exit.message, exit.hint);
  else log.error(exit.message, exit.hint);
  if (!(error instanceof Exit) && process.env.DESCENT_DEBUG) log.line(String((error as Error)?.stack));
  // Last, because stdout may be what failed.
  if (wantsJson(args)) printError(exit);
  return exit.code;
}

function internalError(error: unknown): Exit {
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'please report it with the command; DESCENT_DEBUG=1 prints where';
  return new Exit(exitCodes.fault, `internal error: ${message}`, hint);
}

/** Whether `--json` was asked for, be the rest of the command line right or wrong. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

/** What commander or our packages found wrong with arguments or files, as an `Exit`; any other error as it is. */
export function inOurWords(error: unknown, args: readonly string[]): unknown {
  return error instanceof CommanderError ? usageOf(error, args) : systemExit(asExit(error));
}

/** Characters of a wrong word that are repeated. */
const LONGEST = 200;

/** Commander's `error: unknown option '--sed'\n(Did you mean --seed?)` in our words. */
function usageOf({ message }: CommanderError, args: readonly string[]): Exit {
  const [first = '', suggestion = ''] = message
    .replace(/^error: /, '')
    .replaceAll("'", '')
    .split('\n');
  // Commander suggests names that are less alike too.
  const names = suggestion.match(/(?<=mean (?:one of )?).*(?=\?\)$)/)?.[0].split(', ') ?? [];
  const word = first.split(' ').at(-1) ?? '';
  const meant = nearest(
    word.replace(/^--/, ''),
    names.map((name) => name.replace(/^--/, '')),
  );
  const text = first
    .replace('unknown option', 'unknown flag')
    .replace(/^option (\S+) .*argument missing/, '$1 needs a value');
  // What was typed is repeated, but not a page of it.
  const told = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const flags = args.findIndex((word) => word.startsWith('-'));
  const command = Object.hasOwn(commands, args[0] ?? '') ? args.slice(0, flags < 0 ? 1 : Math.min(flags, 2)) : [];
  const help = ['descent', ...command.map(shellQuoted), '--help'].join(' ');
  return wrongUsage(told + didYouMean(meant && (word.startsWith('--') ? `--${meant}` : meant)), help);
}
