// Gradient checks by central differences, and layers and parameters on their own.
import type { Device } from '@descent/kernels';
import { expect } from 'vitest';
import * as nn from '../src/index.ts';

/** A quarter of the distance between evaluations. Errors of float32 rounding and of curvature are each below TOLERANCE. */
const H = 2 ** -6;
const TOLERANCE = 3e-4;

/** Allocates and initializes a layer outside of a model, with the gradient of its input. */
export function allocateLayer<L extends nn.Layer>(
  layer: L,
  device: Device,
  inputShape: readonly number[],
  batchSize: number,
): L {
  nn.allocateParameters(device, layer.parameters());
  nn.allocateBuffers(device, layer.buffers?.() ?? []);
  layer.allocate(device, inputShape, batchSize, true);
  layer.initialize(new nn.Rng(device, 1), new nn.Streams());
  return layer;
}

/** Returns normal numbers that are not near 0, where ReLU has no derivative. */
export function randomNormals(device: Device, shape: readonly number[], seed: number): nn.Tensor {
  const tensor = nn.Tensor.zeros(device, shape);
  new nn.Rng(device, seed).normal(tensor, { stream: nn.streamOf('data') });
  const { data } = tensor;
  data.forEach((value, index) => {
    data[index] = value + Math.sign(value) / 8;
  });
  return tensor;
}

/** Returns the slope of `value` between `reach` above and below an element. */
function slopeBetween({ data }: nn.Tensor, index: number, reach: number, value: () => number): number {
  const here = data[index] as number;
  data[index] = here + reach;
  const [above, up] = [value(), data[index] as number];
  data[index] = here - reach;
  const [below, down] = [value(), data[index] as number];
  data[index] = here;
  return (above - below) / (up - down);
}

/** Expects `gradient` to be the derivative of `value` at every element of `at`. */
export function checkGradient(what: string, at: nn.Tensor, gradient: ArrayLike<number>, value: () => number): void {
  for (let index = 0; index < at.size; index++) {
    const slope = (4 * slopeBetween(at, index, H, value) - slopeBetween(at, index, 2 * H, value)) / 3; // Richardson: O(H⁴)
    const error = Math.abs(slope - (gradient[index] as number)) / Math.max(1, Math.abs(slope));
    expect(error, `${what}[${index}]: ${gradient[index]} for ${slope}`).toBeLessThan(TOLERANCE);
  }
}

/** Checks dx and the gradient of every parameter of a layer with a random projection of its output. */
export function checkLayer(layer: nn.Layer, device: Device, x: nn.Tensor): void {
  const dy = randomNormals(device, layer.forward(x).shape, 77);
  const project = () => {
    if (layer.step !== undefined) layer.step = 3; // the same random numbers in each pass
    const y = layer.forward(x).data;
    return dy.data.reduce((sum, weight, index) => sum + weight * (y[index] as number), 0);
  };
  project();
  const dx = (layer.backward(dy) as nn.Tensor).data.slice();
  const gradients = layer.parameters().map(({ grad }) => grad.data.slice());
  checkGradient(`${layer.name} dx`, x, dx, project);
  for (const [index, { name, value }] of layer.parameters().entries()) {
    checkGradient(`${layer.name} d${name}`, value, gradients[index] as Float32Array, project);
  }
}

/** Creates a parameter with memory. */
export function createParameter(
  device: Device,
  name: string,
  shape: number[],
  data: number[],
  decay: boolean,
): nn.Parameter {
  const parameter = new nn.Parameter(name, shape, { decay });
  parameter.place(nn.Tensor.from(device, data, shape), nn.Tensor.zeros(device, shape));
  return parameter;
}
