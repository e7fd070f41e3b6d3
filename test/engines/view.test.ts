// Ways to show an experiment: presented on a projector, embedded in another page, with few controls.
import { experiments } from '@descent/experiments';
import { expect, test } from 'vitest';
import { describePage, findViolations, openTab } from './page.ts';

const SMALLEST_TEXT = `Math.min(...[...document.querySelectorAll('.present :is(h1, p, text)')].map((element) => {
  const svg = element.ownerSVGElement;
  const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  return parseFloat(getComputedStyle(element).fontSize) * scale;
}))`;
const projector = { viewport: { width: 1920, height: 1080 } };

describePage('a presented experiment', () => {
  test('fills the screen with one figure and texts of at least 24 pixels', async () => {
    const { page, errors } = await openTab('#optimizer_compare_naive?present', {
      ...projector,
      reducedMotion: 'reduce',
    });
    for (const { name } of experiments) {
      await page.evaluate(`location.hash = '${name}?present'`);
      await page.waitForSelector('.fitted svg');
      expect(await page.evaluate(SMALLEST_TEXT), name).toBeGreaterThanOrEqual(24);
      expect(await page.locator('.fitted svg').count()).toBe(1);
      const { scrollHeight, scrollWidth } = await page.evaluate<{ scrollHeight: number; scrollWidth: number }>(
        '(({ scrollHeight, scrollWidth }) => ({ scrollHeight, scrollWidth }))(document.querySelector(".present"))',
      );
      expect([scrollWidth <= 1920, scrollHeight <= 1080], name).toEqual([true, true]);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('runs with Space, steps with arrows, and goes to the next with N', async () => {
    const { page, errors } = await openTab('#optimizer_compare_naive?present', {
      ...projector,
      reducedMotion: 'reduce',
    });
    await page.waitForSelector('.fitted svg');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.textContent('.status')).toContain('step 1');
    await page.keyboard.press('Space');
    await page.waitForSelector('#seal.same');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.textContent('.status')).toContain('step 29');
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('n');
    await page.waitForSelector('.present h1:text("Four optimizers on MNIST")');
    expect(page.url()).toContain('#optimizer_compare_mnist?present');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#run');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describePage('an embedded experiment', () => {
  test('has a figure, a run, the chosen controls, and a link to the whole page', async () => {
    const { page, errors } = await openTab('#optimizer_compare_naive?steps=12&embed&show=steps');
    expect(await page.locator('header, footer, .lesson').count()).toBe(0);
    expect(await page.locator('[id^=option-]').count()).toBe(1);
    await page.fill('#option-steps', '15');
    await page.click('#run');
    await page.waitForSelector('.stage:not(.stale) #scrub[max="15"]');
    expect(page.url()).toMatch(/steps=15.*embed=&show=steps/);
    const link = page.getByRole('link', { name: 'Open in Descent' });
    expect(await link.getAttribute('href')).toBe('#optimizer_compare_naive?steps=15&seed=1');
    expect(await findViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
