// The home page: pictures of all experiments on one screen, in the language and the colors of the page.
import { experiments } from '@descent/experiments';
import { expect, test } from 'vitest';
import { describePage, findViolations, openTab } from './page.ts';

const IN_VIEW = `[...document.querySelectorAll('.cards li')].filter((card) => {
  const { bottom } = card.getBoundingClientRect();
  return bottom <= innerHeight && card.querySelector('.picture path') && card.querySelector('.badge');
}).length`;

describePage('the home page', () => {
  test('shows a picture, a section and a time for at least nine experiments at 1280 × 800', async () => {
    const { page, errors } = await openTab('', { viewport: { width: 1280, height: 800 } });
    expect(await page.evaluate(IN_VIEW)).toBeGreaterThanOrEqual(9);
    const facts = await page.locator('.facts').allTextContents();
    expect(facts.map((each) => each.replace(/(instant|about \d+ s)$/, ''))).toEqual(
      experiments.map(({ section }) => (section ? `Book ${section}` : 'Beyond the book')),
    );
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('opens an experiment by a click anywhere on its card', async () => {
    const { page } = await openTab();
    await page
      .locator('.cards li')
      .nth(1)
      .click({ position: { x: 20, y: 60 } });
    await page.waitForSelector('[data-preview=optimizer_compare_mnist] .drawing svg');
    await page.context().close();
  });

  test.each(['reduce', 'no-preference'] as const)(
    'moves its picture only with prefers-reduced-motion: %s',
    async (reducedMotion) => {
      const { page } = await openTab('', { reducedMotion });
      const readStart = () => page.locator('.valley polyline').first().getAttribute('points');
      const before = await readStart();
      await page.waitForTimeout(300);
      expect((await readStart()) === before).toBe(reducedMotion === 'reduce');
      await page.context().close();
    },
  );

  test('draws pictures in the colors of the page', async () => {
    const { page } = await openTab('', { colorScheme: 'light' });
    const readColor = () =>
      page.evaluate(`getComputedStyle(document.querySelector('.picture path:nth-child(2)')).stroke`);
    const light = await readColor();
    await page.selectOption('#colors', 'dark');
    expect(await readColor()).not.toBe(light);
    await page.context().close();
  });

  test.each([
    ['laptop', { viewport: { width: 1280, height: 800 } }],
    ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ] as const)('fits on a %s, without a violation of axe', async (_, screen) => {
    const { page } = await openTab('', { ...screen, locale: 'ko-KR' });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });
});
