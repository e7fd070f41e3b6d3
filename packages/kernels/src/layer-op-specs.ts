// The rows of the ops that only some layers need.
import { floats, indices, m, mn, n, type OpSpec, output, type Sizes, scalar, size, state } from './op-spec.ts';

const mnk = (s: Sizes): number => mn(s) * (s.k as number);

const of = (s: Sizes, name: string): number => s[name] as number;
const convolution = ['batch', 'channels', 'height', 'width', 'kernel', 'stride', 'padding'].map(size);
const pooling = ['planes', 'height', 'width', 'kernel', 'stride'].map(size);
const smallPictures = {
  least: { height: 1, width: 1, kernel: 1, stride: 1 },
  most: { batch: 3, channels: 3, planes: 5, height: 9, width: 19, kernel: 5, stride: 3, padding: 3 },
};
const places = (s: Sizes, extent: 'height' | 'width'): number =>
  Math.max(0, Math.floor((of(s, extent) + 2 * (s.padding ?? 0) - of(s, 'kernel')) / of(s, 'stride')) + 1);
const plane = (s: Sizes): number => of(s, 'height') * of(s, 'width');
const planes = (s: Sizes): number => of(s, 'planes') * plane(s);
const pooled = (s: Sizes): number => of(s, 'planes') * places(s, 'height') * places(s, 'width');
const pictures = (s: Sizes): number => of(s, 'batch') * of(s, 'channels') * plane(s);
const columns = (s: Sizes): number =>
  of(s, 'batch') * of(s, 'channels') * of(s, 'kernel') * of(s, 'kernel') * places(s, 'height') * places(s, 'width');

export const layerOpSpecs: readonly OpSpec[] = [
  {
    op: 'moments',
    arguments: [
      size('m'),
      size('n'),
      scalar('eps', 1e-5),
      floats('x', mn),
      output('mean', n),
      output('residual', n),
      output('variance', n),
      output('inverse', n),
    ],
    flops: (s) => 4 * mn(s),
  },
  {
    op: 'inverseStd',
    arguments: [size('n'), scalar('eps', 1e-5), floats('variance', n, 'positive'), output('out', n)],
    inPlace: ['variance'],
    flops: (s) => 3 * n(s),
  },
  {
    op: 'updateRunning',
    arguments: [size('n'), scalar('momentum', 0.1, 1), scalar('factor', 1, 1.25), floats('batch', n), state('running')],
    flops: (s) => 3 * n(s),
  },
  {
    op: 'batchNorm',
    arguments: [
      size('m'),
      size('n'),
      scalar('relu', 0, 1),
      floats('x', mn),
      floats('mean', n),
      floats('residual', n),
      floats('inverse', n, 'positive'),
      floats('gamma', n),
      floats('beta', n),
      output('out', mn),
    ],
    inPlace: ['x'],
    flops: (s) => 3 * mn(s),
  },
  {
    op: 'batchNormBackward',
    arguments: [
      size('m'),
      size('n'),
      scalar('batch', 0, 1),
      floats('x', mn),
      floats('mean', n),
      floats('residual', n),
      floats('inverse', n, 'positive'),
      floats('gamma', n),
      floats('dy', mn),
      output('dGamma', n),
      output('dBeta', n),
      output('dx', mn),
    ],
    inPlace: ['x', 'dy'],
    flops: (s) => 9 * mn(s),
  },
  {
    op: 'layerNorm',
    arguments: [
      size('m'),
      size('n'),
      scalar('relu', 0, 1),
      scalar('eps', 1e-5),
      floats('x', mn),
      floats('gamma', n),
      floats('beta', n),
      output('mean', m),
      output('residual', m),
      output('inverse', m),
      output('out', mn),
    ],
    inPlace: ['x'],
    flops: (s) => 7 * mn(s),
  },
  {
    op: 'layerNormBackward',
    arguments: [
      size('m'),
      size('n'),
      floats('x', mn),
      floats('mean', m),
      floats('residual', m),
      floats('inverse', m),
      floats('gamma', n),
      floats('dy', mn),
      output('dGamma', n),
      output('dBeta', n),
      output('dx', mn),
    ],
    inPlace: ['x', 'dy'],
    flops: (s) => 19 * mn(s),
  },
  {
    op: 'swapAxes',
    arguments: [size('m'), size('n'), size('k'), floats('x', mnk), output('out', mnk)],
    flops: () => 0,
  },
  {
    op: 'im2col',
    arguments: [...convolution, floats('x', pictures), output('out', columns)],
    ...smallPictures,
    flops: () => 0,
  },
  {
    op: 'col2im',
    arguments: [...convolution, floats('x', columns), output('out', pictures)],
    ...smallPictures,
    flops: columns,
  },
  {
    op: 'channelBias',
    arguments: [
      size('m'),
      size('n'),
      size('k'),
      scalar('relu', 0, 1),
      floats('x', mnk),
      floats('bias', n),
      output('out', mnk),
    ],
    inPlace: ['x'],
    flops: mnk,
  },
  { op: 'sumAxis1', arguments: [size('m'), size('n'), floats('x', mn), output('out', m)], flops: mn },
  {
    op: 'maxPool',
    arguments: [...pooling, floats('x', planes), output('indices', pooled, 'word'), output('out', pooled)],
    ...smallPictures,
    flops: () => 0,
  },
  {
    op: 'maxPoolBackward',
    arguments: [...pooling, indices('indices', pooled, plane), floats('dy', pooled), output('dx', planes)],
    ...smallPictures,
    flops: pooled,
  },
  {
    op: 'gelu',
    arguments: [size('n'), scalar('tanh', 0, 1), floats('x', n), output('out', n)],
    inPlace: ['x'],
    flops: (s) => 46 * n(s),
  },
  {
    op: 'geluBackward',
    arguments: [size('n'), scalar('tanh', 0, 1), floats('x', n), floats('dy', n), output('dx', n)],
    inPlace: ['x', 'dy'],
    flops: (s) => 70 * n(s),
  },
];
