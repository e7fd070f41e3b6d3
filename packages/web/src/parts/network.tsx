// A network at work: what the arms of a run that rests answer, and what is inside one of them, at the step that is shown.
import type { Experiment, Figure } from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import { answers, armInside, arms, chosenArm, inside, isLooking, isOpen, lookFault, type Seen } from '../run/inside.ts';
import { say } from '../text/language.ts';
import { words } from '../text/words.ts';
import { Answers } from './answers.tsx';
import { FigureView } from './figure-view.tsx';
import { Mistakes } from './mistakes.tsx';
import { Pad } from './pad.tsx';
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
      <summary>{say(words.network)}</summary>
      {isOpen.value && (arms.value.length > 0 ? <AtWork experiment={experiment} /> : <Replay />)}
    </details>
  );
}

/** A record alone has no weights. */
function Replay() {
  return (
    <p>
      {say(words.noWeights)}{' '}
      <button id="replay" type="button" onClick={() => run()}>
        {say(words.replay)}
      </button>
    </p>
  );
}

function AtWork({ experiment }: { readonly experiment: Experiment }) {
  const seen = inside.value;
  return (
    <div aria-busy={isLooking.value}>
      <Pad />
      <p class="fault" role="alert">
        {lookFault.value}
      </p>
      <p class="unseen" role="status">
        {[...answers.value].map(([arm, { answer }]) => `${arm}: ${answer === -1 ? '—' : answer}`).join(', ')}
      </p>
      <Answers />
      <label class="scrub">
        <span>{say(words.lookInto)}</span>
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
            {seen.arm}, {say(words.step1(seen.step))}. {say(words.digest)} <code id="inside-digest">{seen.digest}</code>
          </p>
          <h3>{say(words.weights)}</h3>
          <Weights {...seen} />
          <Distributions kind="activations" seen={seen} experiment={experiment} />
          <Distributions kind="gradients" seen={seen} experiment={experiment} />
          <h3>{say(words.mistakes)}</h3>
          <Mistakes {...seen} />
        </>
      )}
    </div>
  );
}

type Kind = 'activations' | 'gradients';

interface DistributionsProps {
  readonly kind: Kind;
  readonly seen: Seen;
  readonly experiment: Experiment;
}

function Distributions({ kind, seen, experiment }: DistributionsProps) {
  const figure = useMemo(() => figureOf(kind, seen), [kind, seen]);
  return <FigureView figure={figure} name={experiment.name} />;
}

function figureOf(kind: Kind, seen: Seen): Figure {
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
