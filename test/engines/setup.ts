// Looks for engines once. CI must have them all; on a user's machine those that are missing are left out, and named at the end.
import type { TestProject } from 'vitest/node';
import { type Engine, findEngines } from './engines.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    engines: Engine[];
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const isCI = Boolean(process.env.CI);
  const engines = await findEngines({ fetchNodes: isCI });
  project.provide('engines', engines);
  return () => {
    const lines = engines.flatMap((engine) => ('leftOut' in engine ? [`  ${engine.name}: ${engine.leftOut}\n`] : []));
    if (lines.length > 0) process.stderr.write(`Left out, since they are not on this machine:\n${lines.join('')}`);
  };
}
