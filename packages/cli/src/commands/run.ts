// descent run: an experiment → its record, its charts and the verdict on its claims.
import { type Experiment, experiments, type Lang, langs } from '@descent/experiments';
import { Argument, Command } from 'commander';
import { noExperiment } from '../errors.ts';
import {
  choiceFlag,
  choicesOf,
  dataFlag,
  jobsFlag,
  langFlag,
  peek,
  queueFlag,
  readExperiment,
  variantFlag,
} from '../flags.ts';
import { addFlags } from '../options.ts';
import { perform } from '../run/perform.ts';
import { configOf, newRequest, type RunFlags, resumedRequest } from '../run/request.ts';
import { MOST_ARMS, policies } from '../store/weights.ts';
import { print } from '../terminal/terminal.ts';

/** The flags depend on the experiment, so it is looked for before they are parsed. */
export function create(name: string, args: readonly string[]): Command {
  const words = args.slice(args.indexOf(name) + 1);
  const experiment = experiments.find((candidate) => words.includes(candidate.name));
  const argument = new Argument('[experiment]', 'its name; descent list gives them all');
  choicesOf.set(
    argument,
    experiments.map((candidate) => candidate.name),
  );
  const command = new Command(name)
    .addArgument(argument)
    .option('--seed <n>', 'fixes initial weights, batches and all that is drawn (default 1)')
    .option('--seeds <n>', 'repeats the run over so many seeds, from --seed on')
    .option(
      '--config <file>',
      'read options, seed, seeds, jobs, out and data from a JSON file; what is typed overrides it',
    )
    .option('--print-config', 'print the JSON that --config reads, and run nothing')
    .addOption(dataFlag())
    .option('--out <dir>', 'folder of the record, never written over (default runs/<experiment>-seed<seed>)')
    .option('--resume <dir>', 'goes on with an interrupted run, to the same bits')
    .option('--checkpoint-every <seconds>', 'what a kill costs at most (default 2)')
    .addOption(
      choiceFlag(
        '--checkpoints <which>',
        `weights of ended arms as safetensors; auto, the default: of up to ${MOST_ARMS} arms`,
        policies,
      ),
    )
    .option(
      '--tensorboard <dir>',
      'writes event files for TensorBoard: scalars, hparams, and histograms where weights are kept',
    )
    .addOption(jobsFlag())
    .addOption(queueFlag('gives the arms to workers, to the same bits'))
    .addOption(variantFlag())
    .option('--check-claims', 'exit with 6 where a claim does not hold')
    .option('--json', 'print the record')
    .option('--quiet', 'print no progress and no messages')
    .addOption(langFlag());
  if (experiment) addFlags(command, experiment.options, langOf(words), `Options of ${experiment.name}:`);
  const example = experiment ?? (experiments[0] as Experiment);
  command.addHelpText('after', helpAfter(example, experiment === undefined));
  return command.action((named: string | undefined, flags: RunFlags) => start(named, flags));
}

async function start(named: string | undefined, flags: RunFlags): Promise<void> {
  if (flags.resume !== undefined) return perform(resumedRequest(named, flags), flags);
  if (named === undefined) throw noExperiment();
  const experiment = readExperiment(named);
  if (flags.printConfig) return print(configOf(experiment, flags));
  return perform(newRequest(experiment, flags), flags);
}

function langOf(words: readonly string[]): Lang {
  return langs.find((lang) => lang === peek(words, '--lang')) ?? 'en';
}

function helpAfter({ name }: Experiment, isOpen: boolean): string {
  const more = isOpen ? `\nEvery experiment has options of its own: descent run ${name} --help\n` : '';
  return `${more}\nExample:\n  descent run ${name} --seed 2 --json | jq .digest\n`;
}
