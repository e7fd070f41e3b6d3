// The roofline of docs/kernels.md: what the machine allows, and where kernels stand under it. Drawn from a benchmark's report.
import { withDark } from './draw.ts';

interface Row {
  readonly op: string;
  readonly shape: readonly number[];
  readonly variant: string;
  readonly density?: number;
  readonly leastUs: number;
  readonly medianUs: number;
  readonly gflops: number;
  readonly effectiveGflops?: number;
  readonly gbps: number;
  readonly roofFraction: number;
  readonly limit: 'arithmetic' | 'memory';
  readonly speedupOverReference: number;
}

interface Roof {
  readonly loop: string;
  readonly gflops: number;
  readonly flopsPerCycle?: number;
  readonly streams: readonly { readonly kib: number; readonly gbps: number }[];
}

/** What `descent bench kernels --json` prints, as far as it is drawn. */
export interface KernelsReport {
  readonly format: 'descent-bench/1';
  readonly roof: Readonly<Record<string, Roof>>;
  readonly rows: readonly Row[];
  readonly noise: { readonly noisy: boolean };
  readonly environment: Readonly<Record<string, string>>;
}

const VARIANT = 'simd128';

/** Ops by shape, and where the name stands: before the point or after it, pixels lower. */
const shown: readonly (readonly [op: string, shape: string, side: 'start' | 'end', lower: number])[] = [
  ['matmul', '128×784×100', 'end', -8],
  ['matmul', '128×100×10', 'end', 16],
  ['sparseLinear', '128×784×100', 'start', 20],
  ['matmulTN', '784×128×100', 'end', 18],
  ['adam', '109810', 'start', 12],
  ['momentum', '109810', 'start', 6],
  ['sgd', '109810', 'start', 12],
  ['add', '12800', 'start', 12],
  ['axpy', '12800', 'end', 0],
  ['moments', '128×100', 'end', -6],
  ['batchNorm', '128×100', 'end', -8],
  ['layerNorm', '128×100', 'start', 12],
  ['exp', '12800', 'end', -6],
  ['tanh', '12800', 'start', 8],
  ['sum', '12800', 'start', 12],
  ['softmaxCrossEntropy', '128×10', 'start', 10],
  ['max', '12800', 'start', 4],
  ['randomBits', '12800', 'start', 4],
];

const [WIDTH, HEIGHT] = [760, 500];
const frame = { left: 62, top: 62, right: 740, bottom: 450 };
const [fromX, toX, fromY, toY] = [0.05, 64, 0.5, 64];

const px = (intensity: number) =>
  frame.left + (frame.right - frame.left) * (Math.log(intensity / fromX) / Math.log(toX / fromX));
const py = (gflops: number) =>
  frame.bottom - (frame.bottom - frame.top) * (Math.log(gflops / fromY) / Math.log(toY / fromY));
const tenth = (value: number) => value.toFixed(1).replace(/\.0$/, '');

const textAt = (x: number, y: number, words: string, look = '') =>
  `<text x="${tenth(x)}" y="${tenth(y)}"${look}>${words}</text>`;
const lineTo = (x1: number, y1: number, x2: number, y2: number, look: string) =>
  `<line x1="${tenth(x1)}" y1="${tenth(y1)}" x2="${tenth(x2)}" y2="${tenth(y2)}" ${look}/>`;

export function drawRoofline(report: KernelsReport): string {
  const roof = report.roof[VARIANT] as Roof;
  const streams = [roof.streams[0], roof.streams.at(-1)] as Roof['streams'];
  const title = 'Kernels under the roof of simd128';
  const caption =
    'GFLOP/s over flops per byte, both logarithmic. The flat line is the measured rate of multiplications and additions, the slopes are measured streams.';
  const body = [
    grid(),
    ...streams.map((stream) => slope(stream, roof)),
    lineTo(
      px(fromX),
      py(roof.gflops),
      px(toX),
      py(roof.gflops),
      'stroke="#1f2328" stroke-width="1.5" stroke-dasharray="2 3"',
    ),
    textAt(px(0.45), py(roof.gflops) - 8, `${roof.gflops.toFixed(1)} GFLOP/s: ${roof.loop}`),
    ...shown.map((entry) => point(report, entry)),
  ].join('');
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="#1f2328">`,
    `<title>${title}</title><desc>${caption}</desc><rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    textAt(16, 26, title, ' font-size="15" font-weight="bold"'),
    textAt(16, 46, 'GFLOP/s (what is computed)'),
    body,
    textAt(
      (frame.left + frame.right) / 2,
      HEIGHT - 12,
      'flops per byte that is read or written',
      ' text-anchor="middle"',
    ),
    '</svg>\n',
  ].join('');
  return withDark(svg);
}

function grid(): string {
  const xs = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
  const ys = [1, 2, 4, 8, 16, 32];
  const look = 'stroke="#e4e7eb"';
  return [
    ...xs.flatMap((x) => [
      lineTo(px(x), frame.top, px(x), frame.bottom, look),
      textAt(px(x), frame.bottom + 18, x < 1 ? `1/${1 / x}` : String(x), ' text-anchor="middle"'),
    ]),
    ...ys.flatMap((y) => [
      lineTo(frame.left, py(y), frame.right, py(y), look),
      textAt(frame.left - 8, py(y) + 4, String(y), ' text-anchor="end"'),
    ]),
    `<rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}" fill="none" stroke="#59636e"/>`,
  ].join('');
}

/** Bytes a second times flops a byte, up to the roof. */
function slope({ kib, gbps }: Roof['streams'][number], { gflops }: Roof): string {
  const start = Math.max(fromX, fromY / gbps);
  const end = gflops / gbps;
  const [x1, y1, x2, y2] = [px(start), py(start * gbps), px(end), py(gflops)];
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const at = 0.12;
  const [x, y] = [x1 + at * (x2 - x1) - 5, y1 + at * (y2 - y1) - 7];
  const size = kib < 1024 ? `${kib} KiB` : `${kib / 1024} MiB`;
  const turned = ` transform="rotate(${tenth(angle)} ${tenth(x)} ${tenth(y)})"`;
  return (
    lineTo(x1, y1, x2, y2, 'stroke="#59636e" stroke-width="1.5"') +
    textAt(x, y, `${gbps.toFixed(0)} GB/s, ${size}`, turned)
  );
}

/** Filled where arithmetic limits it, hollow where memory does. */
function point(report: KernelsReport, [op, shape, side, lower]: (typeof shown)[number]): string {
  const row = report.rows.find((each) => each.op === op && each.shape.join('×') === shape && each.variant === VARIANT);
  if (!row) throw new Error(`[docs] expected the benchmark to have ${op} ${shape}`);
  const [x, y] = [px(row.gflops / row.gbps), py(row.gflops)];
  const fill = row.limit === 'arithmetic' ? '#0072b2' : '#ffffff';
  const name = op.startsWith('m') && shape.split('×').length > 2 && op !== 'moments' ? `${op} ${shape}` : op;
  const anchor = ` text-anchor="${side}" font-size="11"`;
  return `<circle cx="${tenth(x)}" cy="${tenth(y)}" r="4" fill="${fill}" stroke="#0072b2" stroke-width="1.5"/>${textAt(side === 'start' ? x + 8 : x - 8, y + lower, name, anchor)}`;
}

/** The same in numbers. */
export function rooflineTable(report: KernelsReport): string {
  const rows = shown.map(([op, shape]) => {
    const row = report.rows.find(
      (each) => each.op === op && each.shape.join('×') === shape && each.variant === VARIANT,
    ) as Row;
    const density = row.density === undefined ? '' : `, ${Math.round(100 * row.density)} % non-zero`;
    const rate = row.limit === 'arithmetic' ? `${three(row.gflops)} GFLOP/s` : `${three(row.gbps)} GB/s`;
    const effective = row.effectiveGflops === undefined ? '' : ` (${three(row.effectiveGflops)} effective)`;
    return `| \`${op}\` ${shape}${density} | ${three(row.medianUs)} | ${rate}${effective} | ${row.limit} | ${Math.round(100 * row.roofFraction)} % | ${three(row.speedupOverReference)} |`;
  });
  return [
    '| call | µs | rate | limited by | of the roof | × reference |',
    '| --- | ---: | ---: | --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

const three = (value: number) => String(Number(value.toPrecision(3)));

/** Where and when: a figure without it means nothing. */
export function rooflineMachine({ environment, roof, noise }: KernelsReport): string {
  const { flopsPerCycle } = roof[VARIANT] as Roof;
  const cycle = flopsPerCycle === undefined ? '' : `, ${flopsPerCycle.toFixed(1)} flops a cycle at the roof`;
  const quiet = noise.noisy ? 'other work on the machine, and the run calls itself noisy' : 'a quiet run';
  return `Measured with ${environment.runtime} on ${environment.os}, ${environment.cpu}${cycle}; ${quiet}. Medians.`;
}
