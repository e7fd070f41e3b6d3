// Searches on the page: the same rounds as in a terminal, to the same table, also when they are paused and stepped.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExperiment, parseRecord, toFlag } from '@descent/experiments';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags } from './engines.ts';
import { type Host, openHost } from './host.ts';
import { descent, openTab, pathOf, runToEnd, saved } from './page.ts';

const executablePath = pathOf('Chromium');
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

let browser: Browser;
let host: Host;
let folder: string;

describe.skipIf(executablePath === undefined && !process.env.CI)('a search on the page', () => {
  beforeAll(async () => {
    host = await openHost();
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags() });
    folder = await mkdtemp(join(tmpdir(), 'descent-study-'));
    await descent('run', 'hyperparameter_optimization', ...flags, '--quiet', '--out', folder);
  });
  afterAll(async () => {
    await browser?.close();
    host?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('narrows and halves to the table of the command line, trial by trial', async () => {
    const { page, faults } = await openTab(browser, host.home, study);
    await runToEnd(page);
    const [here, there] = [await saved(page, '#save-record'), join(folder, 'run.json')];
    const [made, expected] = await Promise.all(
      [here, there].map(async (file) => parseRecord(await readFile(file, 'utf8'))),
    );
    const table = (record: typeof made) =>
      record?.arms.map(({ name, status, pruned, digest }) => ({ name, status, pruned, digest }));
    expect(table(made)).toEqual(table(expected));
    expect(made?.arms.some(({ pruned }) => pruned)).toBe(true);
    const experiment = findExperiment('hyperparameter_optimization');
    expect(await page.locator('.drawing svg').count()).toBe(experiment.figures(made as never).length);
    expect(await descent('verify', here)).toBe(0);
    expect(faults).toEqual([]);
  });

  test('comes to the same bits when it is stepped, paused and resumed', async () => {
    const { page, faults } = await openTab(browser, host.home, study);
    await page.click('#step');
    await page.waitForSelector('#resume:enabled');
    await page.click('#step');
    await page.waitForSelector('#resume:enabled');
    await page.click('#resume');
    await page.waitForTimeout(150);
    // Whether it is still on its way then does not matter.
    await page.click('#pause', { timeout: 500 }).catch(() => {});
    await page.waitForSelector('#resume:enabled, #digest');
    if (await page.isVisible('#resume')) await page.click('#resume');
    await page.waitForSelector('#digest', { timeout: 60_000 });
    expect(await page.textContent('#digest')).toBe(
      parseRecord(await readFile(join(folder, 'run.json'), 'utf8')).digest,
    );
    expect(faults).toEqual([]);
  });
});
