// A network at work: what the arms of a run that rests answer, and what is inside one of them, at the step that is shown.
import type { Experiment, Figure } from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import {
  answers,
  armInside,
  arms,
  chosenArm,
  type Inspection,
  inside,
  isLooking,
  isOpen,
  lookFault,
} from '../state/inspector.ts';
import { t } from '../state/language.ts';
import { words } from '../text/words.ts';
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
      <summary>{t(words.network)}</summary>
      {isOpen.value && (arms.value.length > 0 ? <AtWork experiment={experiment} /> : <Replay />)}
    </details>
  );
}

/** A record alone has no weights. */
function Replay() {
  return (
    <p>
      {t(words.noWeights)}{' '}
      <button id="replay" type="button" onClick={() => run()}>
        {t(words.replay)}
      </button>
    </p>
  );
}

function AtWork({ experiment }: { readonly experiment: Experiment }) {
  const seen = inside.value;
  return (
    <div aria-busy={isLooking.value}>
      <DigitCanvas />
      <p class="fault" role="alert">
        {lookFault.value}
      </p>
      <p class="unseen" role="status">
        {[...answers.value].map(([arm, { answer }]) => `${arm}: ${answer === -1 ? '—' : answer}`).join(', ')}
      </p>
      <Answers />
      <label class="scrub">
        <span>{t(words.lookInto)}</span>
        <select
          id="arm-inside"
          value={armInside.value}
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
            {seen.arm}, {t(words.step1(seen.step))}. {t(words.digest)} <code id="inside-digest">{seen.digest}</code>
          </p>
          <h3>{t(words.weights)}</h3>
          <Weights {...seen} />
          <Distributions kind="activations" seen={seen} experiment={experiment} />
          <Distributions kind="gradients" seen={seen} experiment={experiment} />
          <h3>{t(words.mistakes)}</h3>
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
  const figure = useMemo(() => figureOf(kind, seen), [kind, seen]);
  return <FigureView figure={figure} name={experiment.name} />;
}

function figureOf(kind: Kind, seen: Inspection): Figure {
  return {
    id: kind,
    title: words[kind],
    caption: words.examined,
    columns: 3,
    panels: seen[kind].map(({ name, low, high, counts, total }) => ({
      kind: 'histogram',
      title: { en: name, ko: name, ja: name },
      x: { label: words.value, domain: [low, high] },
      y: { label: words.percentOfAll, domain: [0, 40] },
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
