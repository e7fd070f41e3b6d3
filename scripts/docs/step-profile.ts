// Where the time of a training step goes, for docs/kernels.md.
import { three } from './roofline.ts';

interface Op {
  readonly phase: string;
  readonly op: string;
  readonly shape: readonly number[];
  readonly calls: number;
  readonly us: number;
}

/** What `descent bench step --profile --json` prints, as far as it is told. */
export interface StepReport {
  readonly format: 'descent-bench/1';
  readonly profile: {
    readonly network: string;
    readonly optimizer: string;
    readonly variant: string;
    readonly ops: readonly Op[];
  };
}

/** Shares are of the time in kernels: what is around them is measured by the step itself. */
export function profileTable({ profile }: StepReport): string {
  const sum = (ops: readonly Op[]) => ops.reduce((total, { us }) => total + us, 0);
  const all = sum(profile.ops);
  const share = (us: number) => `${three(us)} | ${Math.round((100 * us) / all)} %`;
  const large = profile.ops.filter(({ us }) => us >= all / 100);
  const small = profile.ops.filter((each) => !large.includes(each));
  return [
    `| ${profile.network}, ${profile.optimizer}, batch of 128 | phase | calls | µs | share |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...large.map(
      ({ op, shape, phase, calls, us }) => `| \`${op}\` ${shape.join('×')} | ${phase} | ${calls} | ${share(us)} |`,
    ),
    `| ${small.length} others | | | ${share(sum(small))} |`,
    `| **kernels** | | | ${share(all)} |`,
  ].join('\n');
}
