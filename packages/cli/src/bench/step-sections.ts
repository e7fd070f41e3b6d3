// The step suite as tables, with the profile of one step.
import type { Profile, ProfileRow, StepReport } from '@descent/experiments/bench';
import { digits, percent, plusMinus, type Section } from './section.ts';

/** @param subject the variant that the columns on the right are about */
export function stepSections({ rows, profile }: StepReport, subject: string): Section[] {
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const steps: Section = {
    title: `A step (batch, forward, loss, backward, update): median µs of each variant; ± and least of ${subject}`,
    head: ['network', 'optimizer', ...variants, '±', 'least'],
    rows: rows
      .filter(({ variant }) => variant === subject)
      .map((row) => {
        const same = rows.filter(({ network, optimizer }) => network === row.network && optimizer === row.optimizer);
        const times = variants.map((wanted) => same.find(({ variant }) => variant === wanted)?.medianUs ?? Number.NaN);
        return [row.network, row.optimizer, ...times.map(digits), plusMinus(row), digits(row.leastUs)];
      }),
  };
  return profile ? [steps, ...profileSections(profile)] : [steps];
}

function profileSections({
  network,
  optimizer,
  variant,
  stepUs,
  stopwatchUs,
  outsideUs,
  ops,
  evaluation,
}: Profile): Section[] {
  const head = ['op', 'phase', 'calls', 'µs', 'share'];
  return [
    {
      title: `Where a step of ${network} under ${optimizer} spends its ${digits(stepUs)} µs, ${variant}`,
      head,
      rows: [...profileCells(ops), ['outside kernels', '', '', digits(outsideUs), percent(outsideUs / stepUs)]],
      lines: [
        `The stopwatch around every kernel adds ${digits(stopwatchUs)} µs to a step; one reading of the clock a call is taken off again.`,
      ],
    },
    {
      title: `Evaluation of ${evaluation.images} images: ${digits(evaluation.us / 1000)} ms`,
      head,
      rows: profileCells(evaluation.ops),
    },
  ];
}

/** What takes less than half a hundredth is summed up. */
const SMALL = 0.005;

function profileCells(ops: readonly ProfileRow[]): string[][] {
  const [great, small] = [ops.filter(({ share }) => share >= SMALL), ops.filter(({ share }) => share < SMALL)];
  const sum = small.reduce((total, row) => ({ us: total.us + row.us, share: total.share + row.share }), {
    us: 0,
    share: 0,
  });
  const cells = great.map(({ phase, op, shape, calls, us, share }) => [
    `${op} ${shape.join('×')}`,
    phase,
    digits(calls),
    digits(us),
    percent(share),
  ]);
  return small.length > 0 ? [...cells, [`${small.length} others`, '', '', digits(sum.us), percent(sum.share)]] : cells;
}
