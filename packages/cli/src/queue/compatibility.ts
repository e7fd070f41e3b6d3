// What a worker and a run must have in common for the worker's bits to be the run's: code, kernels, data.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { noData, type RunRecord, type Variant } from '@descent/experiments';
import { hashOf } from './names.ts';

declare const DESCENT_VERSION: string;

export interface Compatibility {
  readonly descent: string;
  /** SHA-256 of the program itself: a version is what it does, not what it is called. */
  readonly code: string;
  readonly variant: Variant;
  readonly data: RunRecord['data'];
}

/** What fits has the same digest. What the data are called does not matter. */
export const compatibilityDigest = ({ code, variant, data }: Compatibility) =>
  hashOf(['descent-fit/1', code, variant, data.sha256]);

export function compatibility({ variant, data }: Pick<Compatibility, 'variant' | 'data'>): Compatibility {
  return { descent: DESCENT_VERSION, code: codeDigest(), variant, data };
}

let code: string | undefined;

/** Of every file of the bundle, kernels included. */
function codeDigest(): string {
  if (code) return code;
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const digests = files.sort().map((name) => [name, sha256Of(readFileSync(new URL(name, folder)))]);
  return (code = hashOf(digests));
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Why a worker cannot run the arms of a run, with both digests; nothing where it can. Who needs no data does not ask which there are.
 * @param speaker who says so, and so is `here`
 */
export function incompatibility(
  run: Compatibility,
  worker: Compatibility,
  speaker: 'run' | 'worker',
): string | undefined {
  const differs = (what: string, say: (fit: Compatibility) => string) => {
    const [here, there] = speaker === 'run' ? [run, worker] : [worker, run];
    return `${what} ${say(here)} here, ${say(there)} there`;
  };
  if (run.code !== worker.code) return differs('descent', (fit) => `${fit.descent} (code ${short(fit.code)})`);
  if (run.data.sha256 !== noData.sha256 && run.data.sha256 !== worker.data.sha256)
    return differs('data', ({ data }) => `${data.name} (sha256 ${short(data.sha256)})`);
  return run.variant === worker.variant ? undefined : differs('kernels', ({ variant }) => variant);
}

const short = (digest: string) => `${digest.slice(0, 12)}…`;
