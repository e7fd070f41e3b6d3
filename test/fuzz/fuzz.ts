// Gives a target one mutant after the other and looks at how it takes them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutate } from './mutate.ts';
import { type Random, randomOf } from './random.ts';
import type { Input, Target } from './target.ts';

/** An input that is one longer than this to answer is a finding, in milliseconds. */
const PATIENCE = 1_000;
/** Bytes that may be held beyond what was when warm; a leak is a finding. (A giant allocation ends the thread.) */
const APPETITE = 256 * 2 ** 20;

export interface Plan {
  readonly count: number;
  /** The first input's number. */
  readonly from?: number;
  /** Told before every input, so that a watcher knows where it hangs. */
  readonly before?: (index: number) => void;
  /** Findings to stop at; default 10. */
  readonly atMost?: number;
}

export interface Finding {
  readonly target: string;
  /** `npm run fuzz -- TARGET --from INDEX --count 1` does it again. */
  readonly index: number;
  readonly what: string;
  /** Its beginning. */
  readonly input: string;
}

export interface Outcome {
  readonly tried: number;
  /** Those that the target took as good. */
  readonly accepted: number;
  readonly findings: readonly Finding[];
  /** The one that took longest: milliseconds, and its number. */
  readonly slowest: readonly [milliseconds: number, index: number];
}

export async function fuzz(target: Target, { count, from = 0, before, atMost = 10 }: Plan): Promise<Outcome> {
  const seeds = await target.seeds();
  const findings: Finding[] = [];
  let [accepted, index] = [0, from];
  let slowest: Outcome['slowest'] = [0, from];
  const appetite = new Appetite();
  for (; index < from + count && findings.length < atMost; index++) {
    before?.(index);
    const input = mutantOf(target, seeds, randomOf(`${target.name} ${index}`));
    const watch = new Stopwatch();
    const fault = await faultOf(target, input);
    const took = watch.read();
    if (took > slowest[0]) slowest = [took, index];
    if (fault === '') accepted++;
    const manner = took > PATIENCE ? `took ${Math.round(took)} ms` : appetite.complaint();
    const what = fault === '' || fault === refused ? manner : fault;
    if (what) findings.push({ target: target.name, index, what, input: shown(input) });
    if (index === from + 1_000) appetite.isWarm();
  }
  return { tried: index - from, accepted, findings, slowest };
}

/** By the target's own changes four times of five, where it has any. */
function mutantOf(target: Target, seeds: readonly Input[], random: Random): Input {
  const isOwn = target.mutate !== undefined && !random.oneIn(5);
  return isOwn ? (target.mutate as Mutate)(random.pick(seeds), random) : mutate(seeds, random, target.words);
}

type Mutate = NonNullable<Target['mutate']>;

/** What the target has to say against its own seeds. */
export async function trySeeds(target: Target): Promise<string[]> {
  const complaints = [];
  for (const seed of await target.seeds()) {
    try {
      await target.run(seed);
    } catch (error) {
      complaints.push(`${error instanceof Error ? error.message : error}: ${shown(seed)}`);
    }
  }
  return complaints;
}

const refused = 'refused';

/** `''` where the input was taken, `refused` where it was refused as designed; else what went wrong. */
async function faultOf({ refusals, run }: Target, input: Input): Promise<string> {
  try {
    const running = run(input);
    if (running) await running;
    return '';
  } catch (error) {
    if (!(error instanceof Error)) return `threw ${String(error)}, which is no error`;
    if (!refusals.some((refusal) => error instanceof refusal)) return error.stack ?? error.message;
    return isClear(error.message) ? refused : `a message that helps nobody: ${error.message.slice(0, 500)}`;
  }
}

/** A sentence for a reader: not empty, not a page long, and not what engines say of a value that is not there. */
function isClear(message: string): boolean {
  return message.length > 10 && message.length < 3_000 && !/undefined is not|of undefined/.test(message);
}

/** Milliseconds of work: a machine that has others to serve as well makes nothing slow. */
class Stopwatch {
  private readonly began = performance.now();
  private readonly used = process.cpuUsage();

  read(): number {
    const { user, system } = process.cpuUsage(this.used);
    return Math.min(performance.now() - this.began, (user + system) / 1_000);
  }
}

/** What is still held of inputs that are gone, as far as one can tell without asking at every one. */
class Appetite {
  private limit = Number.POSITIVE_INFINITY;
  private warm = 0;

  isWarm(): void {
    this.warm = held();
    this.limit = process.memoryUsage.rss() + APPETITE;
  }

  complaint(): string {
    if (process.memoryUsage.rss() < this.limit) return '';
    this.limit = process.memoryUsage.rss() + APPETITE;
    const more = held() - this.warm;
    return more > APPETITE ? `${Math.round(more / 2 ** 20)} MB more are held than at the beginning` : '';
  }
}

/** Bytes that are in use when all that is not has been collected. */
function held(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const shown = (input: Input) => {
  const text = typeof input === 'string' ? JSON.stringify(input) : Buffer.from(input).toString('hex');
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
};
