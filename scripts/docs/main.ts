// The commands `npm run docs:claims` and `npm run docs:figures`: see scripts/docs.js.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isComplete, langs, type RunRecord } from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import { figurePath } from './blocks.ts';
import { computeNumbers, NUMBERS, readNumbers } from './numbers.ts';
import { experimentPages, readmes, updatePage } from './pages.ts';
import { type Setting, settings } from './settings.ts';

export function main(root: string, [command = '', ...args]: readonly string[]): void {
  if (command === 'figures') updateFigures(root, args);
  updatePages(root);
}

function updatePages(root: string): void {
  const numbers = readNumbers(root);
  for (const page of [...readmes, ...experimentPages]) {
    const { old, fresh } = updatePage(root, page, numbers);
    if (old === fresh) continue;
    console.log(page.path);
    writeFileSync(join(root, page.path), fresh);
  }
}

/** @param names settings or experiments to update; default: all */
function updateFigures(root: string, names: readonly string[]): void {
  for (const setting of settings) {
    if (names.length > 0 && !names.includes(setting.name) && !names.includes(setting.experiment)) continue;
    const records = trainSetting(root, setting);
    plotFigures(root, setting);
    const { settings: old, ...rest } = readNumbers(root);
    const fresh = { ...old, [setting.name]: computeNumbers(setting, records) };
    const ordered = settings.flatMap(({ name }) => (fresh[name] ? [[name, fresh[name]]] : []));
    const json = { ...rest, settings: Object.fromEntries(ordered) };
    writeFileSync(join(root, NUMBERS), `${stringifyCompact(json)}\n`);
    console.log(setting.name);
  }
}

/** One line per claim, arm and caption, so that the file is small and its changes are readable. */
function stringifyCompact(json: object): string {
  return JSON.stringify(json, null, 1)
    .replace(/\n {5,}/g, ' ')
    .replace(/\n {4}([}\]])/g, ' $1');
}

const folderOf = (root: string, { name }: Setting) => join(root, 'runs', 'docs', name);

/** Trains a setting with `descent run`, or reads its records if they are complete. */
function trainSetting(root: string, setting: Setting): RunRecord[] {
  const { experiment, flags, seeds } = setting;
  const folder = folderOf(root, setting);
  const folders = seeds === 1 ? [folder] : Array.from({ length: seeds }, (_, i) => join(folder, `seed-${i + 1}`));
  const files = folders.map((each) => join(each, 'run.json'));
  const readRecords = () => files.map((file) => parseRecord(readFileSync(file, 'utf8')));
  if (!files.every((file) => existsSync(file)) || !readRecords().every(isComplete)) {
    rmSync(folder, { recursive: true, force: true });
    descent(root, 'run', experiment, '--seeds', String(seeds), '--out', folder, ...flags);
  }
  return readRecords();
}

function plotFigures(root: string, setting: Setting): void {
  for (const figure of setting.figures) {
    for (const lang of langs) {
      const file = join(root, figurePath(setting.name, figure, lang));
      const flags = ['--figure', figure, '--lang', lang, '--theme', 'auto', '-o', file];
      descent(root, 'plot', folderOf(root, setting), ...flags);
    }
  }
}

function descent(root: string, ...args: readonly string[]): void {
  const command = [join(root, 'packages', 'cli', 'bin', 'descent.js'), ...args];
  const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`descent ${args.join(' ')} exited with ${status}`);
}
