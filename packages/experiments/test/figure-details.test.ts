// Details of figures: gaps, notes, logarithmic axes, marks, and the curves of other runs.
import { describe, expect, test } from 'vitest';
import { convnetVsPerceptron } from '../src/catalog/convnet-vs-perceptron/index.ts';
import { internalCovariateShift } from '../src/catalog/internal-covariate-shift/index.ts';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { overfitDropout } from '../src/catalog/overfit-dropout/index.ts';
import type { Curve, Figure, LinePanel } from '../src/figure/figure.ts';
import { findGap } from '../src/figure/gap.ts';
import { withGhosts } from '../src/figure/ghosts.ts';
import { toLogScale } from '../src/figure/log-scale.ts';
import { figuresOver } from '../src/figure/over-seeds.ts';
import { axisRange, axisTicks } from '../src/figure/scale.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import type { ArmRecord, RunRecord } from '../src/record/record.ts';
import { toText } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

const context = await tinyContext();
const small = { hiddenSizes: '16', batchSize: 16, trainSamples: 64, epochs: 12 };
const overfitting = [
  await run(overfitDropout, small, 1, context),
  await run(overfitDropout, small, 2, context),
] as const;
const mnist = await run(optimizerCompareMnist, { hiddenSizes: '16', batchSize: 16, steps: 60 }, 1, context);
const [losses] = optimizerCompareMnist.figures(mnist) as [Figure];
const panelOf = (figure: Figure | undefined) => figure?.panels[0] as LinePanel;
const label = toText(() => 'a');
const panel = (curves: readonly Curve[], more = {}): LinePanel => ({
  ...{ kind: 'line', x: { label }, y: { label }, curves },
  ...more,
});
const curve = (name: string, y: readonly number[], role: Curve['role'] = 'smooth'): Curve => {
  return { name, x: y.map((_, i) => i), y, role };
};

describe('a gap', () => {
  test('is the distance of the means of the last points', () => {
    const gap = { between: ['low', 'high'], last: 2 } as const;
    const curves = [curve('high', [0, 0.8, 1]), curve('low', [0, 0.4, 0.6])];
    expect(findGap(panel(curves, { gap }))?.distance).toBeCloseTo(0.4, 12);
    expect(findGap(panel(curves.slice(0, 1), { gap }))).toBeUndefined();
  });

  test('is written in SVG and terminal, and over seeds it is that of the means', () => {
    const [first, second] = overfitting.map((record) => overfitDropout.figures(record)[0] as Figure) as [
      Figure,
      Figure,
    ];
    const [over] = figuresOver(overfitDropout, overfitting) as [Figure];
    const distance = (figure: Figure) => findGap(panelOf(figure))?.distance as number;
    expect(distance(over)).toBeCloseTo((distance(first) + distance(second)) / 2, 12);
    for (const text of [renderSvg(over), renderTerminal(over)]) expect(text.match(/gap -?[\d.]+/g)).toHaveLength(2);
  });
});

describe('an arm that diverged', () => {
  const diverged: RunRecord = {
    ...mnist,
    arms: mnist.arms.map((arm): ArmRecord => {
      return arm.name === 'SGD' ? { ...arm, status: 'diverged', divergence: { step: 12 } } : arm;
    }),
  };

  test('is named in the panel of its curve, in its color', () => {
    const [figure] = optimizerCompareMnist.figures(diverged) as [Figure];
    expect(panelOf(figure).notes?.map(({ text }) => text.en)).toEqual(['SGD: diverged at step 12']);
    for (const text of [renderSvg(figure), renderTerminal(figure)]) expect(text).toContain('SGD: diverged at step 12');
    expect(panelOf(losses).notes).toBeUndefined();
  });

  test('is named in its own panel only', async () => {
    const record = await run(optimizerCompareNaive, { sgdLr: 100, steps: 60 });
    const notes = optimizerCompareNaive
      .figures(record)
      .find(({ id }) => id === 'paths')
      ?.panels.map((each) => each.notes?.map(({ text }) => text.en));
    expect(notes).toEqual([[expect.stringMatching(/^diverged at step \d+$/)], undefined, undefined, undefined]);
  });
});

describe('a logarithmic axis', () => {
  test('covers the smooth curves and leaves gaps where a value is not above 0', () => {
    const figure = { ...losses, panels: [panel([curve('a', [2, 0.03, 0, 0.004]), curve('a', [1e-9], 'raw')])] };
    expect(toLogScale(figure)).toEqual(figure);
    const [log] = toLogScale({ ...figure, panels: [{ ...panelOf(figure), y: { label, canBeLog: true } }] }).panels;
    expect(log?.y).toMatchObject({ isLog: true, domain: [0.001, 2] });
    expect(log?.curves[0]?.y).toEqual([2, 0.03, Number.NaN, 0.004]);
  });

  test('is possible for the training loss, without NaN in the drawing', () => {
    expect(panelOf(toLogScale(losses)).y.isLog).toBe(true);
    expect(renderSvg(toLogScale(losses))).not.toMatch(/NaN|Infinity/);
  });

  test('has ticks at 1, 2 and 5, or at powers of ten if these are too many', () => {
    const axis = { label, isLog: true };
    expect(axisTicks(axis, [20, 200], 4)).toEqual([20, 50, 100, 200]);
    expect(axisTicks(axis, [1e-4, 1], 5)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
  });
});

describe('the curves of another run', () => {
  const ghosts = [{ name: toText(() => 'steps 60'), figures: [losses] }];

  test('are dashed, have their own name in files, and extend the axes', () => {
    const [figure] = withGhosts([losses], ghosts) as [Figure];
    const added = panelOf(figure).curves.filter(({ role }) => role === 'ghost');
    expect(added.map(({ of }) => of)).toEqual(mnist.arms.map(({ name }) => `${name} (steps 60)`));
    expect(renderSvg(figure).match(/stroke-dasharray/g)).toHaveLength(4);
    const short = withGhosts(
      [{ ...losses, panels: [panel([curve('SGD', [1, 2])])] }],
      [{ ...ghosts[0]!, figures: [{ ...losses, panels: [panel([curve('SGD', [1, 9])])] }] }],
    );
    expect(axisRange(panelOf(short[0]), 'y')).toEqual([0, 9]);
  });

  test('leave figures without another run as they are', () => {
    expect(withGhosts([losses], [])).toEqual([losses]);
  });
});

test('a mark shades the range of a claim and draws each average', () => {
  const marked = {
    ...losses,
    panels: [{ ...panelOf(losses), marks: [{ x: [50, 60] as const, levels: { SGD: 0.5 } }] }],
  };
  const svg = renderSvg(marked);
  expect(svg.match(/<g class="mark"><rect [^>]*\/><line [^>]*\/><\/g>/g)).toHaveLength(1);
  expect(renderSvg(losses)).not.toContain('class="mark"');
});

test('an interval outside the frame of a bar panel ends in an arrow at the frame', () => {
  const bars = {
    name: 'a',
    x: [1, 1],
    y: [0, 1],
    role: 'smooth' as const,
    band: [
      [0.5, 0.5],
      [1.5, 9],
    ] as const,
  };
  const axis = { label, names: ['b', 'c'] };
  const panels = [{ kind: 'bar' as const, x: { label, domain: [0, 2] as const }, y: axis, curves: [bars] }];
  const [inside, outside] = [...renderSvg({ ...losses, panels }).matchAll(/d="(M[\d.,]+H[^"]+)"/g)].map(([, d]) => d);
  expect(inside).toMatch(/^M[\d.]+,[\d.]+H[\d.]+$/);
  expect(outside).toMatch(/^M[\d.]+,[\d.]+H723M/);
});

test('the drift of all layers has the same axis', async () => {
  const record = await run(
    internalCovariateShift,
    { hiddenSizes: '16x3', batchSize: 16, steps: 40, probeEvery: 10 },
    1,
    context,
  );
  const domains = internalCovariateShift.figures(record)[1]?.panels.map(({ y }) => y.domain);
  expect(domains).toHaveLength(3);
  expect(new Set(domains?.map(String)).size).toBe(1);
});

test('the convnet experiment counts errors on the test images of MNIST, and gives the share of other data', () => {
  const arm = (name: string, testAccuracy: number): ArmRecord => {
    return { name, status: 'finished', series: {}, final: { testAccuracy }, digest: '' };
  };
  const arms = [arm('perceptron', 0.975), arm('convnet', 0.9876)];
  const lengths = (name: string) => {
    const record = { ...mnist, data: { name, sha256: '' }, options: { testSamples: 10_000 }, arms };
    return convnetVsPerceptron.figures(record)[1]?.panels[0]?.curves.map(({ x }) => x[0]);
  };
  expect(lengths('mnist')).toEqual([250, 124]);
  expect(lengths('letters').map((share) => Number(share?.toFixed(2)))).toEqual([2.5, 1.24]);
});
