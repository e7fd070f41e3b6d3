// The JavaScript engines that must give the same bits, where to find them and how to make each run the harness.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const execute = promisify(execFile);

/** What the harness gave: the digest of each arm, and its losses, so that a difference can be placed. */
export interface Outcome {
  readonly runtime: string;
  readonly arms: readonly { readonly name: string; readonly digest: string; readonly losses: readonly number[] }[];
}

/** Where the harness stands: as a module file and its data for Node, as a page for browsers. */
export interface Stage {
  readonly runner: string;
  readonly page: string;
}

/** An engine that is here, with the variant of the kernels to take unless it is the best; or the way to have it. */
export type Engine =
  | { readonly name: string; readonly executable: string; readonly variant?: string }
  | { readonly name: string; readonly leftOut: string };

const browsers = {
  Chromium: {
    places: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    way: 'apt-get install chromium',
  },
  Firefox: {
    places: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    way: 'apt-get install firefox-esr',
  },
};

/** All engines; those that are not on this machine say so. With `fetchNodes`, other versions of Node are fetched by npx. */
export async function findEngines({ fetchNodes }: { fetchNodes: boolean }): Promise<Engine[]> {
  const own = Number(process.versions.node.split('.')[0]);
  const others = ([20, 22, 24, 26] as const).filter((major) => major !== own);
  return [
    ...(['simd128', 'scalar', 'reference'] as const).map((variant) => ownNode(variant)),
    ...(await Promise.all(others.map((major) => findNode(major, fetchNodes)))),
    findBrowser('Chromium'),
    findBrowser('Firefox'),
  ];
}

/** This Node, in a process of its own. */
export function ownNode(variant: string): Engine & { executable: string } {
  return { name: `this Node, ${variant}`, executable: process.execPath, variant };
}

async function findNode(major: 20 | 22 | 24 | 26, fetchNodes: boolean): Promise<Engine> {
  const name = `Node ${major}`;
  const offline = fetchNodes ? [] : ['--offline'];
  try {
    const command = ['-y', ...offline, `node@${major}`, '-p', 'process.execPath'];
    const { stdout } = await execute('npx', command, { shell: process.platform === 'win32' });
    return { name, executable: stdout.trim() };
  } catch {
    return { name, leftOut: `npx -y node@${major} -v fetches it` };
  }
}

function findBrowser(name: 'Chromium' | 'Firefox'): Engine {
  const { places, way } = browsers[name];
  const place = places.find((path) => existsSync(path));
  return place === undefined ? { name, leftOut: `${way} brings it` } : { name, executable: place };
}

/** Runs the harness in an engine that is here. */
export async function perform(engine: Engine & { executable: string }, stage: Stage): Promise<Outcome> {
  const { name, executable } = engine;
  if (name === 'Chromium') return inChromium(executable, stage.page);
  if (name === 'Firefox') return inFirefox(executable, stage.page);
  const args = 'variant' in engine && engine.variant ? [engine.variant] : [];
  const { stdout } = await execute(executable, [stage.runner, ...args], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Outcome;
}

async function inChromium(executablePath: string, page: string): Promise<Outcome> {
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  args.push('--disable-background-networking', '--disable-component-update');
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const browser = await chromium.launch({ executablePath, args });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate('globalThis.outcome')) as Outcome;
  } finally {
    await browser.close();
  }
}

async function inFirefox(executablePath: string, page: string): Promise<Outcome> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, protocolTimeout: 240_000 });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate('globalThis.outcome')) as Outcome;
  } finally {
    await browser.close();
  }
}
