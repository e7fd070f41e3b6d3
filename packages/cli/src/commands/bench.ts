// descent bench: measures the kernels, a training step, and whole experiments.
import type { Variant } from '@descent/experiments';
import { type BenchReport, compareRows, type Timed, WrongKernelError } from '@descent/experiments/bench';
import { Command } from 'commander';
import { runSuite, type SuiteName, suiteNames } from '../bench/suites.ts';
import { describeNoise, formatMarkdown, formatText, type Report, reportTables } from '../bench/tables.ts';
import { Exit, exitCodes } from '../exit.ts';
import { badChoice, badValue, choiceArgument, dataFlag, queueFlag, readVariant, variantFlag } from '../flags.ts';
import { readAddress } from '../queue/address.ts';
import { badFile, readText } from '../store/files.ts';
import { log, print } from '../terminal/terminal.ts';

interface BenchFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly baseline?: string;
  readonly profile?: boolean;
  readonly quick?: boolean;
  readonly only?: string;
  readonly variant?: string;
  readonly data: string;
  readonly queue?: string;
  readonly quiet?: boolean;
}

export function create(name: string): Command {
  return new Command(name)
    .addArgument(choiceArgument('[suite]', 'what to measure', suiteNames).default('kernels'))
    .option('--json', 'print the report as JSON')
    .option('--markdown', 'print the tables as Markdown')
    .option('--baseline <file>', 'compare with an earlier --json report')
    .option('--profile', 'step: measure the time per op')
    .option('--quick', 'take seconds instead of a minute, with wider intervals')
    .option('--only <text>', 'measure only rows whose op, network, optimizer or experiment contains this, or trials')
    .addOption(variantFlag())
    .addOption(dataFlag().default('mnist'))
    .addOption(queueFlag('experiments: measure trials on a queue too, with a worker that bench starts'))
    .option('--quiet', 'print no progress and no messages')
    .addHelpText(
      'after',
      '\nExample:\n  descent bench kernels --json > before.json\n  descent bench kernels --baseline before.json\n  descent bench experiments --only trials --queue redis://127.0.0.1\n',
    )
    .action(bench);
}

async function bench(name: string, all: BenchFlags, command: Command): Promise<void> {
  const suite = suiteNames.find((each) => each === name);
  if (!suite) throw badChoice('bench', name, suiteNames);
  // DESCENT_QUEUE applies to the experiments suite only.
  const isTyped = command.getOptionValueSource('queue') === 'cli';
  const { queue, ...others } = all;
  const flags: BenchFlags = isTyped || suite === 'experiments' ? all : others;
  if (flags.profile && suite !== 'step') throw badValue('--profile', suite, 'the suite step');
  if (flags.queue !== undefined && suite !== 'experiments') throw badValue('--queue', suite, 'the suite experiments');
  if (flags.quiet) log.silence();
  const variant = flags.variant === undefined ? undefined : readVariant(flags.variant);
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline, suite);
  const report = await measure(suite, flags, variant);
  const comparison = baseline && compareRows(baseline.rows, report.rows);
  if (!flags.json) {
    const tables = reportTables(report, comparison);
    return print(flags.markdown ? tables.map(formatMarkdown).join('') : tables.map(formatText).join('\n'));
  }
  if (report.noise.noisy) log.line(describeNoise(report));
  print(JSON.stringify(comparison ? { ...report, comparison } : report));
}

async function measure(suite: SuiteName, flags: BenchFlags, variant: Variant | undefined): Promise<Report> {
  const { data: source, quick = false, only = '', profile = false, quiet: isQuiet = false } = flags;
  const queue = flags.queue === undefined ? undefined : { typed: flags.queue, address: readAddress(flags.queue) };
  let report: Report;
  try {
    report = await runSuite(suite, { variant, source, quick, only, profile, isQuiet, queue });
  } catch (error) {
    if (!(error instanceof WrongKernelError)) throw error;
    throw new Exit(exitCodes.fault, error.message.replace(/^\[bench\] /, ''), 'build the kernels again: npm run build');
  }
  if (report.rows.length === 0) throw badValue('--only', only, `a part of a name in bench ${suite}`);
  return report;
}

const expected = 'a report of descent bench --json';

/** @throws Exit if the file is not a report of the suite */
function readBaseline(file: string, suite: SuiteName): BenchReport {
  const text = readText(file, expected);
  let report: Partial<BenchReport> | null;
  try {
    report = JSON.parse(text);
  } catch {
    throw badFile(file, expected, 'something that is not JSON');
  }
  const { format, suite: found, rows } = report ?? {};
  const show = (value: unknown) => (typeof value === 'string' ? value : 'none');
  if (format !== 'descent-bench/1') throw badFile(file, 'the format descent-bench/1', show(format));
  if (found !== suite) throw badFile(file, `a report of bench ${suite}`, `one of bench ${show(found)}`);
  if (!Array.isArray(rows) || !rows.every(isTimed)) throw badFile(file, expected, 'rows without times');
  return report as BenchReport;
}

function isTimed(row: unknown): row is Timed {
  const { medianUs, ci95Us } = (row ?? {}) as Partial<Timed>;
  return typeof medianUs === 'number' && Array.isArray(ci95Us) && ci95Us.length === 2;
}
