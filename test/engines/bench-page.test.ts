// The benchmark page in Chromium.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describePage, findViolations, openTab, save } from './page.ts';

describePage('the benchmark page', () => {
  async function measure(suite: string, only: string) {
    const { page, errors } = await openTab('#bench');
    await page.selectOption('#bench-suite', suite);
    await page.fill('#bench-only', only);
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    const report = JSON.parse(await readFile(await save(page, '#save-report'), 'utf8'));
    return { page, errors, report };
  }

  test('measures kernels: figures, tables and a report', async () => {
    const { page, errors, report } = await measure('kernels', 'matmulTN');
    expect(report.format).toBe('descent-bench/1');
    const variants = Object.keys(report.roof);
    expect(variants).toContain('reference');
    expect(report.roof.simd128.gflops).toBeGreaterThan(0);
    expect(report.rows.length % variants.length).toBe(0);
    expect(await page.locator('tbody tr').count()).toBe(variants.length + report.rows.length / variants.length);
    expect(await page.locator('#figure-speedup rect[height="7.5"]').count()).toBeGreaterThan(2);
    expect(await page.textContent('#noise')).toMatch(report.noise.noisy ? /^Noisy/ : /^Stable/);
    await page.focus('.canvas');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('.reading')).toMatch(/Call matmulTN .* simd128 [\d.]+/);
    expect(await findViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('measures a training step on real images', async () => {
    const { page, errors, report } = await measure('step', '784-100x4-10 SGD');
    expect(report.rows[0]).toMatchObject({ network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist' });
    expect(await page.locator('#figure-step-time svg, #figure-speedup svg').count()).toBe(2);
    expect(errors).toEqual([]);
  });

  test('reports a filter that matches nothing', async () => {
    const { page } = await openTab('#bench');
    await page.fill('#bench-only', 'nothing');
    await page.click('#measure');
    await page.waitForSelector('#status.error');
    expect(await page.textContent('#status')).toMatch(/No name contains this filter/);
  });
});
