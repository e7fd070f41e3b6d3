// Files of `--config`: each comes to options that every experiment can make arms of, or to a sentence and a 2.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, parseOptions } from '@descent/experiments';
import { Exit } from '../../packages/cli/src/exit.ts';
import { planRun } from '../../packages/cli/src/run/plan.ts';
import { checkEnd, scratch } from './cli.ts';
import type { Target } from './target.ts';

const folder = scratch('configs');
const file = join(folder, 'options.json');

export const configs: Target<string> = {
  name: 'configs',
  seeds: () =>
    experiments.map(({ name, options }) => `${name}\n${JSON.stringify({ seed: 2, ...parseOptions(options, {}) })}`),
  words: ['"seed"', '"preset"', '"dialect"', 'book', 'saddle', '100x4'],
  refusals: [Exit],
  run(input) {
    // The first line names the experiment; the rest is the file.
    const [name, ...lines] = input.split('\n');
    writeFileSync(file, lines.join('\n'));
    const experiment = experiments.find((each) => each.name === name) ?? (experiments[0] as Experiment);
    try {
      planRun(experiment, { config: file, lang: 'en' });
    } catch (error) {
      checkEnd(error);
    }
  },
};
