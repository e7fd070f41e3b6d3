// Draws the small pictures of the home page from previews: paths without axes, in the colors of the page.
import { pageFigures } from '@descent/experiments';
import { layoutFigure } from '@descent/experiments/svg';

const WIDTH = 320;
const HEIGHT = 112;
/** Points per curve: more would not be visible. */
const POINTS = 64;
const GAP = 10;

/** Panels of the first figure, and how many are in a row. Default: the first panel. */
const choices = {
  weight_init_activation_histogram: { panels: [0, 1, 2, 3, 4, 10, 11, 12, 13, 14], columns: 5 },
  batch_norm_test: { panels: [0, 3, 5, 6, 7, 8, 10, 12], columns: 4 },
  overfit_weight_decay: { panels: [0, 1], columns: 2 },
  overfit_dropout: { panels: [0, 1], columns: 2 },
  internal_covariate_shift: { panels: [2, 5], columns: 2 },
  batch_norm_limits: { panels: [0, 1], columns: 2 },
};

/** Returns the attributes of SVG paths in a box of 320 × 112. */
export function createPicture(experiment, record) {
  const { panels = [0], columns = 1 } = choices[experiment.name] ?? {};
  const [figure] = pageFigures(experiment, record);
  const { frames } = layoutFigure(figure);
  const names = [...new Set(figure.panels.flatMap(({ curves }) => curves.map((curve) => curve.name)))];
  const colorOf = (curve) => `var(--c${1 + (names.indexOf(curve) % 4)})`;
  const rows = Math.ceil(panels.length / columns);
  const [width, height] = [(WIDTH - GAP * (columns - 1)) / columns, (HEIGHT - GAP * (rows - 1)) / rows];
  const drawn = panels.map((panel, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const box = { left: column * (width + GAP), top: row * (height + GAP), width, height };
    return drawPanel(figure.panels[panel], frames[panel], box, colorOf);
  });
  return drawn.flat();
}

/** Returns functions from values of a panel to whole pixels of a box. */
function createScales({ x, y }, { left, top, width, height }) {
  const within = (low, pixel, high) => Math.round(Math.min(high, Math.max(low, pixel)));
  return {
    toX: (value) => within(left, left + (width * (value - x[0])) / (x[1] - x[0]), left + width),
    toY: (value) => within(top, top + (height * (y[1] - value)) / (y[1] - y[0]), top + height),
  };
}

function drawPanel({ kind, curves }, frame, box, colorOf) {
  const { toX, toY } = createScales(frame, box);
  const isVisible = (value) => value >= frame.y[0] && value <= frame.y[1];
  const pixels = ({ x, y }) => {
    const kept = sample(x.map((_, i) => i)).filter((i) => isVisible(y[i]));
    return kept.map((i) => `${toX(x[i])},${toY(y[i])}`);
  };
  const floor = path(`M${box.left},${box.top + box.height}h${box.width}`, { stroke: 'var(--line)' });
  const drawn = curves
    .filter(({ role }) => role !== 'raw')
    .map((curve) => {
      const color = colorOf(curve.name);
      if (kind === 'histogram') return drawBars(curve, toX, toY, box, color);
      if (kind === 'scatter') return path(`M${pixels(curve).join('h0M')}h0`, { stroke: color, class: 'dots' });
      const band = curve.band ? [drawBand(curve, toX, toY, color)] : [];
      return [...band, path(`M${pixels(curve).join(' ')}`, { stroke: color })];
    });
  return [floor, ...drawn.flat()];
}

const path = (d, look) => ({ d, ...look });

function drawBand({ x, band: [low, high] }, toX, toY, color) {
  const at = sample(x).map(toX);
  const edges = [low, high].map((edge) => sample(edge).map((value, i) => `${at[i]},${toY(value)}`));
  return path(`M${edges[0].join(' ')} ${edges[1].reverse().join(' ')}Z`, {
    fill: color,
    'fill-opacity': 0.2,
    stroke: 'none',
  });
}

function drawBars({ x, y }, toX, toY, box, color) {
  const width = Math.max(1, Math.round(box.width / x.length) - 1);
  const bottom = box.top + box.height;
  const bars = y.map((value, i) => (value > 0.2 ? `M${toX(x[i])},${bottom}V${toY(value)}h${width}V${bottom}` : ''));
  return path(bars.join(''), { fill: color, stroke: 'none' });
}

/** Keeps evenly spaced values, the first and the last among them. */
function sample(values) {
  const last = values.length - 1;
  if (last < POINTS) return values;
  return Array.from({ length: POINTS }, (_, i) => values[Math.round((i * last) / (POINTS - 1))]);
}
