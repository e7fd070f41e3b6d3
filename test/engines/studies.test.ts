// Searches on the page: the same rounds and the same table as in the terminal, also after pause and step.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExperiment, toFlag } from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { descent, describePage, openTab, runToEnd, save } from './page.ts';

const settings = {
  sampler: 'narrowing',
  roundSize: '4',
  pruner: 'halving',
  firstRung: '2',
  eta: '2',
  trials: '12',
  epochs: '8',
  trainSamples: '200',
  lrLow: '-3',
  lrHigh: '-1',
  hiddenSizes: '20',
};
const flags = Object.entries(settings).flatMap(([name, value]) => [toFlag(name), value]);
const study = `#hyperparameter_optimization?${new URLSearchParams(settings)}`;

let folder: string;

describePage('a search on the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'descent-study-'));
    await descent('run', 'hyperparameter_optimization', ...flags, '--quiet', '--out', folder);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('gives the trials of the command line', async () => {
    const { page, errors } = await openTab(study);
    await runToEnd(page);
    const [onPage, inTerminal] = [await save(page, '#save-record'), join(folder, 'run.json')];
    const [record, expected] = await Promise.all(
      [onPage, inTerminal].map(async (file) => parseRecord(await readFile(file, 'utf8'))),
    );
    const toTable = (run: typeof record) =>
      run?.arms.map(({ name, status, pruned, digest }) => ({ name, status, pruned, digest }));
    expect(toTable(record)).toEqual(toTable(expected));
    expect(record?.arms.some(({ pruned }) => pruned)).toBe(true);
    const experiment = findExperiment('hyperparameter_optimization');
    expect(await page.locator('.drawing, details.finding').count()).toBe(experiment.figures(record as never).length);
    expect(await descent('verify', onPage)).toBe(0);
    expect(errors).toEqual([]);
  });

  test('gives the same bits after step, pause and resume', async () => {
    const { page, errors } = await openTab(study);
    await page.click('#step');
    await page.waitForSelector('#resume:enabled');
    await page.click('#step');
    await page.waitForSelector('#resume:enabled');
    await page.click('#resume');
    await page.waitForTimeout(150);
    // The search may already have finished.
    await page.click('#pause', { timeout: 500 }).catch(() => {});
    await page.waitForSelector('#resume:enabled, #digest');
    if (await page.isVisible('#resume')) await page.click('#resume');
    await page.waitForSelector('#digest', { timeout: 60_000 });
    expect(await page.textContent('#digest')).toBe(
      parseRecord(await readFile(join(folder, 'run.json'), 'utf8')).digest,
    );
    expect(errors).toEqual([]);
  });
});
