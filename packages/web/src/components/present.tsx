// An experiment on a projector: one figure fills the screen, and keys control the run.
import { type Experiment, experiments, type Figure, type RunRecord } from '@descent/experiments';
import { layoutFigure } from '@descent/experiments/svg';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { scrubTo, shownStep } from '../state/inspector.ts';
import { lang, t } from '../state/language.ts';
import { view } from '../state/page-state.ts';
import { stopPlayback } from '../state/playback.ts';
import { preview } from '../state/preview.ts';
import { isBusy, isResting, pause, phase, record, resume, seal } from '../state/session.ts';
import { getLastStep } from '../state/truncate.ts';
import { Drawing } from './drawing.tsx';
import { announcement, run } from './run-bar.tsx';
import { SealView } from './seal-view.tsx';
import { useFigures } from './use-figures.ts';

export function Present({ experiment }: { readonly experiment: Experiment }) {
  const own = record.value?.experiment === experiment.name ? record.value : undefined;
  const shown = own ?? preview.value?.record;
  // The precomputed result is shown to its end.
  return shown ? <Presented experiment={experiment} record={shown} end={own ? getLastStep(own) : 0} /> : null;
}

interface PresentedProps {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  readonly end: number;
}

function Presented({ experiment, record: shown, end }: PresentedProps) {
  const figures = useFigures(experiment, shown, end);
  const chosen = useSignal(0);
  const figure = figures[Math.min(chosen.value, figures.length - 1)];
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        const by = event.key === 'ArrowDown' ? 1 : figures.length - 1;
        chosen.value = (chosen.value + by) % Math.max(1, figures.length);
      } else if (!control(experiment, event.key)) return;
      event.preventDefault();
    };
    addEventListener('keydown', handleKey);
    return () => removeEventListener('keydown', handleKey);
  }, [experiment, figures.length]);
  return (
    <div class="present">
      <h1>{t(experiment.title)}</h1>
      {figure ? <Fitted figure={figure} /> : <div />}
      <p class="status">
        <span>{record.value || phase.value !== 'idle' ? announcement() : t('precomputed-short')}</span>
        {record.value && <span>{t('step1', { n: Math.floor(shownStep.value).toLocaleString('en') })}</span>}
        {seal.value && <SealView seal={seal.value} />}
        <span class="keys">{t('present-keys')}</span>
      </p>
    </div>
  );
}

/** Does what a key stands for. Returns false if it stands for nothing. */
function control(experiment: Experiment, key: string): boolean {
  switch (key.toLowerCase()) {
    case ' ':
      if (isBusy.value) pause();
      else void (isResting.value ? resume() : run());
      return true;
    case 'arrowright':
      if (!isBusy.value) void (isResting.value ? resume(1) : run(1));
      return true;
    case 'arrowleft':
      if (isBusy.value) return true;
      stopPlayback();
      scrubTo(Math.max(0, shownStep.value - 1));
      return true;
    case 'n':
      location.hash = `#${nextOf(experiment)}?${new URLSearchParams({ [view.value.mode ?? 'present']: '' })}`;
      return true;
    case 'escape':
      location.hash = `#${experiment.name}`;
      return true;
    default:
      return false;
  }
}

function nextOf(experiment: Experiment): string {
  return experiments[(experiments.indexOf(experiment) + 1) % experiments.length]?.name ?? experiment.name;
}

/** The smallest text as a share of the height of the screen: 24 pixels of 1080. */
const TEXT_SHARE = 24.5 / 1080;

/** A figure as large as the screen allows, with texts that can be read from afar. */
function Fitted({ figure }: { readonly figure: Figure }) {
  const size = useSignal([innerWidth, innerHeight] as const);
  useEffect(() => {
    const measure = () => {
      size.value = [innerWidth, innerHeight];
    };
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  const options = useMemo(() => ({ lang: lang.value, isLive: true }), [lang.value]);
  const layout = layoutFigure(figure, options);
  const [width, height] = size.value;
  const scale = Math.min((0.96 * width) / layout.width, (0.8 * height) / layout.height);
  const style = { width: `${scale * layout.width}px`, '--text': `${(TEXT_SHARE * height) / scale}px` };
  return (
    <div class="fitted" style={style}>
      <Drawing key={figure.id} figure={figure} layout={layout} options={options} />
    </div>
  );
}
