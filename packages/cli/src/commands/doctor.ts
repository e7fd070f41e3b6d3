// descent doctor: what works here, what does not, and what to do about it.

import { availableVariants, type Lang, langs, loadDevice, padEnd, type Variant, variants } from '@descent/experiments';
import { Command } from 'commander';
import { Exit, exitCodes } from '../errors.ts';
import { queueFlag } from '../flags.ts';
import { printJson } from '../json.ts';
import { openEnvironment } from '../run/environment.ts';
import { wrapText } from '../table.ts';
import { ownFonts, systemFont } from '../terminal/fonts.ts';
import { columnsOf, hasColor, isLive, paint, print } from '../terminal/terminal.ts';

/** One thing looked at. `advice` says what to do where it does not work. */
interface Check {
  readonly name: string;
  readonly works: boolean;
  readonly finding: string;
  readonly advice?: string;
}

export function create(name: string): Command {
  return new Command(name)
    .option('--data <mnist|DIR>', 'the data to look at', 'mnist')
    .addOption(queueFlag('the queue to look at').default('redis://127.0.0.1:6379'))
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  descent doctor\n')
    .action(doctor);
}

async function doctor({ data, queue: at, json }: { data: string; queue: string; json?: boolean }): Promise<void> {
  const checks = [
    engine(),
    ...(await Promise.all(names.map(variant))),
    await dataset(data),
    await queue(at),
    ...fonts(),
    ...output(),
  ];
  if (json) return printJson({ format: 'descent-doctor/1', checks });
  const width = Math.max(...checks.map((check) => check.name.length));
  print(checks.map((check) => line(check, width)).join('\n'));
}

function line({ name, works, finding, advice }: Check, width: number): string {
  const mark = works ? paint.green('✓') : paint.yellow('✗');
  const room = columnsOf(process.stdout) - width - 6;
  const ways = advice && !works ? wrapText(`→ ${advice}`, room).map((part) => paint.dim(part)) : [];
  const parts = [...wrapText(finding, room), ...ways];
  return `  ${mark} ${padEnd(name, width)}  ${parts.join(`\n${' '.repeat(width + 6)}`)}`;
}

function engine(): Check {
  const { node, v8 } = process.versions;
  const works = Number.parseInt(node, 10) >= 20;
  return {
    name: 'node',
    works,
    finding: `${node} (V8 ${v8}, ${process.platform} ${process.arch})`,
    advice: 'install Node 20 or newer',
  };
}

const names = Object.keys(variants) as Variant[];

/** Whether the engine takes a build, and whether it comes up. */
async function variant(name: Variant): Promise<Check> {
  const available = availableVariants();
  const advice = 'another variant gives the same bits; a newer Node runs this one';
  if (!available.includes(name)) return { name, works: false, finding: 'this engine does not run it', advice };
  try {
    await loadDevice({ variant: name, bytes: 65_536 });
    const isDefault = name === available[0];
    return { name, works: true, finding: `the same bits everywhere${isDefault ? ' (default)' : ''}` };
  } catch (error) {
    return { name, works: false, finding: (error as Error).message, advice };
  }
}

async function dataset(source: string): Promise<Check> {
  try {
    const bench = await openEnvironment({ variant: availableVariants()[0] as Variant, source });
    bench.verifyData();
    const pins = source === 'mnist' ? ', the original files' : '';
    return {
      name: 'data',
      works: true,
      finding: `${bench.data.name}, sha256 ${bench.data.sha256.slice(0, 12)}…${pins}`,
    };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return {
      name: 'data',
      works: false,
      finding: error.message,
      advice: error.hint ?? 'install again, or name a folder with --data',
    };
  }
}

/** Loaded only here and where there is a queue. */
async function queue(typed: string): Promise<Check> {
  const { healthOf } = await import('../queue/health.ts');
  try {
    return { name: 'queue', works: true, finding: await healthOf(typed) };
  } catch (error) {
    if (!(error instanceof Exit) || error.code === exitCodes.usage) throw error;
    return { name: 'queue', works: false, finding: error.message, advice: `only --queue needs one; ${error.hint}` };
  }
}

function fonts(): Check[] {
  const own: Check = { name: 'font en', works: ownFonts().length > 0, finding: 'DejaVu Sans, which comes along' };
  const advice =
    'PNG in this language needs one, such as Noto Sans CJK (Debian: fonts-noto-cjk); SVG and terminal do not';
  const others = langs.filter((lang): lang is Exclude<Lang, 'en'> => lang !== 'en');
  return [
    own,
    ...others.map((lang) => {
      const font = systemFont(lang);
      return { name: `font ${lang}`, works: font !== undefined, finding: font ?? 'none found', advice };
    }),
  ];
}

function output(): Check[] {
  const { stdout, stderr } = process;
  const width = stdout.isTTY ? `terminal, ${stdout.columns} columns` : `pipe or file, ${columnsOf(stdout)} columns`;
  const color = hasColor(stdout) ? 'colors' : 'no colors';
  const progress = isLive(stderr) ? 'live progress' : 'no live progress, because it is not a terminal';
  return [
    { name: 'stdout', works: true, finding: `${width}, ${color}` },
    { name: 'stderr', works: true, finding: progress },
  ];
}
