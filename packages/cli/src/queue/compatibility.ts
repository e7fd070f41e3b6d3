// Compatibility of runs and workers: equal code, kernels and data give equal bits.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { noData, type RunRecord, type Variant } from '@descent/experiments';
import type { Peer } from './messages.ts';
import { hashOf } from './names.ts';

declare const DESCENT_VERSION: string;

export type Compatibility = Peer['fit'];

/** Returns the digest that compatible runs and workers have in common. The name of the data does not matter. */
export const digestOf = ({ code, variant, data }: Compatibility) =>
  hashOf(['descent-fit/1', code, variant, data.sha256]);

/** Describes this program with a variant and data. */
export function createCompatibility(variant: Variant, data: RunRecord['data']): Compatibility {
  return { descent: DESCENT_VERSION, code: codeDigest(), variant, data };
}

let code: string | undefined;

/** Returns the SHA-256 digest of all files of the bundle, kernels included. */
function codeDigest(): string {
  if (code) return code;
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  return (code = hashOf(files.sort().map((name) => [name, sha256(readFileSync(new URL(name, folder)))])));
}

/** Returns why a worker cannot train the arms of a run, with both digests, or undefined if it can. */
export function incompatibility(own: Pick<Peer, 'role' | 'fit'>, other: Pick<Peer, 'fit'>): string | undefined {
  const [here, there] = [own.fit, other.fit];
  const run = own.role === 'run' ? here : there;
  const describe = (what: string, show: (fit: Compatibility) => string) =>
    `${what} ${show(here)} here, ${show(there)} there`;
  if (here.code !== there.code) return describe('descent', (fit) => `${fit.descent} (code ${short(fit.code)})`);
  if (run.data.sha256 !== noData.sha256 && here.data.sha256 !== there.data.sha256)
    return describe('data', ({ data }) => `${data.name} (sha256 ${short(data.sha256)})`);
  return here.variant === there.variant ? undefined : describe('kernels', ({ variant }) => variant);
}

const short = (digest: string) => `${digest.slice(0, 12)}…`;
