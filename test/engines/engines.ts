// The JavaScript engines that must give the same bits: how to find them and run the harness in each.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const execute = promisify(execFile);

/** Options of the harness. */
export interface HarnessOptions {
  readonly steps: number;
}

/** The result of the harness: digest and losses of each arm. */
export interface HarnessResult {
  readonly runtime: string;
  readonly arms: readonly { readonly name: string; readonly digest: string; readonly losses: readonly number[] }[];
}

/** The bundled harness: a module file for Node, a page for browsers. */
export interface Harness {
  readonly runner: string;
  readonly page: string;
}

/** An engine, or the command that installs it. */
export type Engine = InstalledEngine | { readonly name: string; readonly install: string };

export interface InstalledEngine {
  readonly name: string;
  readonly executable: string;
}

/** The running version of Node, in a child process. */
export const thisNode: InstalledEngine = { name: 'this Node', executable: process.execPath };

const browsers = {
  Chromium: {
    paths: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    install: 'apt-get install chromium',
  },
  Firefox: {
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    install: 'apt-get install firefox-esr',
  },
};

/** Finds all engines. With `fetchNodes`, npx downloads the other versions of Node. */
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
    return { name, install: `npx -y node@${major} -v` };
  }
}

/** Also starts the browser: Ubuntu's /usr/bin/firefox can be a script that only prints how to install it. */
async function findBrowser(name: 'Chromium' | 'Firefox'): Promise<Engine> {
  const { paths, install } = browsers[name];
  const executable = paths.find((path) => existsSync(path));
  const starts = executable && (await execute(executable, ['--version'], { timeout: 20_000 }).catch(() => undefined));
  return executable && starts ? { name, executable } : { name, install };
}

/** Runs the harness in an engine and returns its result. */
export async function runHarness<T = HarnessResult>(
  { name, executable }: InstalledEngine,
  harness: Harness,
  options: unknown,
): Promise<T> {
  if (name === 'Chromium') return runInChromium(executable, harness.page, options);
  if (name === 'Firefox') return runInFirefox(executable, harness.page, options);
  const { stdout } = await execute(executable, [harness.runner, JSON.stringify(options)], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}

/** Without background requests. As root also without the sandbox, which root cannot use. */
export function chromiumFlags(): string[] {
  const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  flags.push('--disable-background-networking', '--disable-component-update');
  return process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags;
}

async function runInChromium<T>(executablePath: string, page: string, options: unknown): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: chromiumFlags() });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate(`runHarness(${JSON.stringify(options)})`)) as T;
  } finally {
    await browser.close();
  }
}

async function runInFirefox<T>(executablePath: string, page: string, options: unknown): Promise<T> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, protocolTimeout: 240_000 });
  try {
    const tab = await browser.newPage();
    await tab.goto(page);
    return (await tab.evaluate(`runHarness(${JSON.stringify(options)})`)) as T;
  } finally {
    await browser.close();
  }
}
