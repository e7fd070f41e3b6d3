// descent doctor: checks what this machine supports, and advises on what it does not.

import { availableVariants, loadDevice, padEnd, type Variant, variants } from '@descent/experiments';
import { Command } from 'commander';
import { Exit, exitCodes, toExit } from '../exit.ts';
import { queueFlag } from '../flags.ts';
import { openEnvironment } from '../run/environment.ts';
import { systemFont } from '../terminal/fonts.ts';
import { printJson } from '../terminal/json.ts';
import { wrapText } from '../terminal/table.ts';
import { columnsOf, hasColor, isLive, paint, print } from '../terminal/terminal.ts';

interface Check {
  readonly name: string;
  readonly works: boolean;
  readonly finding: string;
  /** What to do if it does not work. */
  readonly advice?: string;
}

export function create(name: string): Command {
  return new Command(name)
    .option('--data <mnist|DIR>', 'the data to check', 'mnist')
    .addOption(queueFlag('the queue to check').default('redis://127.0.0.1:6379'))
    .option('--json', 'print the results as JSON')
    .addHelpText('after', '\nExample:\n  descent doctor\n')
    .action(doctor);
}

async function doctor({ data, queue, json }: { data: string; queue: string; json?: boolean }): Promise<void> {
  const checks = [
    checkNode(),
    ...(await Promise.all((Object.keys(variants) as Variant[]).map(checkVariant))),
    await checkData(data),
    await checkQueue(queue),
    ...checkFonts(),
    ...checkOutput(),
  ];
  if (json) return printJson({ format: 'descent-doctor/1', checks });
  const width = Math.max(...checks.map((check) => check.name.length));
  print(checks.map((check) => format(check, width)).join('\n'));
}

function format({ name, works, finding, advice }: Check, width: number): string {
  const mark = works ? paint.green('✓') : paint.yellow('✗');
  const room = columnsOf(process.stdout) - width - 6;
  const steps = advice && !works ? wrapText(`→ ${advice}`, room).map((part) => paint.dim(part)) : [];
  const lines = [...wrapText(finding, room), ...steps];
  return `  ${mark} ${padEnd(name, width)}  ${lines.join(`\n${' '.repeat(width + 6)}`)}`;
}

function checkNode(): Check {
  const { node, v8 } = process.versions;
  const finding = `${node} (V8 ${v8}, ${process.platform} ${process.arch})`;
  return { name: 'node', works: Number.parseInt(node, 10) >= 20, finding, advice: 'install Node 20 or newer' };
}

/** Checks that the engine supports a build of the kernels, by loading it. */
async function checkVariant(name: Variant): Promise<Check> {
  const available = availableVariants();
  const advice = 'another variant gives the same results; a newer Node supports this one';
  if (!available.includes(name)) return { name, works: false, finding: 'this engine does not support it', advice };
  try {
    await loadDevice({ variant: name, bytes: 65_536 });
    const isDefault = name === available[0];
    return { name, works: true, finding: `same results as every variant${isDefault ? ' (default)' : ''}` };
  } catch (error) {
    return { name, works: false, finding: (error as Error).message, advice };
  }
}

async function checkData(source: string): Promise<Check> {
  try {
    const { data } = await openEnvironment({ variant: availableVariants()[0] as Variant, source });
    const origin = source === 'mnist' ? ', the original files' : '';
    const finding = `${data.name}, sha256 ${data.sha256.slice(0, 12)}…${origin}`;
    return { name: 'data', works: true, finding };
  } catch (thrown) {
    const error = toExit(thrown);
    if (!(error instanceof Exit)) throw error;
    const advice = error.hint ?? 'install again, or name a folder: --data DIR';
    return { name: 'data', works: false, finding: error.message, advice };
  }
}

async function checkQueue(typed: string): Promise<Check> {
  const { describeQueue } = await import('../queue/health.ts');
  try {
    return { name: 'queue', works: true, finding: await describeQueue(typed) };
  } catch (error) {
    if (!(error instanceof Exit) || error.code === exitCodes.usage) throw error;
    return { name: 'queue', works: false, finding: error.message, advice: `only --queue needs it; ${error.hint}` };
  }
}

function checkFonts(): Check[] {
  const advice =
    'PNG in this language needs a font, such as Noto Sans CJK (Debian: fonts-noto-cjk); SVG and terminal do not';
  const others = (['ko', 'ja'] as const).map((lang) => {
    const font = systemFont(lang);
    return { name: `font ${lang}`, works: font !== undefined, finding: font ?? 'none found', advice };
  });
  return [{ name: 'font en', works: true, finding: 'DejaVu Sans, installed with this package' }, ...others];
}

function checkOutput(): Check[] {
  const { stdout, stderr } = process;
  const width = stdout.isTTY ? `terminal, ${stdout.columns} columns` : `pipe or file, ${columnsOf(stdout)} columns`;
  const color = hasColor(stdout) ? 'colors' : 'no colors';
  const progress = isLive(stderr) ? 'live progress' : 'no live progress, because stderr is not a terminal';
  return [
    { name: 'stdout', works: true, finding: `${width}, ${color}` },
    { name: 'stderr', works: true, finding: progress },
  ];
}
