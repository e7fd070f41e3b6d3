// The live progress on stderr: a bar per arm, if there are few, and one for the whole run; none if stderr is not a
// terminal.

import {
  type ArmRecord,
  clip,
  displayWidth,
  type Lang,
  padEnd,
  padStart,
  type RunEvent,
  type RunScheduleOptions,
  type Schedule,
} from '@descent/experiments';
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

const keyOf = (run: number, arm: string) => `${run} ${arm}`;
const createBar = (name: string, steps: number): Bar => ({ name, steps, step: 0, note: '', isDone: false });

export class Progress {
  readonly #lang: Lang;
  /** One per arm, by `keyOf`. */
  readonly #bars: ReadonlyMap<string, Bar>;
  /** Whether each arm has a bar on the screen. */
  readonly #showsArms: boolean;
  readonly #total: Bar;
  readonly #start = performance.now();
  #skipped = 0;
  #view: MultiBar | undefined;

  constructor(runs: readonly { readonly schedule: Pick<Schedule, 'planned'> }[], lang: Lang) {
    this.#lang = lang;
    this.#bars = new Map(
      runs.flatMap(({ schedule }, run) =>
        schedule.planned.map(({ name, steps }) => [keyOf(run, name), createBar(name, steps)]),
      ),
    );
    this.#showsArms = this.#bars.size > 1 && this.#bars.size <= MAX_BARS;
    const steps = [...this.#bars.values()].reduce((sum, arm) => sum + arm.steps, 0);
    this.#total = createBar(message('all')[lang], steps);
  }

  /** Starts drawing, if stderr is a terminal. The library is loaded only then. */
  async show(): Promise<void> {
    if (!isLive(process.stderr)) return;
    const { default: cliProgress } = await import('cli-progress');
    const arms = [...this.#bars.values()];
    const widths = arms.map(({ name }) => Math.min(displayWidth(name), MAX_NAME_WIDTH));
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
    for (const bar of [...(this.#showsArms ? arms : []), this.#total]) view.create(bar.steps, 0, bar);
    view.update();
    this.#view = view;
    log.redirect((text) => view.log(text));
  }

  /** Shows what earlier processes did, which does not count for the speed of this one. @param run its index */
  resume(run: number, { finished, checkpoints }: Required<Pick<RunScheduleOptions, 'finished' | 'checkpoints'>>): void {
    const before = this.#total.step;
    for (const { arm, step } of checkpoints.values()) this.step(run, arm, step);
    for (const record of finished) this.#end(run, record, message('resumed')[this.#lang]);
    this.#skipped += this.#total.step - before;
    this.#total.note = '';
  }

  /** Shows an event. This only sets values; a timer draws. @param run its index */
  take(run: number, event: RunEvent): void {
    if (event.kind === 'progress') this.step(run, event.arm, event.step, event.losses.at(-1));
    if (event.kind === 'arm') this.#end(run, event.record);
  }

  /** Shows the step of an arm. */
  step(run: number, arm: string, step: number, loss?: number): void {
    const bar = this.#bars.get(keyOf(run, arm));
    if (!bar) return;
    if (loss !== undefined) bar.note = `${message('loss')[this.#lang]} ${loss.toPrecision(3)}`;
    if (!this.#showsArms) this.#total.name = arm;
    this.#total.step += step - bar.step;
    bar.step = step;
    const done = this.#total.step - this.#skipped;
    const left = ((performance.now() - this.#start) / 1000 / done) * (this.#total.steps - this.#total.step);
    this.#total.note = done > 0 ? message('left', { time: formatSeconds(left) })[this.#lang] : '';
  }

  #end(run: number, { name, status, divergence }: ArmRecord, note = ''): void {
    const bar = this.#bars.get(keyOf(run, name));
    if (!bar) return;
    if (divergence) {
      const text = message('diverged-at', { step: divergence.step })[this.#lang];
      bar.note = colorize.yellow(clip(text, NOTE_WIDTH));
    }
    if (note) bar.note = note;
    if (status === 'interrupted') return;
    bar.isDone = true;
    this.step(run, name, bar.steps);
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
