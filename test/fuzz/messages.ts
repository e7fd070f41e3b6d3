// Text from other programs: links of the page and messages of the queue.
import { experiments, formatOption, OptionError, parseOptions } from '@descent/experiments';
import {
  encodeJob,
  encodeResult,
  MessageError,
  parse,
  parseJob,
  parsePeer,
  parseProgress,
  parseResult,
} from '../../packages/cli/src/queue/messages.ts';
import { formatLink, parseLink } from '../../packages/web/src/state/link.ts';
import { mutateText } from './mutations.ts';
import { smallRuns } from './small-runs.ts';
import type { Target } from './target.ts';

const names = experiments.map(({ name }) => name);

export const permalinks: Target = {
  name: 'permalinks',
  seeds: () => [
    '#optimizer_compare_naive?steps=30&seed=2&adamLr=0.4',
    '#optimizer_compare_mnist?hiddenSizes=100x4&dialect=book&variant=scalar&seed=4294967295',
    '#optimizer_compare_naive?preset=saddle&startX=-1.5&digest=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ...experiments.map(({ name, options }) => {
      const defaults = Object.entries(parseOptions(options, {}));
      return `#${name}?${new URLSearchParams(defaults.map(([option, value]) => [option, formatOption(value)]))}`;
    }),
  ],
  mutate: (good) =>
    mutateText(good, ['?', '&', '#', 'seed=', 'variant=', 'digest=', '&seed=1&seed=2', 'preset=', ...names]),
  refusals: [OptionError],
  run(hash) {
    const state = parseLink(hash);
    if (!state) return;
    const { experiment, options, seed } = state;
    experiment.arms(options, seed);
    const link = formatLink(state);
    const again = parseLink(link);
    if (!again || formatLink(again) !== link) throw new Error(`${link} is another link when it is opened`);
  },
};

const digest = '0'.repeat(64);
const fit = { descent: '0.1.0', code: digest, variant: 'simd128', data: { name: 'mnist', sha256: digest } } as const;
const createCheckpoint = (arm: string) => ({
  arm,
  step: 3,
  state: new Uint8Array([1, 2, 3, 4]),
  scalars: { step: 3 },
  series: { trainLoss: { step: [1, 2], value: [2, 1] } },
});

/** Readers by the word in the first line. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  job: (text) => parseJob(parse(text, 'job')),
  result: parseResult,
  peer: parsePeer,
  progress: (text) => parseProgress(parse(text, 'progress')),
};

const jobs = () =>
  experiments.flatMap(({ name: experiment, options, arms }) => {
    const arm = arms(parseOptions(options, {}) as never, 1)[0];
    if (!arm) return [];
    const base = { experiment, fit: digest, arm, checkpointEvery: 10_000 };
    return [encodeJob(base), encodeJob({ ...base, until: 5, keepFinal: true, checkpoint: createCheckpoint(arm.name) })];
  });

export const queueMessages: Target = {
  name: 'queue messages',
  seeds: async () => {
    const { record } = (await smallRuns())[0] as { record: { arms: readonly { name: string }[] } };
    const results = record.arms
      .slice(0, 2)
      .map((arm) => encodeResult({ record: arm as never, checkpoint: createCheckpoint(arm.name) }));
    return [
      ...jobs().map((job) => `job\n${JSON.stringify(job)}`),
      ...results.map((result) => `result\n${JSON.stringify(result)}`),
      `peer\n${JSON.stringify({ role: 'worker', host: 'host', pid: 1, jobs: 2, fit })}`,
      'progress\n[1,2,0.5]',
    ];
  },
  mutate: (good) =>
    mutateText(good, ['"classifier"', '"perceptron"', '"sgd"', '"interrupted"', 'hiddenSizes', 'trial', 'checkpoint']),
  refusals: [MessageError],
  run(input) {
    const [kind = '', ...lines] = input.split('\n');
    const read = readers[Object.hasOwn(readers, kind) ? kind : 'job'] as (text: string) => unknown;
    try {
      read(lines.join('\n'));
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof MessageError && (message.length > 400 || /[\p{C}\p{Zl}\p{Zp}]/u.test(message)))
        throw new Error(`a message is too long or has control characters: ${message}`);
      throw error;
    }
    if (Object.keys(Object.prototype).length > 0) throw new Error('a message changed Object.prototype');
  },
};
