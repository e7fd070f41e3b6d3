// Tensors and parameters: views of memory.
import { expect, test } from 'vitest';
import { allocateParameters, type DType, Parameter, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

test.each<[DType, object, number]>([
  ['float32', Float32Array, 24],
  ['int32', Int32Array, 24],
  ['uint8', Uint8Array, 6],
])('%s tensors', (dtype, array, bytes) => {
  const before = device.arena.mark();
  const tensor = Tensor.zeros(device, [2, 3], dtype);
  expect(device.arena.mark() - tensor.pointer).toBe(bytes);
  expect(tensor.data).toBeInstanceOf(array);
  expect([...tensor.data]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...Tensor.from(device, [1, 2, 3], [3], dtype).data]).toEqual([1, 2, 3]);
  device.arena.release(before);
});

test('data is a view of the memory, not a copy', () => {
  const tensor = Tensor.zeros(device, [4]);
  tensor.data[2] = 5;
  expect([...tensor.data]).toEqual([0, 0, 5, 0]);
});

test('a short batch shows its rows only', () => {
  const tensor = Tensor.from(device, [1, 2, 3, 4, 5, 6], [3, 2]);
  tensor.shape[0] = 2;
  expect([tensor.size, [...tensor.data]]).toEqual([4, [1, 2, 3, 4]]);
});

test('rows are the same memory', () => {
  const tensor = Tensor.from(device, [1, 2, 3, 4, 5, 6], [3, 2], 'uint8');
  const rows = tensor.rows(1, 3);
  rows.data[0] = 9;
  expect([rows.shape, [...rows.data], tensor.data[2]]).toEqual([[2, 2], [9, 4, 5, 6], 9]);
  expect(tensor.rows(1, 1).size).toBe(0);
});

test('a scalar has one element, an empty shape none', () => {
  expect(Tensor.zeros(device, []).size).toBe(1);
  expect(Tensor.zeros(device, [0, 5]).size).toBe(0);
});

test('a shape given is not a shape shared', () => {
  const shape = [2, 2];
  const tensor = Tensor.zeros(device, shape);
  shape[0] = 7;
  expect(tensor.shape).toEqual([2, 2]);
});

test('placed parameters keep their order within those that decay and those that do not', () => {
  const parameters = [false, true, false, true].map(
    (decay, index) => new Parameter(`p${index}`, [2, index + 1], { decay }),
  );
  const { values, grads } = allocateParameters(device, parameters);
  const places = parameters.map(({ value, grad }) => [value.pointer - values.pointer, grad.pointer - grads.pointer]);
  expect(places).toEqual([
    [48, 48],
    [0, 0],
    [56, 56],
    [16, 16],
  ]);
  expect(values.size).toBe(20);
});

const tensor = Tensor.zeros(device, [3, 2]);
const errors: [string, () => unknown, string][] = [
  [
    'half a dimension',
    () => Tensor.zeros(device, [2, 1.5]),
    '[Tensor] expected shape[1] to be a whole number from 0 to 4294967295 but got 1.5',
  ],
  ['negative dimension', () => Tensor.zeros(device, [-1]), '[Tensor] expected shape[0] to be'],
  ['too few values', () => Tensor.from(device, [1, 2], [3]), '[Tensor] expected 3 values for the shape [3] but got 2'],
  ['rows beyond the end', () => tensor.rows(1, 4), '[Tensor] expected end to be a whole number from 1 to 3 but got 4'],
  ['rows backwards', () => tensor.rows(2, 1), '[Tensor] expected end'],
  ['half a row', () => tensor.rows(0.5, 1), '[Tensor] expected start'],
  ['no value yet', () => new Parameter('w', [2], { decay: true }).value, '[Parameter] expected w to be on a device'],
  ['no gradient yet', () => new Parameter('w', [2], { decay: true }).grad, '[Parameter] expected w to be on a device'],
  [
    'a place too small',
    () => new Parameter('w', [2], { decay: true }).place(tensor, tensor),
    '[Parameter] expected 2 elements for w but got 6 and 6',
  ],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
