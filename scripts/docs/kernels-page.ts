// What is generated in docs/kernels.md, from docs/kernels.json and docs/step.json.
import { type KernelsReport, rooflineMachine, rooflineTable } from './roofline.ts';
import { profileTable, type StepReport } from './step-profile.ts';

export const KERNELS = 'docs/kernels.json';
export const STEP = 'docs/step.json';
export const KERNELS_PAGE = 'docs/kernels.md';
export const ROOFLINE = 'docs/images/roofline.svg';

export function fillKernels(markdown: string, kernels: KernelsReport, step: StepReport): string {
  const blocks = {
    machine: rooflineMachine(kernels),
    table: rooflineTable(kernels),
    profile: profileTable(step),
  };
  return Object.entries(blocks).reduce((page, [name, block]) => {
    const region = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- /generated -->)`);
    return page.replace(region, (_, start: string, end: string) => `${start}${block}\n${end}`);
  }, markdown);
}
