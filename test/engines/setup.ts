// Global setup: finds the engines, serves the built page and starts one Chromium that all test files share.
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumFlags, type Engine, findEngines } from './engines.ts';
import { openHost } from './static-host.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    engines: Engine[];
    /** The address of the page on a static host. */
    home: string;
    /** The WebSocket address of Chromium; undefined if it is not installed. */
    chromium: string | undefined;
  }
}

/** In CI a missing engine fails the tests. Elsewhere its tests are skipped, and the engine is listed at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engines = await findEngines({ fetchNodes: Boolean(process.env.CI) });
  const host = await openHost();
  const installed = engines.find(({ name }) => name === 'Chromium');
  const server =
    installed && 'executable' in installed
      ? await chromium.launchServer({ executablePath: installed.executable, args: chromiumFlags() })
      : undefined;
  project.provide('engines', engines);
  project.provide('home', host.home);
  project.provide('chromium', server?.wsEndpoint());
  return async () => {
    await server?.close();
    host.close();
    const missing = engines.flatMap((engine) => ('install' in engine ? [`  ${engine.name}: ${engine.install}\n`] : []));
    if (missing.length > 0) process.stderr.write(`Skipped, because not installed:\n${missing.join('')}`);
  };
}
