// Precomputes what the page shows before a run: each experiment at its defaults, downsampled to a few kilobytes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { experiments, pageFigures } from '@descent/experiments';
import { downsampleRecord } from '@descent/experiments/formats';
import { parseRecord } from '@descent/experiments/records';
import { createPicture } from './cards.js';

const cli = fileURLToPath(new URL('../../cli/bin/descent.js', import.meta.url));
const fileOf = (name) => fileURLToPath(new URL(`../previews/${name}.json`, import.meta.url));
const THREADS = 2;
const MAX_BYTES = 5_500;

/**
 * Runs experiments and writes their previews; with `--check` compares digests instead.
 * @param {string[]} args names of experiments, all if none; `--check`
 */
export async function main(args) {
  const names = args.filter((each) => each !== '--check');
  const isCheck = args.includes('--check');
  for (const experiment of experiments) {
    if (names.length > 0 && !names.includes(experiment.name)) continue;
    const before = existsSync(fileOf(experiment.name)) && JSON.parse(readFileSync(fileOf(experiment.name), 'utf8'));
    const record = run(experiment.name);
    const isSame = before?.digest === record.digest;
    console.log(`${isSame ? 'same bits' : 'NEW BITS '}  ${record.elapsedSeconds.toFixed(1)} s  ${experiment.name}`);
    if (isCheck && !isSame) process.exitCode = 1;
    if (!isCheck)
      writeFileSync(fileOf(experiment.name), createPreview(experiment, record, isSame ? before : undefined));
  }
  if (!isCheck) writeCards();
}

/** Writes the pictures of all experiments, and the paths that move on the home page. */
export function writeCards() {
  const previewOf = ({ name }) => JSON.parse(readFileSync(fileOf(name), 'utf8'));
  const cards = experiments.map((experiment) => {
    const preview = previewOf(experiment);
    return [experiment.name, { seconds: preview.seconds, picture: createPicture(experiment, preview) }];
  });
  const paths = previewOf(experiments[0]).arms.map(({ name, series: { x, y } }) => ({ name, x: x.value, y: y.value }));
  writeFileSync(fileOf('cards'), `${JSON.stringify({ paths, cards: Object.fromEntries(cards) })}\n`);
}

/** Runs an experiment at its defaults, with seed 1. */
function run(name) {
  const folder = mkdtempSync(join(tmpdir(), 'descent-preview-'));
  try {
    execFileSync(process.execPath, [cli, 'run', name, '--jobs', String(THREADS), '--quiet', '--out', folder]);
    return parseRecord(readFileSync(join(folder, 'run.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the text of a preview with as many points per series as fit into MAX_BYTES. */
export function createPreview(experiment, record, before) {
  const measured = {
    seconds: Number(record.elapsedSeconds.toPrecision(2)),
    processor: cpus()[0].model,
    threads: THREADS,
  };
  const { seconds, processor, threads } = before?.seconds < measured.seconds ? before : measured;
  const { digest, options, seed, data, claims } = record;
  for (let points = 200; points > 0; points = Math.floor(0.9 * points)) {
    const { arms } = downsampleRecord(record, (each) => pageFigures(experiment, each), points);
    const text = `${JSON.stringify({
      ...{ digest, seconds, processor, threads, seed, data, options },
      claims: claims.map(({ id, holds, evidence }) => ({ id, holds, evidence })),
      arms: arms.map(({ digest: _, ...arm }) => arm),
    })}\n`;
    if (gzipSync(text, { level: 9 }).length <= MAX_BYTES) return text;
  }
  throw new Error(`the preview of ${experiment.name} does not fit into ${MAX_BYTES} bytes`);
}
