// Every way in which a command ends other than well: one line for the user, a way out, and the exit code.

import { readable, self, shellQuoted } from './terminal/terminal.ts';

/** The exit codes of DESIGN, the same for every command. */
export const exitCodes = {
  ok: 0,
  fault: 1,
  usage: 2,
  data: 3,
  diverged: 4,
  different: 5,
  claim: 6,
  interrupted: 130,
} as const;

/** An end that is not a fault of ours: `hint` says what to do next. */
export class Exit extends Error {
  override readonly name = 'Exit';
  constructor(
    readonly code: number,
    message: string,
    readonly hint?: string,
  ) {
    super(readable(message));
  }
}

const { fault, usage, data, diverged, different, claim, interrupted } = exitCodes;
/** More arms than this are counted rather than told. */
const MOST_TOLD = 4;
/** Errors of our packages begin with who speaks, which is of no use here. */
const withoutTag = (message: string) => message.replace(/^\[[^\]]*\] /, '');
const didYouMean = (nearest: string | undefined) => (nearest ? `; did you mean ${nearest}?` : '');

// 1: not as it should be, though nobody asked for anything wrong

export const cannotListen = (port: number, { code, message }: NodeJS.ErrnoException) =>
  new Exit(
    fault,
    code === 'EADDRINUSE' ? `port ${port} is taken by another program` : `cannot listen on port ${port}: ${message}`,
    `${self} web --port 0 takes any that is free`,
  );

/** Out of memory, or ended from outside; what it had not handed over is lost. */
export const threadLost = (why: number | string) =>
  new Exit(fault, `a thread ended in the middle of its work (${why})`, 'fewer threads need less memory: --jobs 1');

export const noPage = () => new Exit(fault, 'the page has not been built', 'npm run web builds and serves it');

export const noRedis = (shown: string, reason: string, { host, port }: { host: string; port: number }) => {
  const isHere = ['127.0.0.1', 'localhost', '::1'].includes(host);
  const way = /NOAUTH|WRONGPASS|NOPERM|AUTH/.test(reason)
    ? 'the address takes a name and a password: redis://name:password@host'
    : `redis-server --port ${port} --appendonly yes starts one${isHere ? '' : ` on ${host}`}`;
  return new Exit(fault, `no queue at ${shown}: ${reason}`, way);
};

export const notDeterministic = (arm: string, [first, second]: readonly [string, string]) =>
  new Exit(
    fault,
    `something is not deterministic: ${arm} came twice, with ${first} and with ${second}`,
    `one of the two computes wrongly; ${self} verify finds out on each machine`,
  );

/** @param arms why each was given up: `trial 3 after 3 tries (host:123): out of memory` */
export const setAside = (arms: readonly string[], isResumable: boolean) =>
  new Exit(
    fault,
    `${arms.length === 1 ? 'an arm was' : `${arms.length} arms were`} set aside: ${arms.slice(0, MOST_TOLD).join('; ')}${arms.length > MOST_TOLD ? '; …' : ''}`,
    isResumable ? 'what finished is kept; --resume DIR tries the others again' : undefined,
  );

export const badReply = (reason: string) => new Exit(fault, `the queue takes no jobs: ${reason}`);

export const badAnswer = (reason: string) =>
  new Exit(fault, `a message on the queue is none of ours: ${withoutTag(reason)}`, 'does something else write there?');

export const workerLost = (said: string) =>
  new Exit(fault, `the worker that the bench had started is gone${said && `: ${said.replace(/^error: /, '')}`}`);

// 2: usage

export const queueInUse = (shown: string, workers: number) =>
  new Exit(
    usage,
    `bench starts a worker of its own, but ${workers === 1 ? 'one is' : `${workers} are`} at ${shown}`,
    'another database is another queue: redis://host/1',
  );

export const badQueue = () =>
  new Exit(
    usage,
    '--queue (or DESCENT_QUEUE) expects redis://[name:password@]host[:port][/db], or rediss:// for TLS',
    'letters such as @ / : in a password are written %40 %2F %3A',
  );

export const notWithQueue = (flag: string, why: string) =>
  new Exit(usage, `${flag} is not for --queue: ${why}`, 'without --queue and DESCENT_QUEUE, the arms run here');

export const wrongUsage = (message: string, help: string) => new Exit(usage, message, `${help} shows what there is`);

export const unknownExperiment = (name: string, nearest: string | undefined, names: readonly string[]) =>
  new Exit(usage, `there is no experiment ${name}${didYouMean(nearest)}`, `the experiments: ${names.join(', ')}`);

export const noExperiment = () =>
  new Exit(usage, 'run needs the name of an experiment', `${self} list names them; ${self} run --resume DIR goes on`);

export const badValue = (flag: string, value: string, expected: string) =>
  new Exit(usage, `${flag} expects ${expected} but got ${value}`);

export const variantMissing = (name: string, available: readonly string[]) =>
  new Exit(
    usage,
    `this engine does not run --variant ${name}`,
    `it runs ${available.join(', ')}; ${self} doctor says why`,
  );

export const whichData = (name: string) =>
  new Exit(usage, `the record was made with data called ${name}`, 'say where they lie: --data DIR');

/** An option that is none or out of range; its message names the flag, the range and the nearest valid name. */
export const badOption = ({ message }: Error, experiment?: string) =>
  new Exit(
    usage,
    withoutTag(message),
    experiment && `${self} run ${experiment} --help shows every flag with its range`,
  );

export const badConfig = (file: string, reason: string) =>
  new Exit(usage, `--config ${file}: ${reason}`, 'it is one JSON object of options, such as {"steps": 500, "seed": 2}');

export const folderTaken = (folder: string, resumable: boolean) =>
  new Exit(
    usage,
    `--out ${folder} already holds a run`,
    resumable
      ? `${self} run --resume ${shellQuoted(folder)} goes on with it; or choose another folder`
      : 'choose another folder',
  );

export const folderBusy = (folder: string, owner: string, lock: string) =>
  new Exit(
    usage,
    `another run is writing to ${folder} (${owner})`,
    `wait for it, or choose another folder with --out; if it is no more, delete ${lock}`,
  );

/** @param folder of a run whose files cannot be written any more */
export const cannotGoOn = (folder: string, { code, message }: Exit) =>
  new Exit(code, message, `what was written stays; ${self} run --resume ${shellQuoted(folder)} goes on with it`);

export const notWritable = (file: string, reason: string) => new Exit(usage, `cannot write ${file}: ${reason}`);

export const needsFile = (format: string, figures: readonly string[]) =>
  figures.length > 1
    ? new Exit(
        usage,
        `there are ${figures.length} figures and one stdout`,
        `-o FILE takes them all; --figure takes one of ${figures.join(', ')}`,
      )
    : new Exit(usage, `${format} needs a file`, `-o FILE.${format} names it`);

export const notSearch = (experiment: string) =>
  new Exit(
    usage,
    `${experiment} is no search, so it has no trials`,
    `${self} export run.json --format csv --table series`,
  );

export const differentRuns = (first: string, second: string, difference: string) =>
  new Exit(
    usage,
    `${first} and ${second} differ in more than the seed: ${difference}`,
    `${self} compare lays such records side by side`,
  );

export const wholeReport = (flag: string) =>
  new Exit(usage, `${flag} is not for html, which shows everything`, `leave ${flag} out, or take --format svg`);

export const otherVersion = (origin: string, version: string) =>
  new Exit(
    usage,
    `the run was started with version ${origin} and this is version ${version}; its arms must come from one version`,
    `resume it with version ${origin}, or start it again`,
  );

export const fixedWhenResumed = (flag: string) =>
  new Exit(usage, `--resume takes its options from the journal, so ${flag} cannot be given`, `leave ${flag} out`);

// 3: data

export const noFile = (file: string, what: string) =>
  new Exit(data, `${file}: expected ${what} but there is no such file`);

export const badFile = (file: string, expected: string, got: string, hint?: string) =>
  new Exit(data, `${file}: expected ${expected} but got ${got}`, hint);

/** Data that nn refused; its message names the file, what was expected and what came. */
export const badData = (message: string, hint?: string) => new Exit(data, message, hint);

export const otherData = (expected: string, got: string) =>
  new Exit(
    data,
    `expected the data of the record (sha256 ${expected.slice(0, 12)}…) but got sha256 ${got.slice(0, 12)}…`,
    'name the folder that it was made with: --data DIR',
  );

export const noData = (folder: string, hint: string) =>
  new Exit(data, `${folder}: expected the four IDX files but there is no such folder`, hint);

export const notRecord = (file: string, { message }: Error) =>
  new Exit(data, `${file} is not a record that this version knows (descent-run/1): ${withoutTag(message)}`);

export const badJournal = (file: string, { message }: Error) =>
  new Exit(data, `${file} is not the journal of a run that this version can go on with: ${withoutTag(message)}`);

export const notWhole = (file: string) =>
  badFile(file, 'the record of a whole run', 'one that was interrupted', `${self} run --resume DIR goes on with it`);

/** Errors of our packages that are for the user to mend. By name, so that no package is loaded for it. */
const mendable: ReadonlyMap<string, number> = new Map([
  ['CheckpointError', data],
  ['DataError', data],
  // A network, batch or data set beyond what a device can hold; the message says how much was wanted.
  ['MemoryError', usage],
  ['RecordError', data],
  ['UnknownExperimentError', data],
]);

/** What a package threw that is for the user to mend, as an `Exit`; any other error as it is. */
export function asExit(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Exit) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return threadLost('out of memory');
  // A machine or an engine on which no kernel runs.
  if (error instanceof RangeError && error.message.startsWith('[loadDevice] '))
    return new Exit(fault, withoutTag(error.message));
  const code = mendable.get(error.name);
  return code === undefined ? error : new Exit(code, withoutTag(error.message));
}

// 4, 5, 6, 130: results

/** @param arms what became of each: `SGD diverged at step 3 (Linear, 0.weight.grad)` */
export const allDiverged = (arms: readonly string[]) => {
  const rest = arms.length > MOST_TOLD ? `; and ${arms.length - MOST_TOLD} more` : '';
  return new Exit(
    diverged,
    `training diverged in every arm: ${arms.slice(0, MOST_TOLD).join('; ')}${rest}`,
    'a smaller learning rate may help',
  );
};

/** @param origin the version that made the record, if it names one */
export const recordDiffers = (where: string, origin: string | undefined, version: string) =>
  origin === version
    ? new Exit(different, `the replay differs: ${where}`)
    : new Exit(
        different,
        `the record was made with ${origin ? `version ${origin}` : 'a version that it does not name'}, ` +
          `whose results can differ from those of this version, ${version}: ${where}`,
        `version 0.2.0 changed the results of ${changedResults}; CHANGELOG.md marks such changes "bits"`,
      );

const changedResults = 'batch norm, layer norm and GELU, of batches above 1024 examples and of more than 16 classes';

export const claimsFail = (ids: readonly string[]) => new Exit(claim, `does not hold: ${ids.join(', ')}`);

export const stopped = (folder: string) =>
  new Exit(interrupted, 'interrupted', `to go on: ${self} run --resume ${shellQuoted(folder)}`);

export const benchStopped = () => new Exit(interrupted, 'interrupted', 'a bench begins anew');

export const replayStopped = () => new Exit(interrupted, 'interrupted', 'nothing was written; verify begins anew');
