// What docs/kernels.md shows is what its reports say: else `npm run docs:kernels`.
import { expect, test } from 'vitest';
import { fillKernels, KERNELS, KERNELS_PAGE, ROOFLINE, STEP } from '../../scripts/docs/kernels-page.ts';
import { drawRoofline } from '../../scripts/docs/roofline.ts';
import { read } from './markdown.ts';

const [kernels, step] = [JSON.parse(read(KERNELS)), JSON.parse(read(STEP))];

test('tables', () => {
  expect(fillKernels(read(KERNELS_PAGE), kernels, step)).toBe(read(KERNELS_PAGE));
});

test('figure', () => {
  expect(drawRoofline(kernels)).toBe(read(ROOFLINE));
});
