// Mutated files by the thousand (DESCENT_FUZZ=100000 for a night): refused in a sentence, or read as what they say.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutants } from '../../../../test/fuzz/mutate-safetensors.ts';
import { dtypeBytes, loadModel, readSafetensors, saveModel } from '../../src/formats/index.ts';
import { Adam, BatchNorm1d, DataError, Linear, Sequential } from '../../src/index.ts';
import { device } from '../devices.ts';

const count = Number(process.env.DESCENT_FUZZ ?? 4_000);
const seed = Number(process.env.DESCENT_FUZZ_SEED ?? 1);
const golden = ['conv', 'mlp-batch-norm', 'mlp-half', 'rnn'].map((name) =>
  readFileSync(new URL(`../../../../test-data/safetensors/${name}.safetensors`, import.meta.url)),
);

/** @returns what it threw, which must be a DataError of one line, within a second */
function refusal(read: () => unknown): string | undefined {
  const began = performance.now();
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message.length).toBeLessThan(2_000);
    return error.message;
  } finally {
    expect(performance.now() - began).toBeLessThan(1_000);
  }
}

test(`${count} files of PyTorch's, mutated: what is read fills the file, each tensor as its shape says`, {
  timeout: 3_600_000,
}, () => {
  let read = 0;
  for (const file of mutants(golden, count, seed)) {
    refusal(() => {
      const { tensors } = readSafetensors(file, 'fuzz');
      const all = [...tensors.values()];
      for (const { dtype, shape, bytes } of all) {
        expect(shape.reduce((product, length) => product * length, dtypeBytes[dtype])).toBe(bytes.length);
      }
      const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
      expect(8 + header + all.reduce((total, { bytes }) => total + bytes.length, 0)).toBe(file.length);
      read++;
    });
  }
  expect(read).toBeGreaterThan(0);
});

test(`${count} files of ours, mutated: none that differs is loaded`, { timeout: 3_600_000 }, () => {
  const model = new Sequential([new Linear(3, 4), new BatchNorm1d(4)]).to(device, {
    inputShape: [3],
    batchSize: 2,
    seed: 1,
  });
  const optimizer = new Adam(model.parameters());
  const file = saveModel(model, { optimizer });
  const before = [...model.values.data, ...model.running.data];
  for (const mutant of mutants([file], count, seed + 1)) {
    const isSame = Buffer.compare(mutant, file) === 0;
    expect(refusal(() => loadModel(model, mutant, { optimizer })) === undefined).toBe(isSame);
  }
  expect([...model.values.data, ...model.running.data]).toEqual(before);
});
