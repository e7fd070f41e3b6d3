// descent run: runs an experiment, saves its record, and prints its charts and claims.
import {
  type Experiment,
  experiments,
  finalTable,
  isComplete,
  langs,
  type RunRecord,
  statusText,
  verdicts,
} from '@descent/experiments';
import { stringifyRecord } from '@descent/experiments/records';
import { Command } from 'commander';
import { Exit, exitCodes, listSome, usageError } from '../exit.ts';
import {
  choiceArgument,
  choiceFlag,
  dataFlag,
  findExperimentIn,
  jobsFlag,
  langFlag,
  peek,
  queueFlag,
  readExperiment,
  variantFlag,
} from '../flags.ts';
import { addFlags } from '../options.ts';
import { formatConfig, planResume, planRun, type RunFlags } from '../run/plan.ts';
import { type RunResult, runCommand } from '../run/run-command.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { MAX_SAVED_ARMS, policies } from '../store/weights.ts';
import { encodeNumber } from '../terminal/json.ts';
import { findWarnings, formatReport, type RunReport } from '../terminal/report.ts';
import { colorize, log, print, self, shellQuoted } from '../terminal/terminal.ts';

/**
 * Creates the command. Its flags depend on the experiment, which is therefore read from the words before they are
 * parsed.
 */
export function create(name: string, args: readonly string[]): Command {
  const words = args.slice(args.indexOf(name) + 1);
  const names = experiments.map((experiment) => experiment.name);
  const command = new Command(name)
    .addArgument(choiceArgument('[experiment]', 'name of the experiment; descent list shows all', names))
    .option('--seed <n>', 'seed of initial weights, batches and all other random numbers [default: 1]')
    .option('--seeds <n>', 'repeat the run with this many seeds, starting at --seed')
    .option('--config <file>', 'read options from a JSON file; command-line options override it')
    .option('--print-config', 'print the JSON for --config and run nothing')
    .addOption(dataFlag())
    .option('--out <dir>', 'new folder for the record [default: runs/<experiment>-seed<seed>]')
    .option('--resume <dir>', 'continue an interrupted run, with the same result')
    .option('--checkpoint-every <seconds>', 'seconds between checkpoints [default: 2]')
    .addOption(
      choiceFlag(
        '--checkpoints <which>',
        `which finished arms save their weights; auto: all, in runs of up to ${MAX_SAVED_ARMS} arms [default: auto]`,
        policies,
      ),
    )
    .option(
      '--tensorboard <dir>',
      'write event files for TensorBoard: scalars, hparams and, if weights are saved, histograms',
    )
    .addOption(jobsFlag())
    .addOption(queueFlag('let workers of a queue train the arms, with the same result'))
    .addOption(variantFlag())
    .option('--check-claims', 'exit with code 6 if a claim does not hold')
    .option('--json', 'print the record')
    .option('--quiet', 'print no progress and no messages')
    .addOption(langFlag());
  const experiment = findExperimentIn(words, command);
  const lang = langs.find((each) => each === peek(words, '--lang')) ?? 'en';
  if (experiment) addFlags(command, experiment.options, lang, `Options of ${experiment.name}`);
  const example = experiment?.name ?? names[0];
  const more = experiment ? '' : `\nEach experiment has more options: descent run ${example} --help\n`;
  command.addHelpText('after', `${more}\nExample:\n  descent run ${example} --seed 2 --json | jq .digest\n`);
  return command.action(run);
}

async function run(named: string | undefined, flags: RunFlags): Promise<void> {
  if (flags.printConfig && flags.resume === undefined) return print(formatConfig(findExperiment(named), flags));
  const plan = flags.resume === undefined ? planRun(findExperiment(named), flags) : planResume(named, flags);
  printResult(plan.experiment, await runCommand(plan, flags), flags);
}

function findExperiment(name: string | undefined): Experiment {
  if (name !== undefined) return readExperiment(name);
  const hint = `${self} list shows them; ${self} run --resume DIR continues a run`;
  throw usageError('run needs the name of an experiment', hint);
}

/** Prints the result of a run. @throws Exit if it was interrupted, every arm diverged, or a claim does not hold */
function printResult(experiment: Experiment, { folder, records }: RunResult<RunFolder>, flags: RunFlags): void {
  const { path, journals } = folder;
  if (!records.every(isComplete))
    throw new Exit(exitCodes.interrupted, 'interrupted', `to continue: ${self} run --resume ${shellQuoted(path)}`);
  const claims = records.length === 1 ? (records[0] as RunRecord).claims : verdicts(experiment.claims, records);
  const report = { experiment, records, claims, path, files: journals.map(({ recordFile }) => recordFile) };
  print(flags.json ? toJson(report) : formatReport(report, flags.lang));
  for (const warning of findWarnings(report, flags.lang)) log.line(colorize.yellow(warning));
  checkDiverged(records);
  const failed = claims.filter(({ holds }) => !holds).map(({ id }) => id);
  if (flags.checkClaims && failed.length > 0)
    throw new Exit(
      exitCodes.claim,
      `${failed.length === 1 ? 'a claim does' : 'claims do'} not hold: ${failed.join(', ')}`,
    );
}

/** Returns the record as JSON; with several seeds all records, the final values and the claims over all of them. */
function toJson({ experiment: { name }, records, claims }: RunReport): string {
  if (records.length === 1) return stringifyRecord(records[0] as RunRecord);
  const { measures, rows } = finalTable(records);
  const finals = Object.fromEntries(
    rows.map(({ arm, cells }) => [arm, Object.fromEntries(measures.map((measure, i) => [measure, cells[i]]))]),
  );
  const bodies = records.map((record) => JSON.parse(stringifyRecord(record)) as unknown);
  const document = { format: 'descent-runs/1', experiment: name, finals, claims, records: bodies };
  return JSON.stringify(document, encodeNumber);
}

/** @throws Exit if every arm of every seed diverged */
function checkDiverged(records: readonly RunRecord[]): void {
  const arms = records.flatMap((record) => record.arms);
  if (!arms.every(({ status }) => status === 'diverged')) return;
  const texts = new Map(arms.map((arm) => [arm.name, `${arm.name} ${statusText([arm], 'en')}`]));
  throw new Exit(
    exitCodes.diverged,
    `training diverged in every arm: ${listSome([...texts.values()], '; ')}`,
    'a smaller learning rate may help',
  );
}
