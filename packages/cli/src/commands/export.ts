// descent export: what a run left, in the formats of other programs: networks as ONNX, weights as safetensors, series and searches.
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { DataError } from '@descent/experiments';
import { Command, Option } from 'commander';
import { sha256 } from '../builtin.ts';
import { badData, badFile, badValue, needsFile, noFile, notSearch } from '../errors.ts';
import { makeFolders, reasonOf, writeWhole } from '../files.ts';
import { choiceFlag } from '../flags.ts';
import { type OpenedRecord, openRecord } from '../folder/records.ts';
import { fileNameOf } from '../folder/weights.ts';
import { print, say } from '../terminal.ts';

/** Of a checkpoint, and of a record. */
const ofCheckpoint = ['onnx', 'safetensors'] as const;
const ofRecord = ['csv', 'json', 'npy', 'optuna'] as const;
const formats = [...ofCheckpoint, ...ofRecord];
type Format = (typeof formats)[number];
type RecordFormat = (typeof ofRecord)[number];

interface ExportFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly softmax?: boolean;
  readonly table?: 'series' | 'trials';
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<file>', "a checkpoint (a run's checkpoints/*.safetensors), or a record (run.json)")
    .addOption(
      choiceFlag(
        '--format <format>',
        "of a checkpoint onnx, safetensors; of a record csv, json, npy, optuna; default: what the output's name ends in",
        formats,
      ),
    )
    .option('-o, --output <file>', 'where to write (npy: a folder); without it text goes to stdout')
    .addOption(new Option('--softmax', 'onnx: probabilities come out instead of logits'))
    .addOption(
      choiceFlag(
        '--table <table>',
        'csv, json: every value of every series, or the trials of a search (default: trials, where there are any)',
        ['series', 'trials'],
      ),
    )
    .addHelpText(
      'after',
      '\nExample:\n  descent export runs/mine/checkpoints/Adam.safetensors --format onnx -o adam.onnx\n  descent export run.json --format csv -o series.csv\n  descent export search/run.json --format optuna -o journal.log\n',
    )
    .action(exportFile);
}

async function exportFile(file: string, flags: ExportFlags): Promise<void> {
  const bytes = read(file);
  const isRecord = bytes[0] === 0x7b;
  const known: readonly Format[] = isRecord ? ofRecord : ofCheckpoint;
  const format = flags.format ?? formatOf(flags.output, known);
  if (!known.includes(format))
    throw badValue('--format', format, `one of ${known.join(', ')} for ${isRecord ? 'a record' : 'a checkpoint'}`);
  if (isRecord) await exportRecord(openRecord(file), format as RecordFormat, flags);
  else await exportNetwork(file, bytes, format, flags);
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const what = 'a checkpoint or a record';
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noFile(file, what);
    throw badFile(file, what, reasonOf(error));
  }
}

function formatOf(output: string | undefined, known: readonly Format[]): Format {
  const ending = output === undefined ? '' : extname(output).slice(1).toLowerCase();
  const format = known.find((candidate) => candidate === ending);
  if (format) return format;
  throw badValue('--format', ending === '' ? 'nothing' : ending, `one of ${known.join(', ')}`);
}

async function exportNetwork(
  file: string,
  bytes: Uint8Array,
  format: Format,
  { output, softmax }: ExportFlags,
): Promise<void> {
  if (output === undefined) throw needsFile(format, []);
  const { readNetwork, writeOnnx, writeWeights } = await import('@descent/experiments/formats');
  try {
    const network = readNetwork(bytes, file, sha256);
    write(output, format === 'onnx' ? writeOnnx(network, softmax) : writeWeights(network, sha256));
  } catch (error) {
    if (error instanceof DataError) throw badData(error.message);
    throw error;
  }
}

async function exportRecord(opened: OpenedRecord, format: RecordFormat, { output, table }: ExportFlags): Promise<void> {
  const { experiment, record } = opened;
  const { npyFiles, seriesTable, toCsv, toJson, trialTable, writeOptunaJournal } = await import(
    '@descent/experiments/formats'
  );
  if (!experiment.study && (format === 'optuna' || table === 'trials')) throw notSearch(experiment.name);
  if (format === 'npy') {
    if (output === undefined) throw needsFile(format, []);
    makeFolders(output);
    for (const { arm, measure, part, bytes } of npyFiles(record))
      writeWhole(join(output, `${fileNameOf(`${arm}.${measure}.${part}`)}.npy`), bytes, { sync: false });
    say.line(output);
    return;
  }
  if (format === 'optuna') return deliver(writeOptunaJournal(experiment, record), output);
  const isTrials = table === 'trials' || (table === undefined && experiment.study !== undefined);
  const rows = isTrials ? trialTable(experiment, record) : seriesTable(record);
  deliver(format === 'csv' ? toCsv(rows) : toJson(rows), output);
}

function deliver(text: string, output: string | undefined): void {
  if (output === undefined) print(text.trimEnd());
  else write(output, text);
}

function write(file: string, content: string | Uint8Array): void {
  writeWhole(file, content);
  say.line(file);
}
