// The commands behind `npm run docs:…`; what each does stands in scripts/docs.js.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { figuresOver, findExperiment, langs, parseRecord, type RunRecord } from '@descent/experiments';
import { pictureOf } from './blocks.ts';
import { drawFigure } from './draw.ts';
import { fillKernels, KERNELS, KERNELS_PAGE, ROOFLINE, STEP } from './kernels-page.ts';
import { numbersOf } from './numbers.ts';
import { filled, NUMBERS, pageFiles, readmes, readNumbers } from './pages.ts';
import { drawRoofline, type KernelsReport } from './roofline.ts';
import { fillSearch, SEARCH_PAGE } from './search-page.ts';
import { type Setting, settings } from './settings.ts';
import type { StepReport } from './step-profile.ts';

export function main(root: string, [command = '', ...words]: readonly string[]): number {
  switch (command) {
    case 'claims':
      return fillPages(root, words.includes('--check'));
    case 'figures':
      return makeFigures(root, words);
    case 'kernels':
      return drawKernels(root, words);
    case 'search':
      return compareSamplers(root);
    default:
      console.error(`[docs] expected claims, figures, kernels or search but got ${command}`);
      return 2;
  }
}

/** @returns 1 where `isCheck` and a page is not as it should be */
function fillPages(root: string, isCheck: boolean): number {
  const numbers = readNumbers(root);
  let stale = 0;
  for (const page of [...readmes, ...pageFiles()]) {
    const { old, fresh } = filled(root, page, numbers);
    if (old === fresh) continue;
    stale++;
    console.log(page.path);
    if (!isCheck) writeFileSync(join(root, page.path), fresh);
  }
  return isCheck && stale > 0 ? 1 : 0;
}

function makeFigures(root: string, names: readonly string[]): number {
  const chosen = settings.filter(
    ({ name, experiment }) => names.length === 0 || names.includes(name) || names.includes(experiment),
  );
  for (const setting of chosen) {
    const records = recordsOf(root, setting);
    draw(root, setting, records);
    const numbers = readNumbers(root);
    const all = { ...numbers.settings, [setting.name]: numbersOf(setting, records) };
    const ordered = settings.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : []));
    const json = { ...numbers, settings: Object.fromEntries(ordered) };
    writeFileSync(join(root, NUMBERS), `${inLines(json)}\n`);
    console.log(setting.name);
  }
  return fillPages(root, false);
}

/** A line a claim, an arm, a caption: small, and a change shows where it is. */
function inLines(json: object): string {
  return JSON.stringify(json, null, 1)
    .replace(/\n {5,}/g, ' ')
    .replace(/\n {4}([}\]])/g, ' $1');
}

function draw(root: string, { name, experiment, figures }: Setting, records: readonly RunRecord[]): void {
  const drawn = figuresOver(findExperiment(experiment), records).filter(({ id }) => figures.includes(id));
  for (const figure of drawn) {
    for (const lang of langs) {
      const file = join(root, pictureOf(name, figure.id, lang));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, drawFigure(figure, lang));
    }
  }
}

/** Trained by the command itself, as a reader would; a run that is there is taken as it is. */
function recordsOf(root: string, { name, experiment, flags, seeds }: Setting): RunRecord[] {
  const folder = join(root, 'runs', 'docs', name);
  const folders = seeds === 1 ? [folder] : Array.from({ length: seeds }, (_, i) => join(folder, `seed-${i + 1}`));
  const files = folders.map((each) => join(each, 'run.json'));
  if (!files.every((file) => existsSync(file))) {
    rmSync(folder, { recursive: true, force: true });
    const descent = join(root, 'packages', 'cli', 'bin', 'descent.js');
    const args = ['run', experiment, '--seeds', String(seeds), '--out', folder, ...flags];
    const { status } = spawnSync(process.execPath, [descent, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`[docs] descent ${args.join(' ')} ended with ${status}`);
  }
  return files.map((file) => parseRecord(readFileSync(file, 'utf8')));
}

/** Trains 3,000 trials, some 20 minutes on one core. */
function compareSamplers(root: string): number {
  const page = join(root, SEARCH_PAGE);
  writeFileSync(
    page,
    fillSearch(readFileSync(page, 'utf8'), (setting) => recordsOf(root, setting)),
  );
  return 0;
}

/** @param files fresh reports of `descent bench kernels --json` and `bench step --profile --json`; without one the last is drawn again */
function drawKernels(root: string, files: readonly string[]): number {
  for (const file of files) {
    const report = JSON.parse(readFileSync(file, 'utf8')) as { suite: string };
    writeFileSync(join(root, report.suite === 'step' ? STEP : KERNELS), `${inLines(report)}\n`);
  }
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const [kernels, step] = [read(KERNELS) as KernelsReport, read(STEP) as StepReport];
  writeFileSync(join(root, ROOFLINE), drawRoofline(kernels));
  const page = join(root, KERNELS_PAGE);
  writeFileSync(page, fillKernels(readFileSync(page, 'utf8'), kernels, step));
  return 0;
}
