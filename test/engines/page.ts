// The page as a reader drives it, in Chromium; and what went wrong in it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Experiment } from '@descent/experiments';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';

const cli = fileURLToPath(new URL('../../packages/cli/bin/descent.js', import.meta.url));

/** Values that make an experiment short, as far as it has such options. */
const small: Readonly<Record<string, string>> = {
  steps: '12',
  epochs: '2',
  trials: '3',
  samples: '50',
  trainSamples: '300',
  testSamples: '500',
  scales: '2',
};

/** The settings that make an experiment short, as a link has them. */
export function smallSettings({ options }: Experiment): URLSearchParams {
  return new URLSearchParams(Object.entries(small).filter(([name]) => Object.hasOwn(options, name)));
}

export interface Tab {
  readonly page: Page;
  /** Errors, and requests that leave the page's own folder. */
  readonly faults: string[];
}

/** A tab of its own, with storage of its own. */
export async function openTab(browser: Browser, home: string, hash = '', look?: BrowserContextOptions): Promise<Tab> {
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en-US', ...look });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith('blob:')) faults.push(request.url());
  });
  await page.goto(`${home}${hash}`);
  await page.waitForSelector('h1');
  return { page, faults };
}

/** Runs what the form asks for, to its end. */
export async function runToEnd(page: Page): Promise<string> {
  await page.click('#run');
  await page.waitForSelector('#digest, #status.fault', { timeout: 100_000 });
  const fault = page.locator('#status.fault');
  if ((await fault.count()) > 0) throw new Error((await fault.textContent()) ?? '');
  return (await page.textContent('#digest')) as string;
}

/** Saves what a button offers; gives its path. */
export async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return download.path();
}

/** `descent …`; gives its exit code. */
export async function descent(...args: string[]): Promise<number> {
  try {
    await promisify(execFile)(process.execPath, [cli, ...args]);
    return 0;
  } catch (error) {
    return (error as { code?: number }).code ?? 1;
  }
}

/** What axe finds serious or worse. */
export async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Where a browser is on this machine. */
export function pathOf(browserName: string): string | undefined {
  const engine = inject('engines').find(({ name }) => name === browserName);
  return engine && 'executable' in engine ? engine.executable : undefined;
}
