// What the page shows before a run: the precomputed result, which the first run reproduces.
import { experiments } from '@descent/experiments';
import { expect, test } from 'vitest';
import { describePage, openTab, runToEnd, SHORT_RUN } from './page.ts';

const screens = [
  ['laptop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const;

describePage('a precomputed result', () => {
  test.each(screens)('is shown for every experiment without a click, on a %s', async (_, screen) => {
    const { page, errors } = await openTab('', screen);
    for (const { name } of experiments) {
      await page.evaluate(`location.hash = '${name}'`);
      await page.waitForSelector(`[data-preview=${name}] .drawing svg`, { timeout: 5_000 });
      expect(await page.locator('.precomputed .note').textContent(), name).toMatch(/^Precomputed result .* about \d/);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBeLessThanOrEqual(0);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test.each(['optimizer_compare_naive', 'weight_init_activation_histogram'])(
    'of %s is reproduced by the first run, bit for bit',
    async (name) => {
      const { page, errors } = await openTab(`#${name}`);
      await runToEnd(page);
      expect(await page.textContent('#seal.same')).toMatch(/precomputed/);
      expect(await page.locator('.precomputed').count()).toBe(0);
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );

  test('is not expected of a run with other settings', async () => {
    const { page } = await openTab(SHORT_RUN);
    await page.waitForSelector('.precomputed.other .drawing svg');
    await runToEnd(page);
    expect(await page.locator('#seal').count()).toBe(0);
    await page.context().close();
  });

  test('is never saved as a run', async () => {
    const { page } = await openTab('#optimizer_compare_naive');
    await page.waitForSelector('.precomputed .drawing svg');
    expect(await page.locator('.files, #save-record, #copy-link, .claims, #digest').count()).toBe(0);
    await page.context().close();
  });
});
