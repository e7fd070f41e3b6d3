// The results of a run below its figures: claims, earlier runs, final values of the arms, a look inside the network.
import {
  type Experiment,
  finalTable,
  formatSummary,
  isComplete,
  measureName,
  type RunRecord,
  statusText,
} from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import { earlierRuns, seedRecords } from '../state/kept-runs.ts';
import { lang, t } from '../state/language.ts';
import { isResting, phase, record } from '../state/session.ts';
import { Claims } from './claims.tsx';
import { Comparison } from './comparison.tsx';
import { CopyLink } from './copy-link.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { lazy } from './lazy.tsx';
import { Scrollable } from './scrollable.tsx';
import { TableHead } from './table-head.tsx';

/** Writing and reading records is loaded when it is needed. */
const saveRecord = async (shown: RunRecord, name: string) => (await import('./save-record.ts')).saveRecord(shown, name);
const Network = lazy(async () => (await import('./network.tsx')).Network);

export function Results({ experiment }: { readonly experiment: Experiment }) {
  const shown = record.value;
  const seeds = seedRecords.value;
  const records = useMemo(() => (seeds.length > 0 ? seeds : shown ? [shown] : []), [seeds, shown]);
  if (!shown || shown.experiment !== experiment.name) return null;
  const isAtRest = isResting.value || phase.value === 'done';
  const isEnded = records.every(isComplete) || phase.value === 'stopped';
  return (
    <ErrorBoundary record={shown}>
      {records.every(isComplete) && <Claims experiment={experiment} records={records} />}
      {earlierRuns.value.length > 0 && <Comparison experiment={experiment} record={records[0] ?? shown} />}
      {isEnded && <Numbers records={records} />}
      {isAtRest && experiment.data !== 'none' && <Network experiment={experiment} />}
    </ErrorBoundary>
  );
}

function Numbers({ records }: { readonly records: readonly RunRecord[] }) {
  const { measures, rows } = finalTable(records);
  const statuses = rows.map(({ runs }) => statusText(runs, lang.value) || t('finished'));
  const heads = [t('arm'), ...measures.map((name) => measureName(name, lang.value)), t('outcome')];
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">{t('numbers')}</h2>
      {records.length > 1 && <p>{t('numbers-over-seeds', { count: records.length })}</p>}
      <Scrollable class="table" label={t('numbers')}>
        <table>
          <TableHead heads={heads} />
          <tbody>
            {rows.map(({ arm, cells }, i) => (
              <tr key={arm}>
                <th scope="row">{arm}</th>
                {cells.map((cell, i) => (
                  <td key={measures[i]}>{formatSummary(cell, records.length === 1)}</td>
                ))}
                <td>{statuses[i]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {records.length === 1 ? <Digest record={records[0] as RunRecord} /> : <SeedDigests records={records} />}
    </section>
  );
}

function Digest({ record: shown }: { readonly record: RunRecord }) {
  return (
    <>
      <p class="digest">
        {t('digest')} <code id="digest">{shown.digest}</code>
      </p>
      <p class="buttons">
        <button id="save-record" type="button" onClick={() => saveRecord(shown, 'run.json')}>
          {t('save-record')}
        </button>
        <CopyLink />
      </p>
    </>
  );
}

/** The digest of every seed, each with a button that saves its record. */
function SeedDigests({ records }: { readonly records: readonly RunRecord[] }) {
  return (
    <ul id="seed-digests" class="digest">
      {records.map((each) => (
        <li key={each.seed}>
          {t('seed-of', { seed: each.seed })} <code>{each.digest}</code>{' '}
          <button type="button" class="small" onClick={() => saveRecord(each, `run-seed${each.seed}.json`)}>
            JSON
          </button>
        </li>
      ))}
    </ul>
  );
}
