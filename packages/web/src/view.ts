// What a run shows: status, figures, numbers, claims, digest. Everything is drawn from a record.
import { type Experiment, parseRecord, type RunRecord, type Verdict } from '@descent/experiments';
import { renderSvg } from '@descent/experiments/svg';

/** Milliseconds between drawings of a run on its way. */
const REDRAW = 250;

const dark = matchMedia('(prefers-color-scheme: dark)');

export interface View {
  begin(): void;
  status(text: string, progress?: number): void;
  fail(message: string): void;
  /** A record on its way; drawn now and then. */
  live(experiment: Experiment, record: RunRecord): void;
  /** The record of a run that has ended, as in run.json. */
  end(experiment: Experiment, text: string): void;
}

export function createView(root: HTMLElement): View {
  const part = (id: string) => root.querySelector(`#${id}`) as HTMLElement;
  const [status, figures, claims, numbers] = ['status', 'figures', 'claims', 'numbers'].map(part) as HTMLElement[];
  const bar = part('progress') as HTMLProgressElement;
  let drawn = 0;
  let shown: (() => void) | undefined;
  dark.addEventListener('change', () => shown?.());
  const setStatus = (text: string, progress: number | undefined, isError: boolean) => {
    (status as HTMLElement).textContent = text;
    status?.classList.toggle('error', isError);
    bar.hidden = progress === undefined;
    if (progress !== undefined) bar.value = progress;
  };
  return {
    begin() {
      drawn = 0;
      for (const element of [figures, claims, numbers]) element?.replaceChildren();
    },
    status: (text, progress) => setStatus(text, progress, false),
    fail: (message) => setStatus(message, undefined, true),
    live(experiment, record) {
      if (performance.now() - drawn < REDRAW) return;
      shown = () => figures?.replaceChildren(...drawFigures(experiment, record));
      shown();
      drawn = performance.now();
    },
    end(experiment, text) {
      const record = parseRecord(text);
      shown = () => figures?.replaceChildren(...drawFigures(experiment, record));
      shown();
      claims?.replaceChildren(...drawClaims(record.claims));
      numbers?.replaceChildren(...drawNumbers(record, text));
    },
  };
}

function drawFigures(experiment: Experiment, record: RunRecord): HTMLElement[] {
  return experiment.figures(record).map((figure) => {
    const svg = renderSvg(figure, { document, lang: 'en', theme: dark.matches ? 'dark' : 'light' });
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    return element('figure', {}, document.importNode(parsed, true));
  });
}

function drawClaims(verdicts: readonly Verdict[]): HTMLElement[] {
  if (verdicts.length === 0) return [];
  const items = verdicts.map(({ text, holds, evidence }) => {
    const measured = Object.entries(evidence).map(([name, value]) => `${name} ${format(value)}`);
    return element(
      'li',
      { className: holds ? 'holds' : '' },
      element('span', { className: 'verdict' }, holds ? '✓ ' : '✗ '),
      text.en,
      element('span', { className: 'evidence' }, measured.join(' · ')),
    );
  });
  return [element('h2', {}, 'Claims'), element('ul', { className: 'claims' }, ...items)];
}

function drawNumbers(record: RunRecord, text: string): HTMLElement[] {
  const columns = [...new Set(record.arms.flatMap(({ final }) => Object.keys(final)))];
  const head = element(
    'tr',
    {},
    ...['arm', 'outcome', ...columns].map((name) => element('th', { scope: 'col' }, name)),
  );
  const rows = record.arms.map(({ name, status, final }) => {
    const cells = columns.map((column) => element('td', {}, format(final[column])));
    return element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, status), ...cells);
  });
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const seconds = record.elapsedSeconds.toFixed(1);
  return [
    element('h2', {}, 'Numbers'),
    element('div', { className: 'table' }, table),
    element(
      'p',
      {},
      `${seconds} s, seed ${record.seed}, ${record.variant}. Digest `,
      element('code', {}, record.digest),
    ),
    element('p', {}, element('a', { href, download: 'run.json' }, 'Save the record (run.json)')),
  ];
}

function format(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
