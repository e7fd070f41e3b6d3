// The live view of a run on stderr: a bar an arm (few arms) and one for the whole; nothing at all in a pipe.

import { type ArmRecord, clip, displayWidth, type Lang, padEnd, padStart } from '@descent/experiments';
import type { MultiBar, SingleBar } from 'cli-progress';
import { colorize, columnsOf, isLive, log } from './terminal.ts';
import { words } from './words.ts';

/** What is shown of an arm. */
export interface ArmView {
  readonly name: string;
  readonly steps: number;
}

type Ending = Pick<ArmRecord, 'status' | 'divergence'>;

interface Row {
  readonly bar: SingleBar;
  readonly payload: Payload;
}

interface Payload {
  name: string;
  steps: number;
  step: number;
  note: string;
  isDone: boolean;
}

/** Columns of the note behind a bar. */
const NOTE = 20;
/** More arms than this are shown as one bar. */
const MOST_ROWS = 8;

export class Progress {
  private bars: MultiBar | undefined;
  private readonly rows: Row[] = [];
  private readonly total: Payload;
  private readonly steps: number[];
  private readonly began = performance.now();
  private skipped = 0;

  constructor(
    private readonly arms: readonly ArmView[],
    private readonly lang: Lang,
  ) {
    this.steps = arms.map(() => 0);
    this.total = payloadOf(
      words.all[lang],
      arms.reduce((sum, { steps }) => sum + steps, 0),
    );
  }

  /** Begins to draw, where that can be done. The library is loaded only then. */
  async show(): Promise<void> {
    if (!isLive(process.stderr)) return;
    const { default: cliProgress } = await import('cli-progress');
    const nameWidth = Math.max(
      displayWidth(this.total.name),
      ...this.arms.map(({ name }) => Math.min(displayWidth(name), 24)),
    );
    const bars = new cliProgress.MultiBar({
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      fps: 10,
      forceRedraw: true,
      format: (_options, _params, payload: Payload) => draw(payload, nameWidth),
    });
    const shown = this.arms.length <= MOST_ROWS && this.arms.length > 1 ? this.arms : [];
    for (const payload of [...shown.map(({ name, steps }) => payloadOf(name, steps)), this.total]) {
      this.rows.push({ bar: bars.create(payload.steps, 0, payload), payload });
    }
    bars.update();
    this.bars = bars;
    log.through((text) => bars.log(text));
  }

  /** An arm has come to a step. Drawing is on a timer, so this is cheap. */
  step(arm: number, step: number, loss: number): void {
    const row = this.rows.length > 1 ? this.rows[arm] : undefined;
    if (row) Object.assign(row.payload, { step, note: `${words.loss[this.lang]} ${loss.toPrecision(3)}` });
    else this.total.name = this.arms[arm]?.name ?? this.total.name;
    this.advance(arm, step);
  }

  /** An arm has ended, now or (`before`) in an earlier process. */
  end(arm: number, { status, divergence }: Ending, before = false): void {
    const total = this.arms[arm]?.steps ?? 0;
    if (before) this.skip(arm, total);
    const row = this.rows.length > 1 ? this.rows[arm] : undefined;
    if (row && divergence) row.payload.note = colorize.yellow(clip(words.divergedAt(divergence.step)[this.lang], NOTE));
    if (row && before) row.payload.note = words.resumed[this.lang];
    if (status === 'interrupted') return;
    if (row) Object.assign(row.payload, { step: total, isDone: true });
    this.advance(arm, total);
  }

  /** Steps that an earlier process made, which tell nothing of how fast this one is. */
  skip(arm: number, steps: number): void {
    this.skipped += steps;
    this.advance(arm, steps);
  }

  private advance(arm: number, step: number): void {
    this.total.step += step - (this.steps[arm] ?? 0);
    this.steps[arm] = step;
    const made = this.total.step - this.skipped;
    const left = ((performance.now() - this.began) / 1000 / made) * (this.total.steps - this.total.step);
    this.total.note = made > 0 ? words.left(formatSeconds(left))[this.lang] : '';
  }

  /** Clears the bars and gives the cursor back. */
  stop(): void {
    if (this.bars) log.through();
    this.bars?.stop();
    this.bars = undefined;
  }
}

function payloadOf(name: string, steps: number): Payload {
  return { name, steps, step: 0, note: '', isDone: false };
}

/** `  Momentum  ━━━━━━━━━━──────────────  812/2000  loss 0.210`. */
function draw({ name, step, steps, note, isDone }: Payload, longest: number): string {
  const count = padStart(`${step}/${steps}`, 2 * String(steps).length + 1);
  const room = columnsOf(process.stderr) - displayWidth(count) - NOTE - 10;
  const nameWidth = Math.min(longest, room - 8);
  const width = Math.max(8, room - nameWidth);
  const full = steps === 0 ? width : Math.floor((step / steps) * width);
  const bar = colorize.cyan('━'.repeat(full)) + colorize.dim('─'.repeat(width - full));
  const label = padEnd(clip(name, nameWidth), nameWidth);
  return `  ${isDone ? colorize.green(label) : label}  ${bar}  ${colorize.dim(count)}  ${padEnd(note, NOTE)}`;
}

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
