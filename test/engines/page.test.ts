// The page on a static host in a sub-path: every experiment gives the bits of the command line, without other requests.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experiments } from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import puppeteer from 'puppeteer-core';
import { expect, inject, test } from 'vitest';
import type { InstalledEngine } from './engines.ts';
import {
  descent,
  describePage,
  download,
  findViolations,
  openSettings,
  openTab,
  runToEnd,
  SHORT_RUN,
  save,
  shortSettings,
} from './page.ts';

describePage('the page in Chromium', () => {
  test('lists every experiment with its question', async () => {
    const { page, errors } = await openTab();
    const text = await page.textContent('main');
    for (const { title, question } of experiments) expect(text).toContain(title.en + question.en);
    expect(errors).toEqual([]);
  });

  test.each(experiments.map((experiment) => [experiment.name, experiment] as const))(
    'runs %s, and `descent verify` finds the same bits',
    async (name, experiment) => {
      const { page, errors } = await openTab(`#${name}?${shortSettings(experiment)}`);
      const digest = await runToEnd(page);
      const file = await save(page, '#save-record');
      const record = parseRecord(await readFile(file, 'utf8'));
      expect(record.digest).toBe(digest);
      expect(page.url()).toContain(`digest=${digest}`);
      const figures = experiment.figures(record).length + (experiment.race ? 1 : 0);
      expect(await page.locator('.drawing, details.finding').count()).toBe(figures);
      await expect.poll(() => page.locator('.claims li').count()).toBe(record.claims.length);
      expect(await descent('verify', file)).toBe(0);
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );

  // The command line tries every option: packages/cli/test/sweep.test.ts.
  test.each([
    'optimizer_compare_mnist?steps=3&batchSize=4096&testSamples=100',
    'optimizer_compare_mnist?steps=3&hiddenSizes=1x32&testSamples=100',
    'hyperparameter_optimization?trials=1&epochs=1&hiddenSizes=1024x3',
  ])('gives the bits of the command line with options at their maximum: %s', async (link) => {
    const { page, errors } = await openTab(`#${link}`);
    await runToEnd(page);
    expect(await descent('verify', await save(page, '#save-record'))).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('opens a link with its settings and confirms the same bits', async () => {
    const first = await openTab(`${SHORT_RUN}&adamLr=0.4&seed=7`);
    await runToEnd(first.page);
    const link = first.page.url();
    const second = await openTab(new URL(link).hash);
    expect(await second.page.inputValue('#option-adamLr')).toBe('0.4');
    await runToEnd(second.page);
    expect(second.page.url()).toContain('seed=7');
    expect(await second.page.getAttribute('#seal', 'class')).toContain('same');
    const third = await openTab(`${SHORT_RUN}&digest=${'0'.repeat(64)}`);
    await runToEnd(third.page);
    expect(await third.page.getAttribute('#seal', 'class')).toContain('differs');
  });

  test('draws a record from a file, verifies it, and names the first step that differs', async () => {
    const { page } = await openTab(SHORT_RUN);
    await runToEnd(page);
    const file = await save(page, '#save-record');
    const text = await readFile(file, 'utf8');
    const record = parseRecord(text);
    await page.goto(`${inject('home')}#experiments`);
    // Records of older versions lack options, which then have their defaults.
    const older = Buffer.from(text.replace(/"dialect": "modern",/, ''));
    await page.setInputFiles('#files', { name: 'run.json', mimeType: 'application/json', buffer: older });
    await page.waitForSelector('.drawing svg');
    await page.click('#run');
    await page.waitForSelector('#seal.same');
    const loss = record.arms[1]?.series.loss as { value: number[] };
    loss.value[5] = 42;
    const buffer = Buffer.from(JSON.stringify(record));
    await page.setInputFiles('#files', { name: 'run.json', mimeType: 'application/json', buffer });
    await page.waitForSelector('#seal', { state: 'detached' });
    await page.click('#run');
    await page.waitForSelector('#seal.differs');
    expect(await page.textContent('#seal')).toMatch(/Momentum, loss, step 5/);
  });

  test('shows what is wrong with a file, as text', async () => {
    const { page } = await openTab();
    const buffer = Buffer.from('{"format":"<img src=x onerror=alert(1)>"}');
    await page.setInputFiles('#files', { name: '<b>run</b>.json', mimeType: 'application/json', buffer });
    await page.waitForSelector('#file-error:not(:empty)');
    expect(await page.textContent('#file-error')).toMatch(/expected format/);
    expect(await page.locator('#file-error img, #file-error b').count()).toBe(0);
  });

  test('shows the range of an invalid value and does not start', async () => {
    const { page } = await openTab(SHORT_RUN);
    await openSettings(page);
    await page.fill('#option-steps', '-3');
    await page.click('#group-training > summary');
    await page.click('#run');
    expect(await page.textContent('#error-steps')).toMatch(/whole number from 1 to/);
    expect(await page.getAttribute('#option-steps', 'aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.id')).toBe('option-steps');
    expect(await page.isVisible('#option-steps')).toBe(true);
    expect(await page.isDisabled('#stop')).toBe(true);
  });

  test('gives the same bits after pause, step and resume', async () => {
    const hash = '#optimizer_compare_mnist?steps=60&trainSamples=300&testSamples=500&hiddenSizes=50';
    const { page, errors, requests } = await openTab(hash);
    await page.click('#step');
    await page.waitForSelector('#resume:enabled');
    await page.click('#step');
    await page.waitForSelector('#scrub[max="2"]');
    await page.click('#resume');
    await page.waitForSelector('#digest');
    const stepped = await page.textContent('#digest');
    await page.click('#clear');
    expect(await runToEnd(page)).toBe(stepped);
    expect(requests.filter((file) => file.includes('train-images'))).not.toContain('data/train-images-idx3-ubyte-2.gz');
    expect(errors).toEqual([]);
  });

  test('saves a figure as SVG, PNG, CSV and JSON', async () => {
    const { page } = await openTab(SHORT_RUN);
    await runToEnd(page);
    const files = page.locator('.files button');
    const contents = new Map<string, Buffer>();
    for (const button of await files.all()) {
      const { path, name } = await download(page, () => button.click());
      contents.set(name.split('.').at(-1) as string, await readFile(path));
    }
    expect(contents.get('svg')?.toString()).toMatch(/^<svg [\s\S]*SGD/);
    expect(contents.get('png')?.subarray(1, 4).toString()).toBe('PNG');
    expect(contents.get('csv')?.toString().split('\r\n')[1]).toMatch(/^SGD,SGD,smooth,-7,2$/);
    expect(JSON.parse(String(contents.get('json')))).toHaveProperty('panels');
  });

  test('shows values by pointer and by keyboard, and the run at an earlier step', async () => {
    const { page } = await openTab(SHORT_RUN);
    await runToEnd(page);
    await page.click('#play');
    const maps = page.locator('#figure-paths .canvas');
    await maps.hover({ position: { x: 150, y: 120 } });
    await expect.poll(() => page.textContent('#figure-paths .reading')).toMatch(/SGD · step \d+/);
    await page.mouse.move(0, 0);
    await maps.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await page.textContent('#figure-paths .reading')).toMatch(/Momentum · step 1/);
    await page.fill('#scrub', '3');
    await page.click('#figure-paths .numbers summary');
    await page.waitForSelector('.numbers table');
    expect(await page.locator('.numbers table').first().locator('tbody tr').count()).toBe(4);
  });

  test('shows what to watch for, and the formulas of the theory', async () => {
    const { page } = await openTab(SHORT_RUN, { locale: 'ja-JP' });
    expect(await page.textContent('.lesson h2')).toBe('注目するところ');
    expect(await page.locator('.formula math mfrac').count()).toBeGreaterThan(0);
  });

  test('runs again when the start is dragged, and applies a preset', async () => {
    const { page, errors } = await openTab(SHORT_RUN);
    const before = await runToEnd(page);
    const map = await page.locator('.drawing').first().boundingBox();
    await page.mouse.move((map?.x ?? 0) + 150, (map?.y ?? 0) + 120);
    await page.mouse.down();
    await page.mouse.move((map?.x ?? 0) + 200, (map?.y ?? 0) + 130, { steps: 5 });
    await page.mouse.up();
    expect(await page.inputValue('#option-startX')).not.toBe('-7');
    await expect.poll(() => page.textContent('#digest')).not.toBe(before);
    await page.check('#option-preset-saddle');
    expect(await page.textContent('h1')).toBe('Four optimizers at a saddle point');
    expect(await page.textContent('.question')).toContain('y⁴/4');
    expect(await page.title()).toContain('saddle');
    expect(await page.inputValue('#option-startX')).toBe('-1.5');
    await expect.poll(() => page.textContent('#figure-paths figcaption')).toContain('y⁴/4');
    expect(errors).toEqual([]);
  });

  test.each([
    ['ko-KR', /신경망/],
    ['ja-JP', /ニューラルネットワーク/],
  ])('uses the language %s of the browser', async (locale, heading) => {
    const { page } = await openTab('', { locale });
    expect(await page.textContent('h1')).toMatch(heading);
    await page.goto(`${inject('home')}${SHORT_RUN}`);
    await runToEnd(page);
    const [claim] = parseRecord(await readFile(await save(page, '#save-record'), 'utf8')).claims;
    expect(new Set(Object.values(claim?.text ?? {})).size).toBe(3);
    await page.goto(`${inject('home')}#experiments`);
    await page.selectOption('#language', 'en');
    await page.waitForSelector('h1:text("Watch neural networks learn")');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  });

  test('opens offline after the first visit', async () => {
    const { page } = await openTab(SHORT_RUN, { serviceWorkers: 'allow' });
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload();
    await page.context().setOffline(true);
    await page.reload();
    expect(await runToEnd(page)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(['light', 'dark'] as const)('has no serious axe violation in %s', async (colorScheme) => {
    const { page } = await openTab('', { colorScheme });
    expect(await findViolations(page)).toEqual([]);
    await page.goto(`${inject('home')}${SHORT_RUN}`);
    await runToEnd(page);
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    await page.waitForSelector('.numbers table');
    expect(await findViolations(page)).toEqual([]);
  });
});

const firefox = inject('engines').find(({ name }) => name === 'Firefox');

test.skipIf(firefox && 'install' in firefox && !process.env.CI)(
  'gives the bits of the command line in Firefox',
  async () => {
    const { executable } = firefox as InstalledEngine;
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: executable,
      protocolTimeout: 100_000,
    });
    const folder = await mkdtemp(join(tmpdir(), 'descent-firefox-'));
    try {
      const page = await browser.newPage();
      await page.goto(`${inject('home')}${SHORT_RUN}`);
      await (await page.waitForSelector('#run'))?.click();
      const digest = await (await page.waitForSelector('#digest'))?.evaluate((code) => code.textContent);
      await descent('run', 'optimizer_compare_naive', '--steps', '12', '--quiet', '--out', folder);
      expect(digest).toBe(parseRecord(await readFile(join(folder, 'run.json'), 'utf8')).digest);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
);
