// Runs that grow on the page: arms in step, axes that stay, drawings in place, and playback.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRecord } from '@descent/experiments/records';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { descent, describePage, openTab, runToEnd, SHORT_RUN } from './page.ts';

const STEPS = 400;
const options = { steps: String(STEPS), trainSamples: '2000', testSamples: '200', hiddenSizes: '50' };
const race = `#optimizer_compare_mnist?${new URLSearchParams(options)}`;

interface Sample {
  /** The last drawn step of each arm. */
  readonly steps: readonly number[];
  readonly ticks: readonly string[];
  readonly legend: readonly string[];
}

/** Samples the figure of the training loss every 200 ms until the run ends. */
function sampleRun(page: Page, steps: number): Promise<Sample[]> {
  return page.evaluate(async (last) => {
    const samples = [];
    while (!document.querySelector('#digest')) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      // Before the run the figure is that of the precomputed result.
      if (document.querySelector('[data-preview]')) continue;
      const svg = document.querySelector('#figure-training-loss svg');
      const frame = svg?.querySelector('clipPath rect');
      if (!svg || !frame) continue;
      const [left, width] = [Number(frame.getAttribute('x')), Number(frame.getAttribute('width'))];
      const ends = [...svg.querySelectorAll('path[stroke-opacity="0.3"]')].map((path) => {
        const [, x] = /([\d.]+),-?[\d.]+Z?$/.exec(path.getAttribute('d') ?? '') ?? [0, left];
        return Math.round(((Number(x) - left) / width) * last);
      });
      const texts = [...svg.querySelectorAll('text')].map(({ textContent }) => textContent ?? '');
      const [ticks, legend] = [/^[\d.,]+$/, /^\d\. /].map((form) => texts.filter((text) => form.test(text)));
      samples.push({ steps: ends, ticks: ticks ?? [], legend: legend ?? [] });
    }
    return samples;
  }, steps);
}

describePage('a run on the page', () => {
  test('trains all arms in step, with still axes, a full legend and the bits of the command line', async () => {
    const { page, errors } = await openTab(race);
    await page.click('#run');
    const samples = (await sampleRun(page, STEPS)).filter(({ steps }) => steps.some((step) => step > 0));
    const leads = samples.map(({ steps }) => Math.max(...steps) - Math.min(...steps));
    expect(samples.length).toBeGreaterThan(2);
    expect(Math.max(...leads)).toBeLessThanOrEqual(Math.max(8, STEPS / 100));
    for (const { ticks, legend } of samples) {
      expect(ticks).toEqual(samples[0]?.ticks);
      expect(legend.map((text) => text.slice(3)).sort()).toEqual(['AdaGrad', 'Adam', 'Momentum', 'SGD']);
    }
    const folder = await mkdtemp(join(tmpdir(), 'descent-race-'));
    const flags = Object.entries(options).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value,
    ]);
    await descent('run', 'optimizer_compare_mnist', ...flags, '--quiet', '--out', folder);
    const { digest } = parseRecord(await readFile(join(folder, 'run.json'), 'utf8'));
    await rm(folder, { recursive: true });
    expect(await page.textContent('#digest')).toBe(digest);
    expect(errors).toEqual([]);
  });

  test('draws the figures of a search only near the screen, in place, without moving the page', async () => {
    const link = '#hyperparameter_optimization?trials=24&epochs=4&trainSamples=300&hiddenSizes=20';
    const { page, errors } = await openTab(link, { viewport: { width: 1280, height: 800 } });
    await page.evaluate(() => {
      const totals = { shift: 0, replaced: 0 };
      Object.assign(window, { totals });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) totals.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      new MutationObserver((changes) => {
        for (const { target, removedNodes } of changes)
          if ((target as Element).className === 'drawing') totals.replaced += removedNodes.length;
      }).observe(document.body, { childList: true, subtree: true });
    });
    await runToEnd(page);
    const [shift, replaced] = (await page.evaluate('[totals.shift, totals.replaced]')) as [number, number];
    expect(shift).toBeLessThan(0.02);
    expect(replaced).toBe(0);
    const tops = await page.locator('.drawing').evaluateAll((drawings) =>
      drawings.map((drawing) => ({
        top: drawing.getBoundingClientRect().top,
        height: drawing.getBoundingClientRect().height,
        isDrawn: drawing.childElementCount > 0,
      })),
    );
    const far = tops.filter(({ top, height }) => top > 2 * 800 && height > 0);
    expect(tops[0]?.isDrawn).toBe(true);
    expect(far.every(({ isDrawn }) => !isDrawn)).toBe(true);
    expect(errors).toEqual([]);
  });
});

describePage('playback', () => {
  test('plays the paths after a run, and pauses at a step', async () => {
    const { page, errors } = await openTab('#optimizer_compare_naive');
    await runToEnd(page);
    await expect.poll(() => page.inputValue('#scrub'), { timeout: 20_000 }).toBe('30');
    await page.selectOption('#speed', '0.25');
    await page.click('#play');
    const cursor = async () => Number(await page.getAttribute('#figure-race line[stroke="#59636e"]', 'x1'));
    const before = await cursor();
    await expect.poll(cursor, { timeout: 10_000 }).toBeGreaterThan(before);
    await page.click('#play');
    expect(Number(await page.inputValue('#scrub'))).toBeLessThan(30);
    await page.selectOption('#speed', '2');
    await page.click('#play');
    await expect.poll(() => page.getAttribute('#play', 'aria-label'), { timeout: 20_000 }).toBe('Play');
    expect(await page.inputValue('#scrub')).toBe('30');
    expect(errors).toEqual([]);
  });

  test('shows the end at once if the reader prefers reduced motion', async () => {
    const { page } = await openTab(SHORT_RUN, { reducedMotion: 'reduce' });
    await runToEnd(page);
    expect(await page.inputValue('#scrub')).toBe('12');
    await page.fill('#scrub', '3');
    await page.click('#play');
    expect(await page.inputValue('#scrub')).toBe('12');
  });

  test('moves the start by its ring, by mouse and arrow keys, on a map that stays', async () => {
    const { page, errors } = await openTab(SHORT_RUN, { reducedMotion: 'reduce' });
    await runToEnd(page);
    const ring = page.locator('#figure-race .start-ring');
    const box = (await ring.boundingBox()) as { x: number; y: number; width: number; height: number };
    expect([box.width, box.height]).toEqual([44, 44]);
    const ticks = () => page.locator('#figure-race svg text').allTextContents();
    const before = await ticks();
    await page.mouse.move(box.x + 22, box.y + 22);
    await page.mouse.down();
    await page.mouse.move(box.x + 82, box.y + 42, { steps: 4 });
    await expect.poll(() => page.inputValue('#option-startX')).not.toBe('-7');
    await page.waitForTimeout(300);
    expect(await ticks()).toEqual(before);
    await page.mouse.up();
    const x = Number(await page.inputValue('#option-startX'));
    await ring.focus();
    await page.keyboard.press('Shift+ArrowRight');
    expect(Number(await page.inputValue('#option-startX'))).toBeCloseTo(x + 1);
    expect(await ring.getAttribute('aria-valuetext')).toMatch(/^x .*, y /);
    expect(errors).toEqual([]);
  });
});
