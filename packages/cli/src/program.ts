// The command line: from arguments to a command, and from an error to a message and an exit code.
import { didYouMean, nearest } from '@descent/experiments/nearest';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { Exit, exitCodes, toExit, usageError } from './exit.ts';
import { columnsOf, log, printError, shellQuoted } from './terminal/terminal.ts';

declare const DESCENT_VERSION: string;

/** Runs a command. @returns its exit code */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return explain(error, args);
  }
}

/** Creates the program. Only the module of the command in `args` is loaded. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('descent')
    .description('Experiments on how neural networks learn. The same run gives the same bits everywhere.')
    .version(DESCENT_VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', environmentHelp)
    .addHelpText('after', '\nExample:\n  descent list\n  descent run <experiment> --seed 2\n')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {}, getOutHelpWidth: () => columnsOf(process.stdout) })
    .configureHelp({ minWidthToWrap: 20 })
    .hook('preAction', (_, command) => checkValues(command));
  const [first, second] = args.filter((word) => !word.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  if (first === 'help' && second !== undefined && second !== 'help' && !Object.hasOwn(commands, second))
    throw wrongUsage(`unknown command ${shorten(second)}${didYouMean(nearest(second, Object.keys(commands)))}`);
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = name === wanted ? (await load()).create(name, args) : new Command(name);
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
  COLUMNS         width of output to a pipe or a file [default: 80]
`;

/** @throws Exit for blank values, such as those of an unset variable of the shell, and for flags in place of values */
function checkValues(command: Command): void {
  // Completion gets words that are not complete.
  if (command.name() === 'completion') return;
  const check = (name: string, value: unknown) => {
    if (typeof value !== 'string') return;
    const long = value.split('=')[0];
    if (value.trim() === '' || command.options.some((flag) => flag.long === long || flag.short === long))
      throw wrongUsage(`${name} needs a value but got ${JSON.stringify(value)}`, [command.name()]);
  };
  for (const word of command.args) check('an argument', word);
  // Options of an experiment are checked with their schema.
  for (const option of command.options)
    if (!option.helpGroupHeading) check(option.long ?? option.flags, command.opts()[option.attributeName()]);
}

/** Writes the message of an error. @returns its exit code */
export function explain(thrown: unknown, args: readonly string[]): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok;
  const error = toDesignedError(thrown, args);
  const exit = error instanceof Exit ? error : internalError(error);
  if (exit.code === exitCodes.interrupted) log.note(exit.message, exit.hint);
  else log.error(exit.message, exit.hint);
  if (!(error instanceof Exit) && process.env.DESCENT_DEBUG) log.line(String((error as Error)?.stack));
  // Last, because writing to stdout may be what failed.
  if (wantsJson(args)) printError(exit);
  return exit.code;
}

function internalError(error: unknown): Exit {
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'please report it with the command; DESCENT_DEBUG=1 prints the stack';
  return new Exit(exitCodes.fault, `internal error: ${message}`, hint);
}

/** Returns whether the arguments contain `--json`, even if they are not valid. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

/** Converts an error that the user can fix to an `Exit`; returns any other error as it is. */
export function toDesignedError(error: unknown, args: readonly string[]): unknown {
  return error instanceof CommanderError ? toUsageExit(error, args) : toExit(error);
}

const wrongUsage = (message: string, command: readonly string[] = []) =>
  usageError(message, `${['descent', ...command, '--help'].join(' ')} shows what is possible`);

/** The most characters of a typed word that a message repeats. */
const MAX_WORD_LENGTH = 200;
const shorten = (text: string) => (text.length > MAX_WORD_LENGTH ? `${text.slice(0, MAX_WORD_LENGTH)}…` : text);

/** Rewords `error: unknown option '--sed'\n(Did you mean --seed?)` of commander. */
function toUsageExit({ message }: CommanderError, args: readonly string[]): Exit {
  const [first = '', suggestion = ''] = message
    .replace(/^error: /, '')
    .replaceAll("'", '')
    .split('\n');
  // Commander also suggests names that are less similar.
  const names = suggestion.match(/(?<=mean (?:one of )?).*(?=\?\)$)/)?.[0].split(', ') ?? [];
  const word = first.split(' ').at(-1) ?? '';
  const meant = nearest(
    word.replace(/^--/, ''),
    names.map((name) => name.replace(/^--/, '')),
  );
  const text = first
    .replace('unknown option', 'unknown flag')
    .replace(/^option (\S+) .*argument missing/, '$1 needs a value');
  const flags = args.findIndex((word) => word.startsWith('-'));
  const command = Object.hasOwn(commands, args[0] ?? '') ? args.slice(0, flags < 0 ? 1 : Math.min(flags, 2)) : [];
  const advice = didYouMean(meant && (word.startsWith('--') ? `--${meant}` : meant));
  return wrongUsage(shorten(text) + advice, command.map(shellQuoted));
}
