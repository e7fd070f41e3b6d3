// The roofline of docs/kernels.md: what the machine allows, and where kernels stand under it. Drawn from a benchmark's report.
import { withDark } from './draw.ts';

interface Row {
  readonly op: string;
  readonly shape: readonly number[];
  readonly variant: string;
  readonly density?: number;
  readonly leastUs: number;
  readonly medianUs: number;
  readonly ci95Us: readonly [low: number, high: number];
  readonly gflops: number;
  readonly effectiveGflops?: number;
  readonly gbps: number;
  readonly bestRoofFraction: number;
  readonly limit: 'arithmetic' | 'memory';
  readonly speedupOverReference: number;
}

interface Roof {
  readonly loop: string;
  readonly bestGflops: number;
  readonly flopsPerCycle?: number;
  readonly streams: readonly { readonly kib: number; readonly bestGbps: number }[];
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

interface Entry {
  readonly op: string;
  readonly shape: string;
  /** Where the name stands in the figure: before the point or after it, pixels lower. Without: in the table alone. */
  readonly name?: readonly [side: 'start' | 'end', lower: number];
}

const entry = (op: string, shape: string, ...name: [] | ['start' | 'end', number]): Entry => ({
  op,
  shape,
  ...(name.length === 2 && { name }),
});

const shown: readonly Entry[] = [
  entry('matmul', '128×784×100', 'end', -14),
  entry('matmul', '128×100×10', 'end', 16),
  entry('sparseLinear', '128×784×100', 'start', 20),
  entry('matmulTN', '784×128×100', 'end', 18),
  entry('matmulNT', '128×100×100'),
  entry('sparseMatmul', '784×128×100'),
  entry('adam', '109810', 'start', 12),
  entry('momentum', '109810', 'start', 6),
  entry('sgd', '109810', 'start', 12),
  entry('add', '12800', 'start', 12),
  entry('axpy', '12800', 'end', 0),
  entry('moments', '128×100', 'end', -6),
  entry('batchNorm', '128×100', 'end', -8),
  entry('batchNormBackward', '128×100'),
  entry('layerNorm', '128×100', 'start', 12),
  entry('layerNormBackward', '128×100'),
  entry('addMatmulNT', '200×64×16'),
  entry('im2col', '100×1×28×28×5×1×0'),
  entry('col2im', '100×8×12×12×3×1×1'),
  entry('channelBias', '100×576×16'),
  entry('sumAxis1', '16×57600'),
  entry('maxPool', '1600×24×24×2×2'),
  entry('maxPoolBackward', '1600×24×24×2×2'),
  entry('exp', '12800', 'end', -6),
  entry('tanh', '12800', 'start', 8),
  entry('gelu', '12800', 'start', 12),
  entry('sum', '12800', 'start', 12),
  entry('max', '12800', 'start', 4),
  entry('softmaxCrossEntropy', '128×10', 'start', 10),
  entry('randomBits', '12800', 'start', 4),
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
      py(roof.bestGflops),
      px(toX),
      py(roof.bestGflops),
      'stroke="#1f2328" stroke-width="1.5" stroke-dasharray="2 3"',
    ),
    textAt(px(0.45), py(roof.bestGflops) - 8, `${roof.bestGflops.toFixed(1)} GFLOP/s: ${roof.loop}`),
    ...shown.map((each) => point(report, each)),
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
function slope({ kib, bestGbps: gbps }: Roof['streams'][number], { bestGflops: gflops }: Roof): string {
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

function rowOf({ rows }: KernelsReport, { op, shape }: Entry, variant = VARIANT): Row {
  const row = rows.find((each) => each.op === op && each.shape.join('×') === shape && each.variant === variant);
  if (!row) throw new Error(`[docs] expected the benchmark to have ${op} ${shape}`);
  return row;
}

/** Rates of the fastest sample: others use the machine too, and nothing makes a kernel faster than it is. */
function ratesOf({ gflops, gbps, effectiveGflops = 0, medianUs, leastUs }: Row) {
  const gain = medianUs / leastUs;
  return { gflops: gain * gflops, gbps: gain * gbps, effectiveGflops: gain * effectiveGflops };
}

/** Filled where arithmetic limits it, hollow where memory does. */
function point(report: KernelsReport, each: Entry): string {
  if (!each.name) return '';
  const { op, shape } = each;
  const [side, lower] = each.name;
  const row = rowOf(report, each);
  const [x, y] = [px(row.gflops / row.gbps), py(ratesOf(row).gflops)];
  const fill = row.limit === 'arithmetic' ? '#0072b2' : '#ffffff';
  const words = op === 'matmul' ? `${op} ${shape}` : op;
  const anchor = ` text-anchor="${side}" font-size="11"`;
  return `<circle cx="${tenth(x)}" cy="${tenth(y)}" r="4" fill="${fill}" stroke="#0072b2" stroke-width="1.5"/>${textAt(side === 'start' ? x + 8 : x - 8, y + lower, words, anchor)}`;
}

/** Whether its median is known to a tenth, and is that of calls that nobody interrupted: a long call among others hardly is. */
const isSteady = ({ ci95Us: [low, high], medianUs, leastUs }: Row) =>
  high - low < medianUs / 5 && medianUs < 1.15 * leastUs;

/** The same in numbers. */
export function rooflineTable(report: KernelsReport): string {
  const rows = shown.map((each) => {
    const row = rowOf(report, each);
    const density = row.density === undefined ? '' : `, ${Math.round(100 * row.density)} % non-zero`;
    const { gflops, gbps, effectiveGflops } = ratesOf(row);
    const rate = row.limit === 'arithmetic' ? `${three(gflops)} GFLOP/s` : `${three(gbps)} GB/s`;
    const effective = effectiveGflops === 0 ? '' : ` (${three(effectiveGflops)} effective)`;
    const speedup = isSteady(rowOf(report, each, 'reference')) ? three(row.speedupOverReference) : '—';
    return `| \`${row.op}\` ${each.shape}${density} | ${three(row.leastUs)} | ${three(row.medianUs)} | ${rate}${effective} | ${row.limit} | ${Math.round(100 * row.bestRoofFraction)} % | ${speedup} |`;
  });
  return [
    '| call | least µs | median | rate | limited by | of the roof | × reference |',
    '| --- | ---: | ---: | ---: | --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

export const three = (value: number) => String(Number(value.toPrecision(3)));

/** Where and when: a figure without it means nothing. */
export function rooflineMachine({ environment, roof, noise }: KernelsReport): string {
  const { flopsPerCycle } = roof[VARIANT] as Roof;
  const cycle = flopsPerCycle === undefined ? '' : `, ${flopsPerCycle.toFixed(1)} flops a cycle at the roof`;
  const quiet = noise.noisy ? 'other work on the machine, and the run calls itself noisy' : 'a quiet run';
  return `Measured with ${environment.runtime} on ${environment.os}, ${environment.cpu}${cycle}; ${quiet}. Rates and fractions of the roof are of the fastest sample, the roof likewise.`;
}
