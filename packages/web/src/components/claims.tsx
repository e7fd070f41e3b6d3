// What a run or several seeds show: each claim with its effects, their intervals and the evidence.
import {
  type Assessment,
  assessClaims,
  type Effect,
  type Experiment,
  evidenceTable,
  formatNumber,
  measureName,
  type RunRecord,
} from '@descent/experiments';
import { useMemo } from 'preact/hooks';
import { markedClaim } from '../state/figure-options.ts';
import { lang, t } from '../state/language.ts';
import { EffectBar } from './effect-bar.tsx';

interface ClaimsProps {
  readonly experiment: Experiment;
  /** One per seed. */
  readonly records: readonly RunRecord[];
}

export function Claims({ experiment, records }: ClaimsProps) {
  const assessments = useMemo(() => assessClaims(experiment.claims, records), [experiment, records]);
  if (assessments.length === 0) return null;
  return (
    <section aria-labelledby="claims">
      <h2 id="claims">{t('claims')}</h2>
      <ul class="claims">
        {assessments.map((assessment) => (
          <Claim
            key={assessment.verdict.id}
            assessment={assessment}
            seeds={records.length}
            isSeeded={experiment.isSeeded !== false}
          />
        ))}
      </ul>
    </section>
  );
}

interface ClaimProps {
  readonly assessment: Assessment;
  readonly seeds: number;
  readonly isSeeded: boolean;
}

function Claim({ assessment, seeds, isSeeded }: ClaimProps) {
  const { verdict, effects, marks } = assessment;
  const { id, text, holds, evidence } = verdict;
  const isMarked = markedClaim.value === id;
  // One run shows an effect, but not whether it is more than noise.
  const look = seeds === 1 ? '' : holds ? 'holds' : 'fails';
  return (
    <li class={look}>
      <p>
        <strong class="verdict">
          {seeds === 1 ? t('in-this-run') : `${holds ? '✓' : '✗'} ${t(holds ? 'holds' : 'fails')}`}
        </strong>{' '}
        {seeds > 1 && <span class="seeds">{t('holds-in', { count: evidence.holdsIn ?? 0, seeds })}</span>}
      </p>
      <p class="statement">{t(text)}</p>
      {effects.map((effect) => (
        <EffectRow key={effect.name} effect={effect} evidence={evidence} isOne={seeds === 1} />
      ))}
      <p class="buttons">
        {marks.length > 0 && (
          <button
            type="button"
            class="small"
            aria-pressed={isMarked}
            onClick={() => {
              markedClaim.value = isMarked ? '' : id;
              if (!isMarked) showFigure(marks[0]?.figure ?? '');
            }}
          >
            {t('show-averages')}
          </button>
        )}
      </p>
      <Evidence
        assessment={assessment}
        rule={seeds > 1 ? 'threshold-seeds' : isSeeded ? 'threshold' : 'threshold-unseeded'}
      />
    </li>
  );
}

/** Opens the figure and scrolls to it, if it is not in view. */
function showFigure(id: string): void {
  requestAnimationFrame(() =>
    document.getElementById(`figure-${id}`)?.scrollIntoView({ block: 'nearest', behavior: 'smooth' }),
  );
}

interface EffectRowProps {
  readonly effect: Effect;
  readonly evidence: Readonly<Record<string, number>>;
  readonly isOne: boolean;
}

function EffectRow({ effect, evidence, isOne }: EffectRowProps) {
  const { name, mean, interval } = effect;
  const [low, high] = interval.map((end) => formatNumber(end, 3)) as [string, string];
  const value = Number.isFinite(mean) ? formatNumber(mean, 3) : t('not-measured');
  return (
    <div class="effect">
      <p>
        {measureName(name, lang.value)} <b>{value}</b>
        {!isOne && Number.isFinite(mean) && `, ${t('interval', { low, high })}`}
      </p>
      {Number.isFinite(mean) && <EffectBar effect={effect} evidence={evidence} />}
    </div>
  );
}

/** The numbers behind the effects, and what decides the verdict. */
interface EvidenceProps {
  readonly assessment: Assessment;
  readonly rule: 'threshold' | 'threshold-seeds' | 'threshold-unseeded';
}

function Evidence({ assessment: { verdict, effects }, rule }: EvidenceProps) {
  const names = new Set([...effects.map(({ name }) => name), 'seeds', 'holdsIn']);
  const rows = evidenceTable(verdict).filter(({ name }) => !names.has(name));
  return (
    <details>
      <summary>{t('evidence')}</summary>
      <p>{t(rule)}</p>
      <dl>
        {rows.map(({ name, value }) => (
          <div key={name}>
            <dt>{measureName(name, lang.value)}</dt>
            <dd>{formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
