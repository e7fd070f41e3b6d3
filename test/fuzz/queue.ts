// Messages of the queue: jobs, results, announcements, how far an arm is. Whoever may write to Redis may have written them.
import { experiments, parseOptions } from '@descent/experiments';
import {
  encodeAnswer,
  encodeFailure,
  encodeJob,
  encodeRun,
  encodeWorker,
  MessageError,
  parseJob,
  parseProgress,
  parseResult,
  parseRun,
  parseWorker,
} from '../../packages/cli/src/queue/messages.ts';
import { smallRuns } from './runs.ts';
import type { Target } from './target.ts';

const run = '0123456789abcdef';
const tag = '0123456789abcdef0123456789abcdef';
const digest = '0'.repeat(64);
const place = { host: 'host', pid: 1 };
const fit = { descent: '0.1.0', code: digest, variant: 'simd128', data: { name: 'mnist', sha256: digest } } as const;
const checkpointOf = (arm: string) => ({
  arm,
  step: 3,
  state: new Uint8Array([1, 2, 3, 4]),
  scalars: { step: 3 },
  series: { trainLoss: { step: [1, 2], value: [2, 1] } },
});

/** By the word in the first line. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  job: (text) => parseJob(jsonIn(text)),
  result: parseResult,
  worker: parseWorker,
  run: parseRun,
  progress: parseProgress,
};

/** BullMQ reads the data of a job; what is no JSON never comes to us. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MessageError('[job] expected JSON');
  }
}

const jobs = () =>
  experiments.flatMap(({ name: experiment, options, arms }) => {
    const arm = arms(parseOptions(options, {}) as never, 1)[0];
    if (!arm) return [];
    const base = { run, tag, experiment, fit: digest, arm, checkpointEvery: 10_000 };
    return [encodeJob(base), encodeJob({ ...base, until: 5, keepFinal: true, checkpoint: checkpointOf(arm.name) })];
  });

export const queueMessages: Target<string> = {
  name: 'queue-messages',
  seeds: async () => {
    const { record } = (await smallRuns())[0] as { record: { arms: readonly { name: string }[] } };
    const base = { run, tag, worker: 'host:1', seed: 1 };
    const answers = record.arms
      .slice(0, 2)
      .map((arm) => encodeAnswer({ ...base, record: arm as never, checkpoint: checkpointOf(arm.name) }));
    return [
      ...jobs().map((job) => `job\n${JSON.stringify(job)}`),
      ...answers.map((answer) => `result\n${answer}`),
      `result\n${encodeFailure({ run, tag, worker: 'host:1', arm: 'trial 1', reason: 'memory', tries: 3 })}`,
      `worker\n${encodeWorker({ ...place, jobs: 2, fit })}`,
      `run\n${encodeRun({ ...place, experiment: 'hyperparameter_optimization', fit, state: 'running' })}`,
      'progress\n[1,2,0.5]',
    ];
  },
  words: ['"classifier"', '"perceptron"', '"sgd"', '"interrupted"', '"stopping"', 'hiddenSizes', 'trial', 'checkpoint'],
  refusals: [MessageError],
  run(input) {
    const [kind = '', ...lines] = input.split('\n');
    const read = readers[Object.hasOwn(readers, kind) ? kind : 'job'] as (text: string) => unknown;
    try {
      read(lines.join('\n'));
    } catch (error) {
      if (error instanceof MessageError) checkSentence(error.message);
      throw error;
    } finally {
      checkPrototype();
    }
  },
};

/** A sentence of ours, whatever came: short, and nothing in it that a terminal obeys. */
function checkSentence(message: string): void {
  if (message.length > 400 || /[\p{C}\p{Zl}\p{Zp}]/u.test(message)) throw new Error(`not fit to be said: ${message}`);
}

function checkPrototype(): void {
  if (Object.keys(Object.prototype).length > 0) throw new Error('a message has changed the prototype of objects');
}
