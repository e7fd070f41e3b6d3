// The benchmark page in Chromium: it measures, draws, hands over its report, and opens what a link carries and nothing else.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describePage, findViolations, openTab, save } from './page.ts';

describePage('the benchmark page', () => {
  let link = '';

  test('measures WebAssembly against JavaScript, with bars, numbers, the roof and a report', async () => {
    const { page, errors } = await openTab('#bench');
    await page.fill('#bench-only', 'matmulTN');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    const report = JSON.parse(await readFile(await save(page, '#save-report'), 'utf8'));
    expect(report.format).toBe('descent-bench/1');
    expect(new Set(report.rows.map(({ variant }: { variant: string }) => variant))).toContain('reference');
    expect(await page.locator('tbody tr').count()).toBe(report.rows.length);
    expect(await page.locator('#figure-speedup rect[height="7.5"]').count()).toBeGreaterThan(2);
    expect(await page.textContent('#roof')).toMatch(/simd128: [\d.]+ GFLOP\/s/);
    expect(await page.textContent('#noise')).toMatch(report.noise.noisy ? /^Noisy/ : /^Stable/);
    await page.focus('.canvas');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('.reading')).toMatch(/Call matmulTN .* simd128 [\d.]+/);
    link = page.url();
    expect(link.length).toBeLessThan(8_000);
    expect(await findViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('measures a training step on real images', async () => {
    const { page, errors } = await openTab('#bench');
    await page.selectOption('#bench-suite', 'step');
    await page.fill('#bench-only', '784-100x4-10 SGD');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    const report = JSON.parse(await readFile(await save(page, '#save-report'), 'utf8'));
    expect(report.rows[0]).toMatchObject({ network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist' });
    expect(await page.locator('#figure-step-time svg, #figure-speedup svg').count()).toBe(2);
    expect(errors).toEqual([]);
  });

  test('opens a link with its results, for reading only', async () => {
    const { page, errors } = await openTab(new URL(link).hash);
    await page.waitForSelector('#figure-speedup svg');
    expect(await page.textContent('#status')).toMatch(/measured elsewhere/);
    expect(await page.textContent('tbody')).toContain('matmulTN 784×128×100');
    expect(await page.locator('#save-report').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test.each([
    [
      'a letter changed',
      () => link.replace(/(results=.{60})(.)/, (_, start, letter) => start + (letter === 'A' ? 'Q' : 'A')),
    ],
    ['markup', () => '#bench?digest=0&results=<img src=x onerror=alert(1)>'],
    ['no digest', () => link.replace(/digest=\w+&/, '')],
  ])('a link with %s shows why it cannot be opened, and nothing else', async (_, hash) => {
    const { page, errors } = await openTab(hash().replace(/^.*#/, '#'));
    await page.waitForSelector('#status.error');
    expect(await page.textContent('#status')).toMatch(/the link is damaged/);
    expect(await page.locator('figure, tbody, main img').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
