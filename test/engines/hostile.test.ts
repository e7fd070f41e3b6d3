// The page as `descent web` serves it, under its Content Security Policy. Malicious files and links give an error or are shown as
// text; nothing in them runs, nothing is sent elsewhere, and the page continues to work.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { filesWith, hostileImages, hostileLinks, hostileRecords, MARKUP } from './hostile.ts';
import { cli, describePage, openTab, runToEnd, save } from './page.ts';

let home: string;

/** What injected code could try. */
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

/** Opens a tab in which a violation of the policy and a dialog are errors. */
async function openMonitoredTab(hash = '') {
  const tab = await openTab(hash, { serviceWorkers: 'allow' }, home);
  tab.page.on('dialog', (dialog) => {
    tab.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return tab;
}

beforeAll(async () => {
  const server = spawn(process.execPath, [cli, 'web', '--port', '0']);
  home = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text).trim())));
  return () => {
    server.kill();
  };
});

describePage('the page under its policy', () => {
  test('training, saving, measuring and changing the language violate no rule', async () => {
    const settings = 'steps=10&trainSamples=300&testSamples=500&hiddenSizes=20';
    const { page, errors } = await openMonitoredTab(`#optimizer_compare_mnist?${settings}`);
    await runToEnd(page);
    for (const button of await page.locator('.files button').all())
      await Promise.all([page.waitForEvent('download'), button.click()]);
    await save(page, '#save-record');
    await page.click('#network > summary');
    await page.waitForSelector('#inside-digest');
    await page.goto(`${home}#bench`);
    await page.fill('#bench-only', 'matmulTN 784×128×10');
    await page.click('#measure');
    await page.waitForSelector('#save-report', { timeout: 60_000 });
    await page.goto(`${home}#`);
    await page.selectOption('#language', 'ko');
    await page.waitForSelector('html[lang=ko]');
    expect(errors).toEqual([]);
  });

  test('blocks injected code', async () => {
    const { page, errors } = await openMonitoredTab();
    for (const [name, code] of intrusions) {
      await page.evaluate(code);
      await expect.poll(() => errors.splice(0).join(), { message: name }).toMatch(/Content Security Policy/);
      expect(await page.evaluate('globalThis.ran'), name).toBeUndefined();
    }
    await page.setContent(`<iframe src="${home}"></iframe>`);
    await expect.poll(() => errors.join()).toMatch(/frame/i);
    expect(await page.frames()[1]?.content()).not.toContain('id="app"');
  });
});

describePage('malicious input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'descent-hostile-'));
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    ({ page, errors } = await openMonitoredTab());
    return () => rmSync(folder, { recursive: true });
  });

  // No input may leave an element, a property or a message of the browser.
  afterEach(async () => {
    expect(await page.locator('main img, main a[href^=javascript], script:not([src]), iframe, base').count()).toBe(0);
    expect(await page.evaluate('"polluted" in {}')).toBe(false);
    expect(errors.splice(0)).toEqual([]);
  });

  async function openFiles(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const paths = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    });
    await page.setInputFiles('#files', paths);
  }

  const expectText = (selector: string) => expect.poll(() => page.textContent(selector), { timeout: 10_000 });

  test.each(hostileRecords)('a record: %s', async (_, make, says) => {
    await page.goto(`${home}#`);
    await openFiles({ 'run.json': make() });
    if (says !== 'drawn') return expectText('#file-error').toMatch(says);
    await page.waitForSelector('.drawing svg');
    await page.locator('main details').evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '');
    });
    expect(await page.textContent('#file-error')).toBe('');
  });

  test('a record that cannot be drawn, and the next one', async () => {
    const [, make] = hostileRecords.find(([name]) => name === 'no arm') as (typeof hostileRecords)[number];
    await page.goto(`${home}#optimizer_compare_naive`);
    await page.evaluate(`parse = DOMParser.prototype.parseFromString;
      DOMParser.prototype.parseFromString = () => { throw new Error('no'); };`);
    await openFiles({ 'run.json': make() });
    await expectText('.stage [role=alert]').toBe('no');
    await page.evaluate('DOMParser.prototype.parseFromString = parse');
    await openFiles({ 'run.json': make() });
    await page.waitForSelector('.drawing svg');
  });

  test('a record that is dropped', async () => {
    await page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(MARKUP)}], 'run.json'));
      dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    }`);
    await expectText('#file-error').toMatch(/expected JSON/);
  });

  test.each(hostileImages)('images: %s', async (_, change, says) => {
    await openFiles(filesWith(change()));
    await expectText('#file-error').toMatch(says as RegExp);
    expect(await page.locator('footer .note').count()).toBe(0);
  });

  test.each(hostileLinks)('a link: %s', async (_, hash, says) => {
    await page.goto(`${home}${hash}`);
    await expectText('main [role=alert]').toMatch(says);
  });
});
