// What is generated in docs/kernels.md, from docs/kernels.json.
import { type KernelsReport, rooflineMachine, rooflineTable } from './roofline.ts';

export const KERNELS = 'docs/kernels.json';
export const KERNELS_PAGE = 'docs/kernels.md';
export const ROOFLINE = 'docs/images/roofline.svg';

const blocks = { table: rooflineTable, machine: rooflineMachine };

export function fillKernels(markdown: string, report: KernelsReport): string {
  return Object.entries(blocks).reduce((page, [name, make]) => {
    const region = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- /generated -->)`);
    return page.replace(region, (_, start: string, end: string) => `${start}${make(report)}\n${end}`);
  }, markdown);
}
