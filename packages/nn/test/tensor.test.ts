// Tensors and parameters as views of memory.
import { expect, test } from 'vitest';
import { type DType, Parameter, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

test.each<[DType, object, number]>([
  ['float32', Float32Array, 24],
  ['int32', Int32Array, 24],
  ['uint8', Uint8Array, 6],
])('%s tensors have elements of their type', (dtype, array, bytes) => {
  const before = device.arena.mark();
  const tensor = Tensor.zeros(device, [2, 3], dtype);
  expect(device.arena.mark() - tensor.pointer).toBe(bytes);
  expect(tensor.data).toBeInstanceOf(array);
  expect([...tensor.data]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...Tensor.from(device, [1, 2, 3], [3], dtype).data]).toEqual([1, 2, 3]);
  device.arena.release(before);
});

test('`data` is a view of the memory', () => {
  const tensor = Tensor.zeros(device, [4]);
  tensor.data[2] = 5;
  expect([...tensor.data]).toEqual([0, 0, 5, 0]);
});

test('a short batch has only its rows', () => {
  const tensor = Tensor.from(device, [1, 2, 3, 4, 5, 6], [3, 2]);
  tensor.shape[0] = 2;
  expect([tensor.size, tensor.toArray()]).toEqual([
    4,
    [
      [1, 2],
      [3, 4],
    ],
  ]);
});

test('`rows` returns the same memory', () => {
  const tensor = Tensor.from(device, [1, 2, 3, 4, 5, 6], [3, 2], 'uint8');
  const rows = tensor.rows(1, 3);
  rows.data[0] = 9;
  expect([rows.shape, [...rows.data], tensor.data[2]]).toEqual([[2, 2], [9, 4, 5, 6], 9]);
  expect(tensor.rows(1, 1).size).toBe(0);
});

test('a scalar has one element, a shape with 0 none', () => {
  expect([Tensor.zeros(device, []).size, Tensor.zeros(device, [0, 5]).size]).toEqual([1, 0]);
});

test('shapes are copied', () => {
  const shape = [2, 2];
  const [tensor, parameter] = [Tensor.zeros(device, shape), new Parameter('w', shape)];
  shape[0] = 7;
  expect([tensor.shape, parameter.shape]).toEqual([
    [2, 2],
    [2, 2],
  ]);
});
