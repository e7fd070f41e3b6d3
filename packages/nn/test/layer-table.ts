// The layers that the tests of this folder run. TypeScript requires a row for every export of `src/layers/index.ts`.

import { type Layer, normal } from '../src/index.ts';
import type * as layers from '../src/layers/index.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Flatten,
  GELU,
  LayerNorm,
  Linear,
  MaxPool2d,
  ReLU,
  RNN,
  Sequential,
  Sigmoid,
  Tanh,
} from '../src/layers/index.ts';

export type LayerName = keyof typeof layers;

interface LayerRow {
  readonly make: () => Layer;
  /** Shape of one row of input. */
  readonly input: readonly number[];
  /** Shape of one row of output. Default: as the input. */
  readonly output?: readonly number[];
  /** Greatest error against PyTorch; undefined if `test-data` has no vectors of the layer. */
  readonly tolerance: number | undefined;
  /** Parameters with weight decay. */
  readonly decayed?: readonly string[];
  /** Parameters without weight decay. */
  readonly undecayed?: readonly string[];
}

const elementwise = (make: () => Layer, tolerance?: number): LayerRow => ({ make, input: [6], tolerance });
const affine = { tolerance: 2e-6, undecayed: ['weight', 'bias'] };
const weights = { decayed: ['weight'], undecayed: ['bias'] };
const rnn = { decayed: ['weight_ih_l0', 'weight_hh_l0'], undecayed: ['bias_ih_l0', 'bias_hh_l0'] };

/** One row per layer class, with its default options. */
export const layerTable: Readonly<Record<LayerName, LayerRow>> = {
  BatchNorm1d: { make: () => new BatchNorm1d(6), input: [6], ...affine },
  BatchNorm2d: { make: () => new BatchNorm2d(2), input: [2, 4, 4], ...affine },
  Conv2d: { make: () => new Conv2d(2, 3, 2), input: [2, 4, 4], output: [3, 3, 3], tolerance: 2e-6, ...weights },
  Dropout: elementwise(() => new Dropout(0.5)),
  Flatten: { make: () => new Flatten(), input: [2, 4, 4], output: [32], tolerance: 0 },
  GELU: elementwise(() => new GELU(), 4e-7),
  LayerNorm: { make: () => new LayerNorm(6), input: [6], ...affine },
  Linear: { make: () => new Linear(6, 4), input: [6], output: [4], tolerance: 1e-6, ...weights },
  MaxPool2d: { make: () => new MaxPool2d(2), input: [2, 4, 4], output: [2, 2, 2], tolerance: 2e-7 },
  ReLU: elementwise(() => new ReLU(), 0),
  RNN: { make: () => new RNN(3, 4, { steps: 2 }), input: [2, 3], output: [4], tolerance: 3e-6, ...rnn },
  Sequential: elementwise(() => new Sequential(new Tanh(), new Sigmoid())),
  Sigmoid: elementwise(() => new Sigmoid(), 3e-7),
  Tanh: elementwise(() => new Tanh(), 3e-7),
};

interface Variant {
  readonly name: string;
  readonly make: () => Layer;
  readonly input: readonly number[];
  readonly output?: readonly number[];
  /** Whether the gradient check runs in evaluation mode. Default: training mode. */
  readonly isEvaluated?: boolean;
  /** Whether a gradient check is impossible, because of a ReLU whose inputs may be near 0. */
  readonly hasKinks?: boolean;
  /** Whether ONNX cannot express it. */
  readonly lacksOnnx?: boolean;
}

const variant = (
  name: string,
  make: () => Layer | Layer[],
  input: readonly number[],
  output: readonly number[] = input,
  rest: Partial<Variant> = {},
): Variant => ({
  name,
  make: () => {
    const made = make();
    return Array.isArray(made) ? new Sequential(made) : made;
  },
  input,
  output,
  ...rest,
});

const defaults = Object.entries(layerTable).map(([name, { make, input, output }]) =>
  variant(name, make, input, output),
);
const isEvaluated = true;

/** Every layer with its default options, and with others. The checks of gradients and of ONNX export read this list. */
export const layerVariants: readonly Variant[] = [
  ...defaults,
  variant('Linear without bias', () => new Linear(5, 4, { bias: false }), [5], [4]),
  variant('Linear over steps', () => new Linear(5, 4), [3, 5], [3, 4]),
  variant('Linear over steps without bias', () => new Linear(5, 4, { bias: false }), [3, 5], [3, 4]),
  variant('Linear and ReLU', () => [new Linear(5, 4), new ReLU()], [5], [4], { hasKinks: true }),
  variant('GELU by tanh', () => new GELU({ approximate: 'tanh' }), [9]),
  variant('BatchNorm1d, evaluation', () => new BatchNorm1d(5), [5], [5], { isEvaluated }),
  variant('BatchNorm1d of the book', () => new BatchNorm1d(6, { eps: 1e-6, initialVariance: 0 }), [6]),
  variant('BatchNorm1d, not affine', () => new BatchNorm1d(6, { affine: false, eps: 0.1 }), [6]),
  variant('BatchNorm1d, cumulative', () => new BatchNorm1d(6, { momentum: null }), [6]),
  variant('BatchNorm1d without running statistics', () => new BatchNorm1d(5, { trackRunningStats: false }), [5], [5], {
    isEvaluated,
    lacksOnnx: true,
  }),
  variant('BatchNorm2d, evaluation', () => new BatchNorm2d(3), [3, 2, 2], [3, 2, 2], { isEvaluated }),
  variant('BatchNorm2d, not affine', () => new BatchNorm2d(3, { affine: false, eps: 0.1 }), [3, 2, 3]),
  variant('LayerNorm over steps', () => new LayerNorm(6, { eps: 0.1 }), [3, 6]),
  variant('LayerNorm over two dimensions', () => new LayerNorm([3, 6]), [3, 6]),
  variant('LayerNorm, not affine', () => new LayerNorm(6, { affine: false }), [6]),
  variant('Dropout, evaluation', () => new Dropout(0.4), [6], [6], { isEvaluated }),
  variant('Dropout of the book', () => new Dropout(0.4, { scaleIn: 'evaluation' }), [6]),
  variant('Dropout of the book, evaluation', () => new Dropout(0.4, { scaleIn: 'evaluation' }), [6], [6], {
    isEvaluated,
  }),
  variant('Conv2d with stride and padding', () => new Conv2d(1, 2, 3, { stride: 2, padding: 1 }), [1, 5, 6], [2, 3, 3]),
  variant('Conv2d without bias', () => new Conv2d(2, 2, 2, { bias: false }), [2, 3, 3], [2, 2, 2]),
  variant(
    'Conv2d, BatchNorm2d and ReLU',
    () => [new Conv2d(2, 3, 3, { bias: false }), new BatchNorm2d(3), new ReLU()],
    [2, 6, 5],
    [3, 4, 3],
    { hasKinks: true },
  ),
  variant('MaxPool2d, overlapping', () => new MaxPool2d(3, { stride: 1 }), [2, 4, 5], [2, 2, 3]),
  variant('RNN, all states', () => new RNN(3, 4, { returns: 'all' }), [5, 3], [5, 4]),
  variant(
    'RNN with layer norm',
    () => new RNN(3, 6, { norm: 'layer', weightInit: normal(), initialGamma: 0.5 }),
    [4, 3],
    [6],
  ),
  variant('RNN with layer norm, all states', () => new RNN(3, 4, { norm: 'layer', returns: 'all' }), [5, 3], [5, 4]),
  variant('RNN with batch norm', () => new RNN(3, 4, { norm: 'batch', steps: 5 }), [5, 3], [4], { isEvaluated }),
  variant(
    'RNN with batch norm, all states',
    () => new RNN(2, 3, { norm: 'batch', steps: 3, returns: 'all' }),
    [3, 2],
    [3, 3],
  ),
  variant('RNN of one step', () => new RNN(3, 4, { norm: 'layer' }), [1, 3], [4]),
  variant('two RNN', () => [new RNN(3, 4, { returns: 'all' }), new RNN(4, 2)], [5, 3], [2]),
  variant('nested Sequential', () => [new Sequential([new Linear(4, 5), new Tanh()]), new Linear(5, 3)], [4], [3]),
  variant('small convnet', () => [new Conv2d(1, 2, 3), new Tanh(), new Flatten(), new Linear(12, 3)], [1, 4, 5], [3]),
];
