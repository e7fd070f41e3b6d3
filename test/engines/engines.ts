// The JavaScript engines that must give the same bits, where to find them and how to make each run the harness.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Variant } from '@descent/experiments';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const execute = promisify(execFile);

/** What the harness is to run. */
export interface Plan {
  readonly steps: number;
  /** The engine's best where none is named. */
  readonly variant?: Variant;
}

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

/** An engine that is here, or the way to have it. */
export type Engine = PresentEngine | { readonly name: string; readonly leftOut: string };

export interface PresentEngine {
  readonly name: string;
  readonly executable: string;
}

/** This Node, in a process of its own. */
export const thisNode: PresentEngine = { name: 'this Node', executable: process.execPath };

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
    thisNode,
    ...(await Promise.all(others.map((major) => findNode(major, fetchNodes)))),
    await findBrowser('Chromium'),
    await findBrowser('Firefox'),
  ];
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

/** What is at the place must also start: Ubuntu's /usr/bin/firefox may be a note that tells how to install it. */
async function findBrowser(name: 'Chromium' | 'Firefox'): Promise<Engine> {
  const { places, way } = browsers[name];
  const executable = places.find((path) => existsSync(path));
  const starts = executable && (await execute(executable, ['--version'], { timeout: 20_000 }).catch(() => undefined));
  return executable && starts ? { name, executable } : { name, leftOut: `${way} brings it` };
}

/** Runs the harness in an engine that is here. */
export function perform(engine: PresentEngine, stage: Stage, plan: Plan): Promise<Outcome> {
  return performIn<Outcome>(engine, stage, plan);
}

/** Runs whatever harness the stage holds, and gives what it gave. */
export async function performIn<T>({ name, executable }: PresentEngine, stage: Stage, plan: unknown): Promise<T> {
  if (name === 'Chromium') return inChromium(executable, stage.page, plan);
  if (name === 'Firefox') return inFirefox(executable, stage.page, plan);
  const { stdout } = await execute(executable, [stage.runner, JSON.stringify(plan)], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}

/** No sandbox for root, which Chromium would refuse; no requests of its own. */
export function chromiumFlags(): string[] {
  const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  flags.push('--disable-background-networking', '--disable-component-update');
  return process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags;
}

async function inChromium<T>(executablePath: string, page: string, plan: unknown): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: chromiumFlags() });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate(`performPlan(${JSON.stringify(plan)})`)) as T;
  } finally {
    await browser.close();
  }
}

async function inFirefox<T>(executablePath: string, page: string, plan: unknown): Promise<T> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, protocolTimeout: 240_000 });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate(`performPlan(${JSON.stringify(plan)})`)) as T;
  } finally {
    await browser.close();
  }
}
