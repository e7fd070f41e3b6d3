// descent bench: how fast the kernels, a step and whole experiments are here, and how near to what the machine can do.

import { availableVariants, type Variant } from '@descent/experiments';
import { compareRows, WrongKernelError } from '@descent/experiments/bench';
import { Argument, Command } from 'commander';
import { comparisonSection, openBaseline } from '../bench/baseline.ts';
import { experimentSections } from '../bench/experiment-sections.ts';
import { kernelSections } from '../bench/kernel-sections.ts';
import { asMarkdown, asText, percent, type Section } from '../bench/section.ts';
import { stepSections } from '../bench/step-sections.ts';
import { type Report, runSuite, type SuiteName, suites } from '../bench/suites.ts';
import { badValue, Exit, exitCodes } from '../errors.ts';
import { badChoice, choicesOf, dataFlag, queueFlag, readVariant, variantFlag } from '../flags.ts';
import { readAddress } from '../queue/address.ts';
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
  const suite = new Argument('[suite]', `one of ${Object.keys(suites).join(', ')}`).default('kernels');
  choicesOf.set(suite, Object.keys(suites));
  return new Command(name)
    .addArgument(suite)
    .option('--json', 'print the report as JSON')
    .option('--markdown', 'print the tables as Markdown')
    .option('--baseline <file>', 'an earlier --json: say what is slower since, beyond noise')
    .option('--profile', 'step: where the time of a step goes, op by op')
    .option('--quick', 'seconds instead of a minute, and wider intervals')
    .option('--only <text>', 'only rows whose op, network, optimizer or experiment contains this, or trials')
    .addOption(variantFlag())
    .addOption(dataFlag().default('mnist'))
    .addOption(queueFlag('experiments: trials by a queue too; bench starts a worker of 1 job and one of 2 for it'))
    .option('--quiet', 'print no progress and no messages')
    .addHelpText(
      'after',
      '\nExample:\n  descent bench kernels --json > before.json\n  descent bench kernels --baseline before.json\n  descent bench experiments --only trials --queue redis://127.0.0.1\n',
    )
    .action(bench);
}

async function bench(suite: string, all: BenchFlags, command: Command): Promise<void> {
  // An address in the environment is for the suite that takes one.
  const isTyped = command.getOptionValueSource('queue') === 'cli';
  const { queue, ...others } = all;
  const flags: BenchFlags = isTyped || suite === 'experiments' ? all : others;
  if (!Object.hasOwn(suites, suite)) throw badChoice('bench', suite, Object.keys(suites));
  if (flags.profile && suite !== 'step') throw badValue('--profile', suite, 'the suite step');
  if (flags.queue !== undefined && suite !== 'experiments') throw badValue('--queue', suite, 'the suite experiments');
  if (flags.quiet) log.hush();
  const variant = flags.variant === undefined ? undefined : readVariant(flags.variant);
  const before = flags.baseline === undefined ? undefined : openBaseline(flags.baseline, suite);
  const report = await measure(suite as SuiteName, flags, variant);
  const comparison = before && compareRows(before.rows, report.rows);
  if (flags.json && report.noise.noisy) log.line(noiseSentence(report));
  if (flags.json) return print(JSON.stringify(comparison ? { ...report, comparison } : report));
  const subject = variant ?? (availableVariants()[0] as Variant);
  const sections = [
    ...sectionsOf(report, subject),
    ...(comparison ? [comparisonSection(comparison)] : []),
    remarks(report),
  ];
  print(sections.map(flags.markdown ? asMarkdown : asText).join(flags.markdown ? '' : '\n'));
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

function sectionsOf(report: Report, subject: string): Section[] {
  if (report.suite === 'kernels') return kernelSections(report, subject);
  return report.suite === 'step' ? stepSections(report, subject) : experimentSections(report);
}

function noiseSentence({ noise, rows }: Report): string {
  const { spread, wideRows } = noise;
  return `a noisy run: half of the 95 % intervals are wider than ${percent(spread)} of their median, ${wideRows} of ${rows.length} wider than 10 %; close other programs and repeat`;
}

function remarks(report: Report): Section {
  const { runtime, cpu, os } = report.environment;
  const noise = report.noise.noisy ? [noiseSentence(report)] : [];
  return { title: [runtime, cpu, os].join(' · '), head: [], rows: [], lines: [...noise, ...report.notes] };
}
