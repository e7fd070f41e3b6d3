// Inside the network: the predictions of all arms and the inspection of one arm at the shown step.

import type { Experiment, Figure } from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import { message } from '../i18n/index.ts';
import {
  arms,
  chosenArm,
  type Inspection,
  inspectError,
  inspectedArm,
  inspection,
  isInspecting,
  isOpen,
  predictions,
} from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { DigitCanvas } from './digit-canvas.tsx';
import { FigureView } from './figure-view.tsx';
import { MisclassifiedImages } from './misclassified-images.tsx';
import { Answers } from './predictions.tsx';
import { run } from './run-bar.tsx';
import { Weights } from './weights.tsx';

export function Network({ experiment }: { readonly experiment: Experiment }) {
  return (
    <details
      id="network"
      class="network"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{t('network')}</summary>
      {isOpen.value && (arms.value.length > 0 ? <Inspector experiment={experiment} /> : <Replay />)}
    </details>
  );
}

/** A record has no weights; the button runs it again. */
function Replay() {
  return (
    <p>
      {t('no-weights')}{' '}
      <button id="replay" type="button" onClick={() => run()}>
        {t('replay')}
      </button>
    </p>
  );
}

function Inspector({ experiment }: { readonly experiment: Experiment }) {
  const seen = inspection.value;
  return (
    <div aria-busy={isInspecting.value}>
      <DigitCanvas />
      <p class="error" role="alert">
        {inspectError.value}
      </p>
      <p class="visually-hidden" role="status">
        {[...predictions.value].map(([arm, { answer }]) => `${arm}: ${answer === -1 ? '—' : answer}`).join(', ')}
      </p>
      <Answers />
      <label class="pick">
        <span>{t('look-into')}</span>
        <select
          id="arm-inside"
          value={inspectedArm.value}
          onChange={({ currentTarget }) => {
            chosenArm.value = currentTarget.value;
          }}
        >
          {arms.value.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {seen && (
        <>
          <p class="digest">
            {seen.arm}, {t('step1', { n: seen.step })}. {t('digest')} <code id="inside-digest">{seen.digest}</code>
          </p>
          <h3>{t('weights')}</h3>
          <Weights {...seen} />
          <Distributions kind="activations" seen={seen} experiment={experiment} />
          <Distributions kind="gradients" seen={seen} experiment={experiment} />
          <h3>{t('mistakes')}</h3>
          <MisclassifiedImages {...seen} />
        </>
      )}
    </div>
  );
}

type Kind = 'activations' | 'gradients';

interface DistributionsProps {
  readonly kind: Kind;
  readonly seen: Inspection;
  readonly experiment: Experiment;
}

function Distributions({ kind, seen, experiment }: DistributionsProps) {
  const figure = useMemo(() => toHistogramFigure(kind, seen), [kind, seen]);
  return <FigureView figure={figure} name={experiment.name} />;
}

function toHistogramFigure(kind: Kind, seen: Inspection): Figure {
  return {
    id: kind,
    title: message(kind),
    caption: message('examined'),
    columns: 3,
    panels: seen[kind].map(({ name, low, high, counts, total }) => ({
      kind: 'histogram',
      title: { en: name, ko: name, ja: name },
      x: { label: message('value'), domain: [low, high] },
      y: { label: message('percent-of-all'), domain: [0, 40] },
      curves: [
        {
          name: seen.arm,
          role: 'smooth',
          x: counts.map((_, i) => low + (i * (high - low)) / counts.length),
          y: counts.map((count) => (100 * count) / total),
        },
      ],
    })),
  };
}
