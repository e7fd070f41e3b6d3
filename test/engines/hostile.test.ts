// The page as `descent web` serves it, under its policy: it does all it does, and whatever is dropped on it or linked to, it says what is
// wrong with it or shows markup as text. Nothing of it runs, nothing leaves, and the page goes on.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags } from './engines.ts';
import { filesWith, hostileBenches, hostileImages, hostileLinks, hostileRecords, MARKUP } from './hostile.ts';
import { openTab, pathOf, runToEnd, saved } from './page.ts';

const executablePath = pathOf('Chromium');
const cli = fileURLToPath(new URL('../../packages/cli/bin/descent.js', import.meta.url));

let browser: Browser;
let home: string;

/** What somebody would do who has come in after all. */
const intrusions: readonly (readonly [name: string, code: string])[] = [
  [
    'a script in the page',
    `document.body.append(Object.assign(document.createElement('script'), { text: 'ran = 1' }))`,
  ],
  ['a handler in markup', `document.body.innerHTML += '<img src=x onerror="ran = 1">'`],
  ['text as code', `setTimeout('ran = 1')`],
  ['a script of another site', `import('http://127.0.0.1:1/x.js').catch(() => {})`],
  ['a request to another site', `fetch('http://127.0.0.1:1/').catch(() => {})`],
  ['a form', `document.body.append(Object.assign(document.createElement('form'), { id: 'f' })); f.submit()`],
  [
    'another base',
    `document.head.prepend(Object.assign(document.createElement('base'), { href: 'http://127.0.0.1:1/' }))`,
  ],
];

/** A tab that counts as a fault what the policy forbids, and whoever asks the reader anything. */
async function openWatchedTab(hash = '') {
  const tab = await openTab(browser, home, hash, { serviceWorkers: 'allow' });
  tab.page.on('dialog', (dialog) => {
    tab.faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return tab;
}

const isHere = executablePath !== undefined || Boolean(process.env.CI);

beforeAll(async () => {
  if (!isHere) return;
  const server = spawn(process.execPath, [cli, 'web', '--port', '0']);
  home = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text).trim())));
  browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags() });
  return async () => {
    await browser.close();
    server.kill();
  };
});

describe.skipIf(!isHere)('the page under its policy', () => {
  test('trains on MNIST, saves figures, measures and speaks Korean without a word from the browser', async () => {
    const settings = 'steps=10&trainSamples=300&testSamples=500&hiddenSizes=20';
    const { page, faults } = await openWatchedTab(`#optimizer_compare_mnist?${settings}`);
    await runToEnd(page);
    for (const button of await page.locator('.files button').all())
      await Promise.all([page.waitForEvent('download'), button.click()]);
    await saved(page, '#save-record');
    await page.click('#network > summary');
    await page.waitForSelector('#inside-digest');
    await page.goto(`${home}#bench`);
    await page.fill('#bench-only', 'matmulTN 784×128×10');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    await page.goto(`${home}#`);
    await page.selectOption('#language', 'ko');
    await page.waitForSelector('h1:text("실험")');
    expect(faults).toEqual([]);
  });

  test('forbids whatever an intruder would do', async () => {
    const { page, faults } = await openWatchedTab();
    for (const [name, code] of intrusions) {
      await page.evaluate(code);
      await expect.poll(() => faults.splice(0).join(), { message: name }).toMatch(/Content Security Policy/);
      expect(await page.evaluate('globalThis.ran'), name).toBeUndefined();
    }
    await page.setContent(`<iframe src="${home}"></iframe>`);
    await expect.poll(() => faults.join()).toMatch(/frame/i);
    expect(await page.frames()[1]?.content()).not.toContain('id="app"');
  });
});

describe.skipIf(!isHere)('what is hostile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'descent-hostile-'));
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    ({ page, faults } = await openWatchedTab());
    return () => rmSync(folder, { recursive: true });
  });

  // Whatever it was: it has left no element, no property and no message of the browser's.
  afterEach(async () => {
    expect(await page.locator('main img, main a[href^=javascript], script:not([src]), iframe, base').count()).toBe(0);
    expect(await page.evaluate('"polluted" in {}')).toBe(false);
    expect(faults.splice(0)).toEqual([]);
  });

  async function give(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const paths = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    });
    await page.setInputFiles('#files', paths);
  }

  const told = (selector: string) => expect.poll(() => page.textContent(selector), { timeout: 10_000 });

  test.each(hostileRecords)('a record: %s', async (_, make, says) => {
    await page.goto(`${home}#`);
    await give({ 'run.json': make() });
    if (says !== 'drawn') return told('footer [role=alert]').toMatch(says);
    await page.waitForSelector('.drawing svg');
    for (const summary of await page.locator('main summary').all()) await summary.click();
    expect(await page.textContent('footer [role=alert]')).toBe('');
  });

  test('a record that cannot be drawn, and the next one', async () => {
    const [, make] = hostileRecords.find(([name]) => name === 'no arm') as (typeof hostileRecords)[number];
    await page.goto(`${home}#optimizer_compare_naive`);
    await page.evaluate(`parse = DOMParser.prototype.parseFromString;
      DOMParser.prototype.parseFromString = () => { throw new Error('no'); };`);
    await give({ 'run.json': make() });
    await told('.stage [role=alert]').toBe('no');
    await page.evaluate('DOMParser.prototype.parseFromString = parse');
    await give({ 'run.json': make() });
    await page.waitForSelector('.drawing svg');
  });

  test('a record that is dropped', async () => {
    await page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(MARKUP)}], 'run.json'));
      dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    }`);
    await told('footer [role=alert]').toMatch(/expected JSON/);
  });

  test.each(hostileImages)('images: %s', async (_, change, says) => {
    await give(filesWith(change()));
    await told('footer [role=alert]').toMatch(says as RegExp);
    expect(await page.locator('footer .note').count()).toBe(0);
  });

  test.each(hostileLinks)('a link: %s', async (_, hash, says) => {
    await page.goto(`${home}${hash}`);
    if (says !== 'nothing') return told('main [role=alert]').toMatch(says);
    await told('h1').toBe('Experiments');
    expect(await page.locator('main [role=alert]').count()).toBe(0);
  });

  test.each(hostileBenches)('a benchmark in a link: %s', async (_, make, says) => {
    await page.goto(`${home}${await make()}`);
    await told('#status').toMatch(says === 'drawn' ? /measured elsewhere/ : says);
  });
});
