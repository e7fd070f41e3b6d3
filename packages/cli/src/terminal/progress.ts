// The live progress on stderr: a bar per arm, if there are few, and one for the whole run; none if stderr is not a
// terminal.

import { type ArmRecord, clip, displayWidth, type Lang, type PlannedArm, padEnd, padStart } from '@descent/experiments';
import type { MultiBar } from 'cli-progress';
import { message } from '../i18n/index.ts';
import { colorize, columnsOf, isLive, log } from './terminal.ts';

/** What a bar shows. */
interface Bar {
  name: string;
  readonly steps: number;
  step: number;
  note: string;
  isDone: boolean;
}

/** Columns of the note behind a bar. */
const NOTE_WIDTH = 20;
const MAX_NAME_WIDTH = 24;
/** More arms than this share one bar. */
const MAX_BARS = 8;

const createBar = (name: string, steps: number): Bar => ({ name, steps, step: 0, note: '', isDone: false });

export class Progress {
  readonly #arms: readonly PlannedArm[];
  readonly #lang: Lang;
  /** One per arm, or none. */
  readonly #bars: readonly Bar[];
  readonly #total: Bar;
  readonly #steps: number[];
  readonly #start = performance.now();
  #skipped = 0;
  #view: MultiBar | undefined;

  constructor(arms: readonly PlannedArm[], lang: Lang) {
    this.#arms = arms;
    this.#lang = lang;
    this.#steps = arms.map(() => 0);
    this.#bars =
      arms.length > 1 && arms.length <= MAX_BARS ? arms.map(({ name, steps }) => createBar(name, steps)) : [];
    const steps = arms.reduce((sum, arm) => sum + arm.steps, 0);
    this.#total = createBar(message('all')[lang], steps);
  }

  /** Starts drawing, if stderr is a terminal. The library is loaded only then. */
  async show(): Promise<void> {
    if (!isLive(process.stderr)) return;
    const { default: cliProgress } = await import('cli-progress');
    const widths = this.#arms.map(({ name }) => Math.min(displayWidth(name), MAX_NAME_WIDTH));
    const nameWidth = Math.max(displayWidth(this.#total.name), ...widths);
    const view = new cliProgress.MultiBar({
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      fps: 10,
      forceRedraw: true,
      format: (_options, _params, bar: Bar) => draw(bar, nameWidth),
    });
    for (const bar of [...this.#bars, this.#total]) view.create(bar.steps, 0, bar);
    view.update();
    this.#view = view;
    log.redirect((text) => view.log(text));
  }

  /** Shows the step of an arm. This only sets values; a timer draws. */
  step(arm: number, step: number, loss: number): void {
    const bar = this.#bars[arm];
    if (bar) Object.assign(bar, { step, note: `${message('loss')[this.#lang]} ${loss.toPrecision(3)}` });
    else this.#total.name = this.#arms[arm]?.name ?? this.#total.name;
    this.#advance(arm, step);
  }

  /** Shows that an arm has ended, now or in an earlier process. */
  end(arm: number, { status, divergence }: Pick<ArmRecord, 'status' | 'divergence'>, isEarlier = false): void {
    const total = this.#arms[arm]?.steps ?? 0;
    if (isEarlier) this.skip(arm, total);
    const bar = this.#bars[arm];
    if (bar && divergence) {
      const text = message('diverged-at', { step: divergence.step })[this.#lang];
      bar.note = colorize.yellow(clip(text, NOTE_WIDTH));
    }
    if (bar && isEarlier) bar.note = message('resumed')[this.#lang];
    if (status === 'interrupted') return;
    if (bar) Object.assign(bar, { step: total, isDone: true });
    this.#advance(arm, total);
  }

  /** Shows the steps of an earlier process. They do not count for the speed of this one. */
  skip(arm: number, steps: number): void {
    this.#skipped += steps;
    this.#advance(arm, steps);
  }

  #advance(arm: number, step: number): void {
    const total = this.#total;
    total.step += step - (this.#steps[arm] ?? 0);
    this.#steps[arm] = step;
    const done = total.step - this.#skipped;
    const left = ((performance.now() - this.#start) / 1000 / done) * (total.steps - total.step);
    total.note = done > 0 ? message('left', { time: formatSeconds(left) })[this.#lang] : '';
  }

  /** Clears the bars and restores the cursor. */
  stop(): void {
    if (this.#view) log.redirect();
    this.#view?.stop();
    this.#view = undefined;
  }
}

/** Formats `  Momentum  ━━━━━━━━━━──────────────  812/2000  loss 0.210`. */
function draw({ name, step, steps, note, isDone }: Bar, maxNameWidth: number): string {
  const count = padStart(`${step}/${steps}`, 2 * String(steps).length + 1);
  const room = columnsOf(process.stderr) - displayWidth(count) - NOTE_WIDTH - 10;
  const nameWidth = Math.min(maxNameWidth, room - 8);
  const width = Math.max(8, room - nameWidth);
  const full = steps === 0 ? width : Math.floor((step / steps) * width);
  const bar = colorize.cyan('━'.repeat(full)) + colorize.dim('─'.repeat(width - full));
  const label = padEnd(clip(name, nameWidth), nameWidth);
  return `  ${isDone ? colorize.green(label) : label}  ${bar}  ${colorize.dim(count)}  ${padEnd(note, NOTE_WIDTH)}`;
}

/** Formats `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
