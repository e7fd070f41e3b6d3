// descent export: networks as ONNX, weights as safetensors, and series and searches as tables.
import { readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { Command } from 'commander';
import { sha256 } from '../builtin.ts';
import { listSome, usageError } from '../exit.ts';
import { badChoice, choiceFlag } from '../flags.ts';
import { decodeText, isFolder, makeFolders, noFile, readWhole, writeFileAtomic, writeOutput } from '../store/files.ts';
import { type OpenedRecord, openRecord, recordFile } from '../store/records.ts';
import { toFileName } from '../store/weights.ts';
import { log, print, self } from '../terminal/terminal.ts';

const checkpointFormats = ['onnx', 'safetensors'] as const;
const recordFormats = ['csv', 'json', 'npy', 'optuna'] as const;
const formats = [...checkpointFormats, ...recordFormats];
type Format = (typeof formats)[number];
type RecordFormat = (typeof recordFormats)[number];

/** Larger than any checkpoint: the kernels have at most 4 GiB of memory. */
const MAX_BYTES = 2 ** 32;

interface ExportFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly softmax?: boolean;
  readonly table?: 'series' | 'trials';
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<file>', "a checkpoint (a run's checkpoints/*.safetensors), a record (run.json), or the folder of a run")
    .addOption(
      choiceFlag(
        '--format <format>',
        "onnx or safetensors for a checkpoint, the others for a record [default: the file's extension]",
        formats,
      ),
    )
    .option(
      '-o, --output <file>',
      'file to write (npy: a folder); missing folders are created [default: stdout, for text]',
    )
    .option('--softmax', 'onnx: output probabilities instead of logits')
    .addOption(
      choiceFlag(
        '--table <table>',
        'csv, json: all values of all series, or the trials of a search [default: trials, if there are any]',
        ['series', 'trials'],
      ),
    )
    .addHelpText(
      'after',
      '\nExample:\n  descent export runs/mine/checkpoints/Adam.safetensors --format onnx -o adam.onnx\n' +
        '  descent export run.json --format csv -o series.csv\n' +
        '  descent export search/run.json --format optuna -o journal.log\n',
    )
    .action(exportFile);
}

async function exportFile(path: string, flags: ExportFlags): Promise<void> {
  const file = isFolder(path) ? findFile(path, flags) : path;
  const bytes = readWhole(file, 'a checkpoint or a record', MAX_BYTES);
  const isRecord = /^\s*\{\s*"/.test(decodeText(bytes.subarray(0, 64)));
  const known: readonly Format[] = isRecord ? recordFormats : checkpointFormats;
  const format = flags.format ?? readFormat(flags.output, known);
  if (!known.includes(format))
    throw badChoice('--format', format, known, isRecord ? ' for a record' : ' for a checkpoint');
  if (isRecord) await exportRecord(openRecord(file, bytes), format as RecordFormat, flags);
  else await exportNetwork(file, bytes, format, flags);
}

/** Finds the record in the folder of a run, or its only checkpoint if the format is one of checkpoints. */
function findFile(folder: string, { format, output = '' }: ExportFlags): string {
  const record = recordFile(folder);
  const wanted = format ?? extname(output).slice(1).toLowerCase();
  if (!checkpointFormats.some((known) => known === wanted)) return record;
  const checkpoints = join(dirname(record), 'checkpoints');
  const names = isFolder(checkpoints) ? readdirSync(checkpoints).filter((name) => name.endsWith('.safetensors')) : [];
  if (names.length === 1) return join(checkpoints, names[0] as string);
  if (names.length === 0) throw noFile(join(checkpoints, '*.safetensors'), 'a checkpoint');
  const hint = `name one of them: ${listSome(names.map((name) => join(checkpoints, name)))}`;
  throw usageError(`${folder} has ${names.length} checkpoints, and ${wanted} takes one`, hint);
}

function readFormat(output: string | undefined, known: readonly Format[]): Format {
  const extension = output === undefined ? '' : extname(output).slice(1).toLowerCase();
  const format = known.find((candidate) => candidate === extension);
  if (format) return format;
  throw badChoice('--format', extension === '' ? 'nothing' : extension, known);
}

const needsFile = (format: Format) => usageError(`${format} needs a file`, `name it with -o FILE.${format}`);

async function exportNetwork(
  file: string,
  bytes: Uint8Array,
  format: Format,
  { output, softmax }: ExportFlags,
): Promise<void> {
  if (output === undefined) throw needsFile(format);
  const { readNetwork, writeOnnx, writeWeights } = await import('@descent/experiments/formats');
  const network = readNetwork(bytes, file, sha256);
  writeOutput(output, format === 'onnx' ? writeOnnx(network, softmax) : writeWeights(network, sha256));
}

async function exportRecord(opened: OpenedRecord, format: RecordFormat, { output, table }: ExportFlags): Promise<void> {
  const { experiment, record } = opened;
  const { npyFiles, seriesTable, toCsv, toJson, trialTable, writeOptunaJournal } = await import(
    '@descent/experiments/formats'
  );
  if (!experiment.study && (format === 'optuna' || table === 'trials'))
    throw usageError(
      `${experiment.name} is not a search, so it has no trials`,
      `${self} export run.json --format csv --table series`,
    );
  if (format === 'npy') {
    if (output === undefined) throw needsFile(format);
    makeFolders(output);
    for (const { arm, measure, part, bytes } of npyFiles(record))
      writeFileAtomic(join(output, `${toFileName(`${arm}.${measure}.${part}`)}.npy`), bytes, { sync: false });
    log.line(output);
    return;
  }
  if (format === 'optuna') return printOrWrite(writeOptunaJournal(experiment, record), output);
  const isTrials = table === 'trials' || (table === undefined && experiment.study !== undefined);
  const rows = isTrials ? trialTable(experiment, record) : seriesTable(record);
  printOrWrite(format === 'csv' ? toCsv(rows) : toJson(rows), output);
}

function printOrWrite(text: string, output: string | undefined): void {
  if (output === undefined) print(text.trimEnd());
  else writeOutput(output, text);
}
