// Journals and checkpoints on disk, of any age and in any state: the run goes on, or a sentence says why it cannot.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addChecksum,
  armLine,
  checkpointLine,
  createExecutor,
  experiments,
  resumeFrom,
  startLine,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import { Exit, toExit } from '../../packages/cli/src/exit.ts';
import { planResume } from '../../packages/cli/src/run/plan.ts';
import { runSeeds } from '../../packages/cli/src/run/run-seeds.ts';
import type { RunFolder } from '../../packages/cli/src/store/run-folder.ts';
import { Progress } from '../../packages/cli/src/terminal/progress.ts';
import { checkEnd, checkFolder, scratch } from './cli.ts';
import { contextOfRuns, type SmallRun, smallRun } from './runs.ts';
import type { Target } from './target.ts';

const parent = scratch('journals');
const folder = join(parent, 'run');
const checkpoint = join(folder, 'checkpoints', 'one.json');
const stopped = AbortSignal.abort();

export const journals: Target<string> = {
  name: 'journals',
  seeds: async () =>
    Promise.all(experiments.slice(0, 4).map(async (experiment) => journalOf(await smallRun(experiment)))),
  words: ['"kind"', 'checkpoint', 'arm', 'end', 'start', '"step"', 'AAAA', '====', 'lr_t', 'iter'],
  refusals: [Exit],
  async run(text) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    // Most lines are sealed anew, so that what is behind the checksum is reached; the last stands in a file of its own, as
    // checkpoints do.
    const lines = text.split('\n').map((line, index) => (text.length % 7 === index ? line : resealed(line)));
    writeFileSync(join(folder, 'journal.jsonl'), lines.slice(0, -2).join('\n') + (lines.length > 2 ? '\n' : ''));
    writeFileSync(checkpoint, lines.slice(-2).join('\n'));
    try {
      await goOn();
    } catch (error) {
      checkEnd(toExit(error));
    }
    checkFolder(parent, ['run']);
    checkFolder(folder, ['journal.jsonl', 'run.json', 'checkpoints']);
  },
};

const resealed = (line: string) =>
  line.endsWith('}') ? addChecksum(line.replace(/,"crc32":"\w{8}"\}$/, '}')).trimEnd() : line;

/** As `descent run --resume` does, to the place where steps would begin. */
async function goOn(): Promise<void> {
  const { data, ...rest } = await contextOfRuns();
  const plan = planResume(undefined, { resume: folder, lang: 'en' });
  const { header } = resumeFrom(readFileSync(join(folder, 'journal.jsonl'), 'utf8'));
  const store: RunFolder = plan.openStore(header.data);
  try {
    const executor = createExecutor({ data, ...rest } as TrainingContext, async () => {});
    const environment = {
      executor,
      data: header.data,
      verifyData() {},
      check() {},
      isParallel: false,
      close: async () => {},
    };
    const progress = new Progress([], 'en');
    await runSeeds({ ...plan, environment, writers: store.writers, progress, signal: stopped });
  } finally {
    store.close(false);
  }
}

/** One arm has ended, one is at its second step. */
async function journalOf({ header, arms, record }: SmallRun): Promise<string> {
  const training = new Training(arms[1] as never, (await contextOfRuns()) as TrainingContext);
  training.run().next();
  const line = checkpointLine(training.snapshot());
  training.release();
  return startLine(header) + armLine(record.arms[0] as never) + line;
}
