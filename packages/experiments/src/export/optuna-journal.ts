// A search as a journal of Optuna, for its dashboard: one operation a line, as JournalFileBackend writes them.
// Source: optuna/storages/journal/_storage.py and optuna/distributions.py, versions 3 to 5.
import type { Experiment } from '../experiment.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { type Dimension, type Space, valueAt } from '../search/space.ts';
import type { Trial } from '../search/trial.ts';
import { trialsOf } from '../search/trials.ts';

const CREATE_STUDY = 0;
const CREATE_TRIAL = 4;
const MAXIMIZE = 2;
/** TrialState of Optuna. */
const states = { interrupted: 0, finished: 1, pruned: 2, diverged: 3 } as const;

/** A record knows no dates, and a function of the run may not: all trials are of the first second of 1970. */
const DATE = '1970-01-01T00:00:00.000000+00:00';

/**
 * The text of the journal; the same record gives the same text. A trial that diverged has failed; one that was interrupted runs.
 * @throws TypeError where the record is not of a search
 */
export function writeOptunaJournal({ name, study: studyOf }: Experiment, record: RunRecord): string {
  if (!studyOf) throw new TypeError(`[formats] expected the record of a search but ${name} is none`);
  const study = studyOf(record.options as never);
  const worker = { worker_id: `descent-${record.digest.slice(0, 16)}` };
  const trials = trialsOf(study, record).map((trial, index) => ({
    op_code: CREATE_TRIAL,
    ...worker,
    study_id: 0,
    ...describe(study.space, trial, record.arms[index] as ArmRecord, study.measure),
  }));
  const created = {
    op_code: CREATE_STUDY,
    ...worker,
    study_name: `${name} seed ${record.seed}`,
    directions: [MAXIMIZE],
  };
  return [created, ...trials].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function describe(space: Space, { point, state, value, name }: Trial, arm: ArmRecord, measure: string) {
  const here = space.filter((dimension) => dimension.name in point);
  const { step = [], value: values = [] } = arm.series[measure] ?? {};
  const between = step.map((at, i) => [String(at), values[i]] as const).filter(([, each]) => Number.isFinite(each));
  const isOver = state !== 'interrupted';
  const hasValue = Number.isFinite(value) && isOver && state !== 'diverged';
  return {
    // Optuna falls over a trial that is complete without a value.
    state: state === 'finished' && !hasValue ? states.diverged : states[state],
    value: hasValue ? value : null,
    values: null,
    datetime_start: DATE,
    ...(isOver && { datetime_complete: DATE }),
    distributions: Object.fromEntries(here.map((dimension) => [dimension.name, distributionOf(dimension)])),
    params: Object.fromEntries(
      here.map((dimension) => [dimension.name, internalOf(dimension, point[dimension.name] as number)]),
    ),
    user_attrs: { arm: name, digest: arm.digest },
    system_attrs: {},
    intermediate_values: Object.fromEntries(between),
  };
}

/** What Optuna keeps of a value: of a choice its place. */
function internalOf(dimension: Dimension, coordinate: number): number {
  return dimension.kind === 'categorical' ? coordinate : (valueAt(dimension, coordinate) as number);
}

/** As optuna.distributions.distribution_to_json has it: a string of JSON within JSON. */
function distributionOf(dimension: Dimension): string {
  if (dimension.kind === 'categorical')
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: dimension.choices } });
  const [low, high] = [dimension.low, dimension.high].map((end) => valueAt(dimension, end));
  const log = dimension.log === true;
  return dimension.kind === 'int'
    ? JSON.stringify({ name: 'IntDistribution', attributes: { log, step: 1, low, high } })
    : JSON.stringify({ name: 'FloatDistribution', attributes: { step: null, low, high, log } });
}
