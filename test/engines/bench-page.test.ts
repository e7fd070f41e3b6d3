// The benchmark page in Chromium: it measures, draws, hands over its report, and opens what a link carries and nothing else.
import { readFile } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags } from './engines.ts';
import { type Host, openHost } from './host.ts';
import { openTab, pathOf, saved, seriousIn } from './page.ts';

const executablePath = pathOf('Chromium');

let browser: Browser;
let host: Host;

describe.skipIf(executablePath === undefined && !process.env.CI)('the benchmark page', () => {
  let link = '';

  beforeAll(async () => {
    host = await openHost();
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags() });
  });
  afterAll(async () => {
    await browser?.close();
    host?.close();
  });

  test('measures WebAssembly against JavaScript, with bars, numbers, the roof and a report', async () => {
    const { page, faults } = await openTab(browser, host.home, '#bench');
    await page.fill('#bench-only', 'matmulTN');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    const report = JSON.parse(await readFile(await saved(page, '#save-report'), 'utf8'));
    expect(report.format).toBe('descent-bench/1');
    expect(new Set(report.rows.map(({ variant }: { variant: string }) => variant))).toContain('reference');
    expect(await page.locator('tbody tr').count()).toBe(report.rows.length);
    expect(await page.locator('#figure-speedup rect[height="7.5"]').count()).toBeGreaterThan(2);
    expect(await page.textContent('#roof')).toMatch(/simd128: [\d.]+ GFLOP\/s/);
    expect(await page.textContent('#noise')).toMatch(report.noise.noisy ? /^Noisy/ : /^Steady/);
    await page.focus('.canvas');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('.reading')).toMatch(/Call matmulTN .* simd128 [\d.]+/);
    link = page.url();
    expect(link.length).toBeLessThan(8_000);
    expect(await seriousIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('measures a training step on real images', async () => {
    const { page, faults } = await openTab(browser, host.home, '#bench');
    await page.selectOption('#bench-suite', 'step');
    await page.fill('#bench-only', '784-100x4-10 SGD');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    const report = JSON.parse(await readFile(await saved(page, '#save-report'), 'utf8'));
    expect(report.rows[0]).toMatchObject({ network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist' });
    expect(await page.locator('#figure-step-time svg, #figure-speedup svg').count()).toBe(2);
    expect(faults).toEqual([]);
  });

  test('opens a link with its results, for reading only', async () => {
    const { page, faults } = await openTab(browser, host.home, new URL(link).hash);
    await page.waitForSelector('#figure-speedup svg');
    expect(await page.textContent('#status')).toMatch(/measured elsewhere/);
    expect(await page.textContent('tbody')).toContain('matmulTN 784×128×100');
    expect(await page.locator('#save-report').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test.each([
    [
      'a letter changed',
      () => link.replace(/(results=.{60})(.)/, (_, start, letter) => start + (letter === 'A' ? 'Q' : 'A')),
    ],
    ['markup', () => '#bench?digest=0&results=<img src=x onerror=alert(1)>'],
    ['no digest', () => link.replace(/digest=\w+&/, '')],
  ])('a link with %s shows why it cannot be opened, and nothing else', async (_, hash) => {
    const { page, faults } = await openTab(browser, host.home, hash().replace(/^.*#/, '#'));
    await page.waitForSelector('#status.fault');
    expect(await page.textContent('#status')).toMatch(/the link is damaged/);
    expect(await page.locator('figure, tbody, main img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
