// The results of a run: figures, seal, claims with their evidence, final values of the arms.
import {
  type Experiment,
  evidenceTable,
  finalTable,
  formatNumber,
  formatSummary,
  isComplete,
  measureName,
  type RunRecord,
  statusText,
  stringifyRecord,
  type Verdict,
} from '@descent/experiments';
import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks';
import { scrubTo, shownStep } from '../state/inspector.ts';
import { fetchAllTexts, lang, t } from '../state/language.ts';
import { phase, record, seal } from '../state/session.ts';
import { getLastStep, truncateRecord } from '../state/truncate.ts';
import { CopyLink } from './copy-link.tsx';
import { save } from './figure-files.ts';
import { FigureView } from './figure-view.tsx';
import { lazy } from './lazy.tsx';
import { Scrollable } from './scrollable.tsx';
import { SealView } from './seal-view.tsx';
import { TableHead } from './table-head.tsx';

const Network = lazy(async () => (await import('./network.tsx')).Network);

export function Results({ experiment }: { readonly experiment: Experiment }) {
  const shown = record.value;
  if (!shown || shown.experiment !== experiment.name) return null;
  const isAtRest = ['paused', 'stopped', 'done'].includes(phase.value);
  const isEnded = isComplete(shown) || phase.value === 'stopped';
  return (
    <ErrorBoundary record={shown}>
      <Figures experiment={experiment} record={shown} canScrub={isAtRest} />
      {seal.value && <SealView seal={seal.value} />}
      {isAtRest && experiment.data !== 'none' && <Network experiment={experiment} />}
      {isEnded && <Claims verdicts={shown.claims} />}
      {isEnded && <Numbers record={shown} />}
    </ErrorBoundary>
  );
}

/** Shows an error if a record cannot be drawn, and tries again with the next record. */
function ErrorBoundary({
  record: shown,
  children,
}: {
  readonly record: RunRecord;
  readonly children: ComponentChildren;
}) {
  const [error, retry] = useErrorBoundary();
  useEffect(() => {
    if (error) retry();
  }, [shown]);
  if (!error) return children;
  return (
    <p class="error" role="alert">
      {error instanceof Error ? error.message : String(error)}
    </p>
  );
}

interface FiguresProps {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  readonly canScrub: boolean;
}

function Figures({ experiment, record: shown, canScrub }: FiguresProps) {
  const end = getLastStep(shown);
  const step = shownStep.value;
  const figures = useMemo(
    () => experiment.figures(step < end ? truncateRecord(shown, step) : shown),
    // Figures can contain texts in the current language.
    [experiment, shown, step, end, lang.value],
  );
  return (
    <>
      {figures.map((figure) => (
        <FigureView key={figure.id} figure={figure} name={experiment.name} experiment={experiment} />
      ))}
      {canScrub && end > 1 && (
        <label class="scrub">
          <span>{t('through')}</span>
          <input
            id="scrub"
            type="range"
            min={0}
            max={end}
            value={step}
            onInput={({ currentTarget }) => {
              scrubTo(Number(currentTarget.value));
            }}
          />
          <output for="scrub">{step}</output>
        </label>
      )}
    </>
  );
}

function Claims({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <section aria-labelledby="claims">
      <h2 id="claims">{t('claims')}</h2>
      <ul class="claims">
        {verdicts.map(({ id, text, holds, evidence }) => (
          <li key={id} class={holds ? 'holds' : ''}>
            <p>
              <strong class="verdict">
                {holds ? '✓ ' : '✗ '}
                {t(holds ? 'holds' : 'fails')}
              </strong>{' '}
              {t(text)}
            </p>
            <details>
              <summary>{t('evidence')}</summary>
              <dl>
                {evidenceTable({ evidence }).map(({ name, value }) => (
                  <div key={name}>
                    <dt>{measureName(name, lang.value)}</dt>
                    <dd>{formatNumber(value)}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Numbers({ record: shown }: { readonly record: RunRecord }) {
  const { measures, rows } = finalTable([shown]);
  const statuses = rows.map(({ runs }) => statusText(runs, lang.value) || t('finished'));
  const heads = [t('arm'), ...measures.map((name) => measureName(name, lang.value)), t('outcome')];
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">{t('numbers')}</h2>
      <Scrollable class="table" label={t('numbers')}>
        <table>
          <TableHead heads={heads} />
          <tbody>
            {rows.map(({ arm, cells }, i) => (
              <tr key={arm}>
                <th scope="row">{arm}</th>
                {cells.map((cell, i) => (
                  <td key={measures[i]}>{formatSummary(cell, true)}</td>
                ))}
                <td>{statuses[i]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      <p class="digest">
        {t('digest')} <code id="digest">{shown.digest}</code>
      </p>
      <SaveButtons record={shown} />
    </section>
  );
}

function SaveButtons({ record: shown }: { readonly record: RunRecord }) {
  return (
    <p class="buttons">
      <button
        id="save-record"
        type="button"
        onClick={async () => {
          await fetchAllTexts();
          save(new Blob([stringifyRecord(shown)], { type: 'application/json' }), 'run.json');
        }}
      >
        {t('save-record')}
      </button>
      <CopyLink />
    </p>
  );
}
