// descent worker: trains arms of a queue on this machine.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataFlag, queueFlag, readNumber, readVariant, variantFlag } from '../flags.ts';
import { message } from '../i18n/index.ts';
import { readAddress } from '../queue/address.ts';
import { onFirstInterrupt } from '../run/interrupt.ts';
import { colorize, log } from '../terminal/terminal.ts';

interface WorkerFlags {
  readonly queue: string;
  readonly jobs?: string;
  readonly data: string;
  readonly variant?: string;
  readonly patience?: string;
  readonly quiet?: boolean;
}

export function create(name: string): Command {
  return new Command(name)
    .addOption(queueFlag('address of the queue').makeOptionMandatory())
    .option('--jobs <n>', 'arms at once, one per thread [default: number of cores]')
    .addOption(dataFlag().default('mnist'))
    .addOption(variantFlag())
    .option('--patience <seconds>', 'silence of this worker after which others take its arms [default: 10]')
    .option('--quiet', 'print errors only')
    .addHelpText(
      'after',
      '\nCtrl-C returns unfinished jobs to the queue and exits with code 0.\n\nExample:\n  descent worker --queue redis://127.0.0.1 --jobs 4\n',
    )
    .action(serve);
}

async function serve(flags: WorkerFlags): Promise<void> {
  const address = readAddress(flags.queue);
  const variant = readVariant(flags.variant);
  const jobs = flags.jobs === undefined ? availableParallelism() : readNumber('jobs', flags.jobs);
  const patience = 1_000 * readNumber('patience', flags.patience);
  if (flags.quiet) log.silence();
  const facts = [address.shown, flags.data, variant, message('threads', { jobs }).en];
  log.line(`${colorize.bold('worker')}  ${colorize.dim(facts.join(' · '))}`);
  const stopping = new AbortController();
  const release = onFirstInterrupt(() => {
    stopping.abort();
    log.line('returning unfinished jobs to the queue; press Ctrl-C again to exit now');
  });
  const source = flags.data === 'mnist' ? flags.data : resolve(flags.data);
  const { work } = await import('../queue/worker.ts');
  try {
    await work({ address, environment: { variant, source }, jobs, patience }, stopping.signal);
  } finally {
    release();
  }
}
