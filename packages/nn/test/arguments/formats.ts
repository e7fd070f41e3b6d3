// File formats, devices and benchmarks.
import * as kernels from '@descent/kernels';
import * as bench from '@descent/kernels/bench';
import * as formats from '../../src/formats/index.ts';
import {
  anyKey,
  arena,
  type Call,
  call,
  content,
  floats,
  host,
  type Loose,
  make,
  model,
  on,
  parts,
  saved,
  scalar,
  sgd,
  sha256,
  timed,
  where,
} from './fixtures.ts';

const text = { file: ['string'], prefix: ['string'], name: ['string'], tag: ['string'] };
export const formatCalls: Record<string, () => Call> = {
  shapeOfCall: call(bench.shapeOfCall, { op: 'matmul', args: [1, 2, 3] }, { args: ['array'] }),
  compareRows: call(bench.compareRows, { before: [timed], now: [timed] }),
  createReport: call(bench.createReport, { suite: 'step', rows: [timed], host, notes: ['note'] }, anyKey('host')),
  rowName: call(bench.rowName, { row: timed }, anyKey('row')),
  roundTo5Digits: call(bench.roundTo5Digits, { value: 1 }, { value: ['NaN'] }),
  measureInterleaved: call(
    bench.measureInterleaved,
    {
      candidates: [{ run: () => {} }],
      plan: { rounds: 7, warmUpMs: 1, sampleMs: 1, budgetMs: 1, seed: 1 },
      host,
    },
    anyKey('host'),
  ),
  benchKernels: call(
    bench.benchKernels,
    { host, options: { variants: ['reference'], quick: true, only: 'nothing', load: kernels.loadDevice } },
    { ...anyKey('host'), only: ['string'] },
  ),
  savedFloats: call(formats.savedFloats, { shape: [2], data: floats }),
  savedIntegers: call(formats.savedIntegers, { shape: [2], data: Int32Array.of(1, 2) }),
  toFloats: call(formats.toFloats, { tensor: saved, where }, text),
  toIntegers: call(formats.toIntegers, { tensor: formats.savedIntegers([1], Int32Array.of(1)), where }, text),
  createEventFile: call(
    formats.createEventFile,
    { settings: { lr: 1 }, time: 0, purgeStep: 3 },
    { ...anyKey('settings'), lr: ['string', 'boolean', 'NaN'] },
  ),
  appendEvents: call(formats.appendEvents, { events: [scalar], time: 0 }),
  finishEventFile: call(formats.finishEventFile, { step: 1, hasFailed: false, time: 0 }),
  toHistogram: call(formats.toHistogram, { values: floats }),
  saveModel: call(formats.saveModel, { model, options: { optimizer: sgd(), metadata: { a: 'b' } } }),
  loadModel: call(formats.loadModel, { model, bytes: formats.saveModel(model), options: { file: 'file' } }, text),
  exportOnnx: call(
    formats.exportOnnx,
    { model, options: { inputShape: [2], state: model.stateDict(), softmax: false, name: 'n', metadata: { a: 'b' } } },
    text,
  ),
  valueParts: call(formats.valueParts, { model }),
  runningParts: call(formats.runningParts, { model }),
  sizeOfParts: call(formats.sizeOfParts, { parts }),
  nameParts: call(formats.nameParts, { parts, flat: new Float32Array(9), prefix: 'p' }, text),
  joinParts: call(
    formats.joinParts,
    { parts, tensors: new Map(formats.nameParts(parts, new Float32Array(9), 'p')), file: 'file', prefix: 'p' },
    text,
  ),
  stateOf: call(
    formats.stateOf,
    { model, tensors: new Map(formats.nameParts(parts, new Float32Array(9))), file: 'file' },
    text,
  ),
  readSafetensors: call(formats.readSafetensors, { bytes: formats.writeSafetensors(content), file: 'file' }, text),
  writeSafetensors: call(formats.writeSafetensors, { content }),
  readWithChecksum: call(
    formats.readWithChecksum,
    { bytes: formats.writeSafetensors(content), file: 'file', formats: ['x'], sha256 },
    text,
  ),
  writeWithChecksum: call(formats.writeWithChecksum, { content, sha256 }),
};

export const kernelCalls: Record<string, () => Call> = {
  loadDevice: call(kernels.loadDevice, {
    options: { variant: 'reference', bytes: 2 ** 16, gunzip: (packed: Loose) => packed },
  }),
  availableVariants: call(kernels.availableVariants),
  'exact.exp': call(kernels.exact.exp, { x: 1 }, { x: ['NaN'] }),
  'exact.log': call(kernels.exact.log, { x: 1 }, { x: ['NaN'] }),
  'exact.normalDeviate': call(kernels.exact.normalDeviate, { x: 0 }),
  'exact.uniformAt': call(kernels.exact.uniformAt, { seed: 1, stream: 1, step: 1, index: 1 }),
  Arena: make(kernels.Arena, { bytes: 64 }),
  'Arena#allocate': on(arena, 'allocate', { bytes: 4 }),
  'Arena#release': () => on(arena, 'release', { mark: arena().mark() })(),
  'Arena#f32': on(arena, 'f32', { pointer: 64, length: 1 }),
  'Arena#i32': on(arena, 'i32', { pointer: 64, length: 1 }),
  'Arena#u8': on(arena, 'u8', { pointer: 64, length: 1 }),
  'Arena#pointerOf': on(arena, 'pointerOf', { view: floats }),
};
