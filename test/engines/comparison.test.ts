// Runs over several seeds, claims, and runs compared with each other, on the page.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatNumber, type RunRecord, type Verdict } from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { cli, describePage, download, findViolations, openTab, runToEnd, SHORT_RUN, save } from './page.ts';

const SMALL_MNIST = '#optimizer_compare_mnist?steps=30&trainSamples=300&testSamples=100&hiddenSizes=20';

/** Presses "Run 5 seeds" and returns the digests. */
async function runSeeds(page: Page): Promise<string[]> {
  await page.click('#run-seeds');
  await page.waitForSelector('#seed-digests li:nth-child(5)', { timeout: 100_000 });
  return page.locator('#seed-digests code').allTextContents();
}

/** Runs `descent run … --seeds 5 --json`. */
async function runInTerminal(hash: string): Promise<{ records: RunRecord[]; claims: Verdict[] }> {
  const [name = '', query = ''] = hash.slice(1).split('?');
  const options = [...new URLSearchParams(query)].flatMap(([key, value]) => [
    `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  const out = join(await mkdtemp(join(tmpdir(), 'descent-seeds-')), 'run');
  const args = [cli, 'run', name, ...options, '--seeds', '5', '--json', '--quiet', '--out', out];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e9 });
  return JSON.parse(stdout) as { records: RunRecord[]; claims: Verdict[] };
}

describePage('several seeds', () => {
  test.each([SMALL_MNIST, '#weight_init_activation_histogram?samples=50&inputs=20'])(
    'give the digests and verdicts of `descent run --seeds 5`: %s',
    async (hash) => {
      const { records, claims } = await runInTerminal(hash);
      const { page, errors } = await openTab(hash);
      expect(await runSeeds(page)).toEqual(records.map(({ digest }) => digest));
      const shown = page.locator('.claims li');
      await expect.poll(() => shown.count()).toBe(claims.length);
      for (const [i, { text, holds, evidence }] of claims.entries()) {
        const claim = shown.nth(i);
        expect(await claim.getAttribute('class')).toBe(holds ? 'holds' : 'fails');
        const content = (await claim.textContent()) as string;
        expect(content).toContain(text.en);
        expect(content).toContain(`in ${evidence.holdsIn} of 5 seeds`);
        for (const [name, low] of Object.entries(evidence).filter(([key]) => key.endsWith('Low'))) {
          const high = evidence[name.replace(/Low$/, 'High')] as number;
          expect(content).toContain(`95 % interval ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`);
        }
      }
      expect(await page.locator('#numbers ~ p').first().textContent()).toMatch(/Mean over 5 seeds/);
      expect(await page.textContent('figcaption')).toMatch(/Mean over 5 seeds/);
      expect(errors).toEqual([]);
    },
  );

  test('use a finished run of the first seed, and end when another run starts', async () => {
    const { page } = await openTab(SMALL_MNIST);
    const digest = await runToEnd(page);
    expect((await runSeeds(page))[0]).toBe(digest);
    expect(page.url()).toContain(digest);
    await page.fill('#option-steps', '20');
    await page.click('#run');
    await page.waitForSelector('#digest');
    expect(await page.locator('#seed-digests').count()).toBe(0);
  });
});

describePage('a claim', () => {
  test('has no verdict after one run, and marks what it averaged', async () => {
    const { page } = await openTab(SMALL_MNIST);
    await runToEnd(page);
    await page.waitForSelector('.claims li');
    expect(await page.locator('.claims :is(.holds, .fails)').count()).toBe(0);
    expect(await page.locator('.claims .verdict').allTextContents()).toEqual(Array(3).fill('In this run'));
    expect(await page.locator('.effect-bar rect').count()).toBe(6);
    expect(await page.locator('.drawing .mark').count()).toBe(0);
    await page.click('.claims button[aria-pressed]');
    await page.waitForSelector('.drawing .mark');
    // The mean over the run, and over its last twentieth, of both optimizers.
    expect(await page.locator('.drawing .mark').count()).toBe(2);
    expect(await page.locator('.drawing .mark line').count()).toBe(4);
    expect(await findViolations(page)).toEqual([]);
  });
});

describePage('an earlier run', () => {
  async function runTwice() {
    const { page, errors } = await openTab(SMALL_MNIST);
    const first = await runToEnd(page);
    await page.fill('#option-steps', '40');
    await page.click('#run');
    await expect.poll(() => page.textContent('#digest')).not.toBe(first);
    await page.waitForSelector('.earlier li');
    return { page, errors, first };
  }

  test('stays behind the figure, with what changed, also in files', async () => {
    const { page, errors } = await runTwice();
    expect(await page.textContent('.earlier span')).toBe('steps 30 → 40');
    expect(await page.locator('.drawing [stroke-dasharray]').count()).toBe(4);
    const file = await download(page, () => page.click('.files button:text("CSV")'));
    expect(await readFile(file.path, 'utf8')).toContain('Adam (steps 30 → 40),ghost');
    await page.click('.earlier .pin');
    expect(await page.getAttribute('.earlier .pin', 'aria-pressed')).toBe('true');
    expect(await findViolations(page)).toEqual([]);
    await page.click('.earlier button:text("Remove")');
    // Figures off screen are not drawn.
    await page.evaluate('scrollTo(0, 0)');
    await expect.poll(() => page.locator('.drawing [stroke-dasharray]').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('is shown again on request, and after the reader left the experiment', async () => {
    const { page, first } = await runTwice();
    const second = await page.textContent('#digest');
    await page.goto(`${inject('home')}#experiments`);
    await page.waitForSelector('#digest', { state: 'detached' });
    await page.goto(`${inject('home')}#optimizer_compare_mnist`);
    expect(await page.textContent('#digest')).toBe(second);
    expect(await page.inputValue('#option-steps')).toBe('40');
    await page.click('.earlier button:text("Show")');
    await expect.poll(() => page.textContent('#digest')).toBe(first);
    expect(await page.inputValue('#option-steps')).toBe('30');
  });

  test('can be a record from a file', async () => {
    const { page } = await openTab(SHORT_RUN);
    await runToEnd(page);
    const text = await readFile(await save(page, '#save-record'), 'utf8');
    expect(parseRecord(text).options.steps).toBe(12);
    const other = await openTab('#optimizer_compare_naive?steps=14');
    await runToEnd(other.page);
    const buffer = Buffer.from(text);
    await other.page.setInputFiles('#files', { name: 'run.json', mimeType: 'application/json', buffer });
    await other.page.waitForSelector('.earlier li');
    expect(await other.page.textContent('.earlier span')).toBe('steps 14 → 12');
  });
});

describePage('a figure', () => {
  test('has a logarithmic loss axis on request', async () => {
    const { page } = await openTab(SMALL_MNIST);
    await runToEnd(page);
    // A logarithmic axis does not have 0, but the axis of steps does.
    const zeros = () => page.locator('.drawing text:text-is("0")').count();
    expect(await zeros()).toBe(2);
    await page.click('#log-scale');
    await expect.poll(zeros).toBe(1);
    await page.reload();
    await page.waitForSelector('h1');
    await runToEnd(page);
    await expect.poll(zeros).toBe(1);
  });

  test('over epochs has a slider that counts epochs', async () => {
    const { page } = await openTab('#overfit_weight_decay?epochs=3&trainSamples=300&testSamples=100&hiddenSizes=20');
    await runToEnd(page);
    expect(await page.getAttribute('#scrub', 'max')).toBe('3');
    await page.fill('#scrub', '1');
    expect(await page.textContent('output[for="scrub"]')).toBe('epoch 1');
    await page.click('.numbers summary');
    await page.waitForSelector('.numbers tbody');
    // Epochs 0 and 1.
    expect(await page.locator('.numbers tbody').first().locator('tr').count()).toBe(2);
  });

  test('of a search is closed behind its finding, except slice and contour', async () => {
    const { page } = await openTab(
      '#hyperparameter_optimization?trials=4&epochs=2&trainSamples=200&testSamples=100&hiddenSizes=10',
    );
    await runToEnd(page);
    const ids = () => page.locator('.stage figure').evaluateAll((all) => all.map(({ id }) => id));
    expect(await ids()).toEqual(['figure-slice', 'figure-contour']);
    expect(await page.locator('.finding').count()).toBe(5);
    expect(await page.locator('.finding summary').nth(3).textContent()).toMatch(/^History .*number \d of 4/);
    await page.locator('.finding summary').first().click();
    await expect.poll(ids).toContain('figure-best-trials');
  });
});
