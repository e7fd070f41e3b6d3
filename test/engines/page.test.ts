// The page as a static host serves it from a sub-path: it runs an experiment to the same bits and asks nobody else for anything.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  assembleRecord,
  experiments,
  loadDevice,
  noData,
  parseOptions,
  type RunRecord,
  Training,
} from '@descent/experiments';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromiumFlags } from './engines.ts';

const engine = inject('engines').find(({ name }) => name === 'Chromium');
const executablePath = engine && 'executable' in engine ? engine.executable : undefined;
const dist = fileURLToPath(new URL('../../packages/web/dist/', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

let server: Server;
let browser: Browser;
let home: string;

// In CI a browser that is missing is a fault.
describe.skipIf(executablePath === undefined && !process.env.CI)('the page in Chromium', () => {
  beforeAll(async () => {
    server = createServer(async ({ url = '' }, response) => {
      const file = /^\/some\/where\/([\w./-]*)$/.exec(url)?.[1];
      const name = file === '' ? 'index.html' : file;
      const body = name === undefined ? undefined : await readFile(join(dist, name)).catch(() => undefined);
      response.writeHead(body ? 200 : 404, {
        'content-type': types[extname(name ?? '')] ?? 'application/octet-stream',
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where/`;
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags() });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  for (const { name, data } of experiments) {
    test(`runs ${name} to the bits of Node`, async () => {
      const { page, faults } = await open();
      const steps = data === 'none' ? 30 : 20;
      await page.selectOption('#experiment', name);
      await page.fill('#option-steps', String(steps));
      await page.click('#run');
      await page.waitForSelector('#numbers code', { timeout: 60_000 });
      if (data === 'none') expect(await page.textContent('#numbers code')).toBe(await digestOf(name, steps));
      expect(await page.locator('#figures svg').count()).toBeGreaterThan(0);
      expect(await page.locator('.claims li').count()).toBeGreaterThan(0);
      expect(faults).toEqual([]);
      await page.close();
    });
  }

  test('names the range of a value that does not fit, and starts nothing', async () => {
    const { page } = await open();
    await page.fill('#option-steps', '-3');
    await page.click('#run');
    expect(await page.textContent('#error-steps')).toMatch(/whole number from 1 to/);
    expect(await page.locator('#option-steps').getAttribute('aria-invalid')).toBe('true');
    expect(await page.isDisabled('#stop')).toBe(true);
    await page.close();
  });

  test('stops when told to, and runs again', async () => {
    const { page, faults } = await open();
    const long = experiments.find(({ data }) => data === 'mnist') as (typeof experiments)[number];
    await page.selectOption('#experiment', long.name);
    await page.click('#run');
    await page.click('#stop');
    await page.waitForSelector('#run:enabled');
    await page.fill('#option-steps', '5');
    await page.click('#run');
    await page.waitForSelector('#numbers code');
    expect(faults).toEqual([]);
    await page.close();
  });
});

/** A tab on the page, and all that went wrong in it: errors, and requests that leave the page's own folder. */
async function open(): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith('blob:')) faults.push(request.url());
  });
  await page.goto(home);
  return { page, faults };
}

/** The digest of the same run, here. */
async function digestOf(name: string, steps: number): Promise<string> {
  const experiment = experiments.find((candidate) => candidate.name === name) as (typeof experiments)[number];
  const options = parseOptions(experiment.options, { steps });
  const device = await loadDevice();
  const arms = experiment.arms(options, 1).map((spec) => {
    const training = new Training(spec, { device });
    for (const _ of training.run());
    const record = training.record();
    training.release();
    return record;
  });
  const facts = { seed: 1, data: noData, variant: device.variant, environment: {}, elapsedSeconds: 0 };
  return assembleRecord(experiment, { ...facts, options: options as RunRecord['options'], arms }).digest;
}
