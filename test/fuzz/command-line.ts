// Input of the command line: arguments, and journals and checkpoints of interrupted runs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExecutor, experiments, runSchedule, Training, type TrainingContext } from '@descent/experiments';
import { addChecksum, armLine, checkpointLine, parseJournal, startLine } from '@descent/experiments/records';
import { commands } from '../../packages/cli/src/commands.ts';
import { Exit, toExit } from '../../packages/cli/src/exit.ts';
import { readExperiment, readNumber, readVariant } from '../../packages/cli/src/flags.ts';
import { createProgram, toDesignedError } from '../../packages/cli/src/program.ts';
import { type PlannedRun, planResume, planRun, type RunFlags } from '../../packages/cli/src/run/plan.ts';
import { RunRecorder } from '../../packages/cli/src/run/run-recorder.ts';
import { mutateText } from './mutations.ts';
import { type SmallRun, smallContext, smallRun } from './small-runs.ts';
import { checkExit, checkFolder, scratchFolder, type Target } from './target.ts';

const names = experiments.map(({ name }) => name);

/** Arguments, one per line. They are parsed and checked, but no command runs. */
export const commandLines: Target = {
  name: 'arguments',
  seeds: () =>
    [
      'run optimizer_compare_mnist --seed 2 --steps 500 --hidden-sizes 100x4 --jobs 2 --variant scalar --json --quiet',
      'run optimizer_compare_naive --seeds=5 --dialect book --lang ko --check-claims --out here --checkpoint-every 0.5',
      'run --resume runs/optimizer_compare_naive-seed1 --jobs 4',
      'verify run.json --data mnist --jobs 1 --variant reference --json',
      'plot run.json other.json --format png -o figure.png --figure loss --theme dark --lang ja',
      'compare one.json two.json --json',
      'bench kernels --json --baseline old.json --only matmul',
      'web --port 8080',
      'list --json --lang ko',
      'doctor --json',
      'help run',
      '--version',
    ].map((line) => line.replaceAll(' ', '\n')),
  mutate: (good) =>
    mutateText(good, ['--', '-', '--=', '-o', '\n', '\n--seed\n', '--no-', ...Object.keys(commands), ...names]),
  refusals: [Exit],
  async run(text) {
    const args = text.split('\n');
    const program = await createProgram(args);
    for (const command of [program, ...program.commands])
      command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
    for (const command of program.commands) command.action(checkFlags);
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      // Commander throws after --help and --version, with exit code 0.
      if ((error as { exitCode?: number }).exitCode !== 0) checkExit(toDesignedError(error, args));
    }
  },
};

/** Checks arguments and flags as the commands do before they start. */
function checkFlags(...given: readonly unknown[]): void {
  const [flags, command] = given.slice(-2) as [RunFlags, Awaited<ReturnType<typeof createProgram>>];
  const [experiment] = given;
  const isNewRun = command.name() === 'run' && flags.resume === undefined;
  if (isNewRun && typeof experiment === 'string') planRun(readExperiment(experiment), flags);
  for (const name of ['jobs', 'port', 'seeds', 'checkpointEvery'] as const) readNumber(name, flags[name]);
  readVariant(flags.variant);
}

const parent = scratchFolder('journals');
const folder = join(parent, 'run');

/** The lines of a journal, then two lines of a checkpoint file. */
export const journals: Target = {
  name: 'journals',
  seeds: () => Promise.all(experiments.slice(0, 4).map(async (experiment) => writeJournal(await smallRun(experiment)))),
  mutate: (good) =>
    mutateText(good, ['"kind"', 'checkpoint', 'arm', 'end', 'start', '"step"', 'AAAA', '====', 'lr_t', 'iter']),
  refusals: [Exit],
  async run(text) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    // Most lines get a new checksum, so that the code behind the checksum runs.
    const lines = text.split('\n').map((line, index) => (text.length % 7 === index ? line : withChecksum(line)));
    writeFileSync(join(folder, 'journal.jsonl'), lines.slice(0, -2).join('\n') + (lines.length > 2 ? '\n' : ''));
    writeFileSync(join(folder, 'checkpoints', 'one.json'), lines.slice(-2).join('\n'));
    try {
      await resume();
    } catch (error) {
      checkExit(toExit(error));
    }
    checkFolder(parent, ['run']);
    checkFolder(folder, ['journal.jsonl', 'run.json', 'checkpoints']);
  },
};

const withChecksum = (line: string) =>
  line.endsWith('}') ? addChecksum(line.replace(/,"crc32":"\w{8}"\}$/, '}')).trimEnd() : line;

/** Resumes a run as `descent run --resume` does, and stops before the first step. */
async function resume(): Promise<void> {
  const { data, ...rest } = await smallContext();
  const plan = planResume(undefined, { resume: folder, lang: 'en' });
  const { header } = parseJournal(readFileSync(join(folder, 'journal.jsonl'), 'utf8'));
  const [run] = plan.runs as [PlannedRun];
  const runFolder = plan.openFolder(header.data);
  try {
    const executor = createExecutor({ data, ...rest } as TrainingContext, async () => {});
    const recorder = new RunRecorder({ ...run, experiment: plan.experiment, data: header.data }, runFolder.journals[0]);
    const options = { ...recorder.scheduleOptions, signal: AbortSignal.abort() };
    for await (const event of runSchedule(run.schedule, executor, options)) await recorder.take(event);
    await recorder.finish();
  } finally {
    runFolder.close(false);
  }
}

/** Writes the journal of a run in which one arm has finished and one has trained a step. */
async function writeJournal({ header, arms, record }: SmallRun): Promise<string> {
  const training = new Training(arms[1] as never, (await smallContext()) as TrainingContext);
  training.run().next();
  const line = checkpointLine(training.snapshot());
  training.release();
  return startLine(header) + armLine(record.arms[0] as never) + line;
}
