// The earlier runs of an experiment: what differs from the shown run, and buttons to show, pin or remove each.
import type { Experiment, RunRecord } from '@descent/experiments';
import { describeChanges } from '../state/changes.ts';
import { earlierRuns, ghostRuns, isPinned, type KeptRun, removeRun, togglePin } from '../state/kept-runs.ts';
import { t } from '../state/language.ts';
import { openKept } from '../state/page-state.ts';

interface ComparisonProps {
  readonly experiment: Experiment;
  readonly record: RunRecord;
}

export function Comparison({ experiment, record }: ComparisonProps) {
  const runs = earlierRuns.value;
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="earlier-runs">
      <h2 id="earlier-runs">{t('earlier-runs')}</h2>
      <ul class="earlier">
        {runs.map((run) => (
          <EarlierRun key={run[0].digest + run[0].seed} run={run} experiment={experiment} record={record} />
        ))}
      </ul>
    </section>
  );
}

function EarlierRun({ run, experiment, record }: ComparisonProps & { readonly run: KeptRun }) {
  const changes = describeChanges(experiment, run[0], record);
  const label = (action: string) => `${action}: ${changes}`;
  return (
    <li class={ghostRuns.value.includes(run) ? 'drawn' : ''}>
      <span>
        {changes}
        {run.length > 1 && ` · ${t('seed-count', { count: run.length })}`}
      </span>
      <span class="buttons">
        <button
          type="button"
          class="small pin"
          aria-pressed={isPinned(run)}
          aria-label={label(t('pin'))}
          onClick={() => togglePin(run)}
        >
          {t('pin')}
        </button>
        <button type="button" class="small" aria-label={label(t('show'))} onClick={() => openKept(experiment, run)}>
          {t('show')}
        </button>
        <button type="button" class="small" aria-label={label(t('remove'))} onClick={() => removeRun(run)}>
          {t('remove')}
        </button>
      </span>
    </li>
  );
}
