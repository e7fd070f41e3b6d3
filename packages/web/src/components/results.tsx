// The results of a run below its figures: claims with their evidence, final values of the arms, a look inside the network.
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
  type Verdict,
} from '@descent/experiments';
import { stringifyRecord } from '@descent/experiments/records';
import { fetchAllTexts, lang, t } from '../state/language.ts';
import { phase, record } from '../state/session.ts';
import { CopyLink } from './copy-link.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { save } from './figure-files.ts';
import { lazy } from './lazy.tsx';
import { Scrollable } from './scrollable.tsx';
import { TableHead } from './table-head.tsx';

const Network = lazy(async () => (await import('./network.tsx')).Network);

export function Results({ experiment }: { readonly experiment: Experiment }) {
  const shown = record.value;
  if (!shown || shown.experiment !== experiment.name) return null;
  const isAtRest = ['paused', 'stopped', 'done'].includes(phase.value);
  const isEnded = isComplete(shown) || phase.value === 'stopped';
  return (
    <ErrorBoundary record={shown}>
      {isEnded && <Claims verdicts={shown.claims} />}
      {isEnded && <Numbers record={shown} />}
      {isAtRest && experiment.data !== 'none' && <Network experiment={experiment} />}
    </ErrorBoundary>
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
