// Fixtures of arguments.test.ts: valid tensors, models and data, and calls of functions, classes and methods.
import * as kernels from '@descent/kernels';
import * as formats from '../../src/formats/index.ts';
import * as nn from '../../src/index.ts';

const { Arena, loadDevice } = kernels;

// biome-ignore lint/suspicious/noExplicitAny: anything may be passed
export type Loose = any;

/** A valid call, and the other kinds of values that it accepts. */
export interface Call {
  act(...given: Loose[]): unknown;
  /** Values of the parameters, in order. */
  args: Record<string, Loose>;
  /** Other kinds of values that a parameter or option accepts, such as `NaN`; `any key`: it accepts all names. */
  accepts?: Record<string, string[]>;
  /** Tests to skip. `right`: the call would take seconds; `surplus`: it accepts any number of arguments. */
  skips?: ('right' | 'surplus')[];
}

export const device = await loadDevice({ variant: 'reference', bytes: 2 ** 22 });
export const placement = { inputShape: [2], batchSize: 2, seed: 1 };
export const built = (layer: nn.Layer = new nn.Linear(2, 3)) => new nn.Sequential(layer);
export const model = built().to(device, placement);
export const rows = nn.Tensor.zeros(device, [2, 2]);
export const logits = nn.Tensor.zeros(device, [2, 3]);
export const labels = nn.Tensor.zeros(device, [2], 'int32');
export const dataset = new nn.TensorDataset({ inputs: rows, labels });
export const sgd = () => new nn.SGD(model.parameters(), { lr: 0.1 });
export const rng = new nn.Rng(device, 1);
export const init = nn.zeros();
export const floats = Float32Array.of(1, 2);
export const sha256 = () => new Uint8Array(32);
export const saved = formats.savedFloats([2], floats);
export const content = { tensors: new Map([['w', saved]]), metadata: { a: 'b' } };
export const where = { file: 'file', name: 'w' };
export const parts = formats.valueParts(model);
export const file = (name: string) => ({ file: name, bytes: new Uint8Array(8) });
export const files = {
  trainImages: file('a'),
  trainLabels: file('b'),
  testImages: file('c'),
  testLabels: file('d'),
};

export const make =
  (Class: Loose, args: Call['args'] = {}, accepts: Call['accepts'] = {}) =>
  (): Call => ({ act: (...given) => new Class(...given), args, accepts });
export const call =
  (act: Loose, args: Call['args'] = {}, accepts: Call['accepts'] = {}) =>
  (): Call => ({ act: (...given) => act(...given), args, accepts });
export const on =
  (of: () => Loose, method: string, args: Call['args'] = {}, accepts: Call['accepts'] = {}) =>
  (): Call => {
    const self = of();
    return { act: (...given) => self[method](...given), args, accepts };
  };

export const arena = () => new Arena(256);
export const crossEntropy = () => new nn.CrossEntropyLoss().allocate(device, 3, 2);
export const squares = () => new nn.MSELoss().allocate(device, 3, 2);
export const parameter = () =>
  nn.allocateParameters(device, [new nn.Parameter('w', [2])]) && new nn.Parameter('w', [2]);
export const vector = nn.Tensor.zeros(device, [2]);
export const integers = nn.Tensor.zeros(device, [2], 'int32');
export const address = { stream: 1, step: 0 };
export const timed = { medianUs: 1, ci95Us: [1, 1], leastUs: 1, samples: 1, variant: 'scalar' };
export const host = { clock: () => performance.now(), pause: async () => {} };
export const scalar = { kind: 'scalar', step: 0, tag: 'loss', value: 1 };
export const anyKey = (...names: string[]) => Object.fromEntries(names.map((name) => [name, ['any key', 'object']]));
