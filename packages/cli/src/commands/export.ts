// descent export: what a run left, in the formats of other programs: networks as ONNX, weights as safetensors, series and searches.
import { readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { DataError } from '@descent/experiments';
import { Command, Option } from 'commander';
import { sha256 } from '../builtin.ts';
import { badData, Exit, exitCodes, needsFile, noFile, notSearch } from '../errors.ts';
import { badChoice, choiceFlag } from '../flags.ts';
import { decodeText, makeFolders, readWhole, writeFileAtomic, writeOutput } from '../store/files.ts';
import { isFolder, type OpenedRecord, openRecord, recordFile } from '../store/records.ts';
import { fileNameOf } from '../store/weights.ts';
import { log, print } from '../terminal/terminal.ts';

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
    .argument('<file>', "a checkpoint (a run's checkpoints/*.safetensors), a record (run.json), or the folder of a run")
    .addOption(
      choiceFlag(
        '--format <format>',
        "of a checkpoint onnx, safetensors; of a record csv, json, npy, optuna; default: what the output's name ends in",
        formats,
      ),
    )
    .option(
      '-o, --output <file>',
      'file to write (npy: a folder), missing folders are made; without it text goes to stdout',
    )
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

async function exportFile(path: string, flags: ExportFlags): Promise<void> {
  const file = isFolder(path) ? fileIn(path, flags) : path;
  const bytes = readWhole(file, 'a checkpoint or a record', 2 ** 32);
  const isRecord = /^\s*\{\s*"/.test(decodeText(bytes.subarray(0, 64)));
  const known: readonly Format[] = isRecord ? ofRecord : ofCheckpoint;
  const format = flags.format ?? formatOf(flags.output, known);
  if (!known.includes(format))
    throw badChoice('--format', format, known, isRecord ? ' for a record' : ' for a checkpoint');
  if (isRecord) await exportRecord(openRecord(file), format as RecordFormat, flags);
  else await exportNetwork(file, bytes, format, flags);
}

/** The record of a run's folder, or its only checkpoint where the format is one of checkpoints. */
function fileIn(folder: string, { format, output = '' }: ExportFlags): string {
  const record = recordFile(folder);
  const wanted = format ?? extname(output).slice(1).toLowerCase();
  if (!ofCheckpoint.some((known) => known === wanted)) return record;
  const checkpoints = join(dirname(record), 'checkpoints');
  const names = isFolder(checkpoints) ? readdirSync(checkpoints).filter((name) => name.endsWith('.safetensors')) : [];
  if (names.length === 1) return join(checkpoints, names[0] as string);
  if (names.length === 0) throw noFile(join(checkpoints, '*.safetensors'), 'a checkpoint');
  const hint = `name one of them: ${names
    .slice(0, 4)
    .map((name) => join(checkpoints, name))
    .join(', ')}`;
  throw new Exit(exitCodes.usage, `${folder} has ${names.length} checkpoints, and ${wanted} takes one`, hint);
}

function formatOf(output: string | undefined, known: readonly Format[]): Format {
  const ending = output === undefined ? '' : extname(output).slice(1).toLowerCase();
  const format = known.find((candidate) => candidate === ending);
  if (format) return format;
  throw badChoice('--format', ending === '' ? 'nothing' : ending, known);
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
    writeOutput(output, format === 'onnx' ? writeOnnx(network, softmax) : writeWeights(network, sha256));
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
      writeFileAtomic(join(output, `${fileNameOf(`${arm}.${measure}.${part}`)}.npy`), bytes, { sync: false });
    log.line(output);
    return;
  }
  if (format === 'optuna') return deliver(writeOptunaJournal(experiment, record), output);
  const isTrials = table === 'trials' || (table === undefined && experiment.study !== undefined);
  const rows = isTrials ? trialTable(experiment, record) : seriesTable(record);
  deliver(format === 'csv' ? toCsv(rows) : toJson(rows), output);
}

function deliver(text: string, output: string | undefined): void {
  if (output === undefined) print(text.trimEnd());
  else writeOutput(output, text);
}
