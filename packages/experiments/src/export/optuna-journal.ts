// A search as an Optuna journal, for its dashboard: one operation per line, as JournalFileBackend writes them.
// Source: optuna/storages/journal/_storage.py and optuna/distributions.py, versions 3 to 5.
import type { Experiment } from '../experiment.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { type Dimension, type Space, valueAt } from '../search/space.ts';
import { trialsIn } from '../search/study.ts';
import type { Trial } from '../search/trial.ts';

const CREATE_STUDY = 0;
const CREATE_TRIAL = 4;
const MAXIMIZE = 2;
/** Values of Optuna's TrialState. */
const states = { interrupted: 0, finished: 1, pruned: 2, diverged: 3 } as const;

/** Records have no dates, and the journal must depend on the record only. */
const DATE = '1970-01-01T00:00:00.000000+00:00';

/**
 * Returns the journal. The same record gives the same text. Diverged trials have failed, interrupted ones are running.
 * @throws TypeError if the record is not from a search
 */
export function writeOptunaJournal({ name, study: createStudy }: Experiment, record: RunRecord): string {
  if (!createStudy) throw new TypeError(`[writeOptunaJournal] ${name} is not a search`);
  const study = createStudy(record.options as never);
  const worker = { worker_id: `descent-${record.digest.slice(0, 16)}` };
  const trials = trialsIn(study, record).map((trial, index) => ({
    op_code: CREATE_TRIAL,
    ...worker,
    study_id: 0,
    ...trialFields(study.space, trial, record.arms[index] as ArmRecord, study.measure),
  }));
  const created = {
    op_code: CREATE_STUDY,
    ...worker,
    study_name: `${name} seed ${record.seed}`,
    directions: [MAXIMIZE],
  };
  return [created, ...trials].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function trialFields(space: Space, { point, state, value, name }: Trial, arm: ArmRecord, measure: string) {
  const applying = space.filter((dimension) => dimension.name in point);
  const { step = [], value: values = [] } = arm.series[measure] ?? {};
  const intermediate = step
    .map((at, i) => [String(at), values[i]] as const)
    .filter(([, each]) => Number.isFinite(each));
  const isOver = state !== 'interrupted';
  const hasValue = Number.isFinite(value) && isOver && state !== 'diverged';
  return {
    // Optuna fails on complete trials without a value.
    state: state === 'finished' && !hasValue ? states.diverged : states[state],
    value: hasValue ? value : null,
    values: null,
    datetime_start: DATE,
    ...(isOver && { datetime_complete: DATE }),
    distributions: Object.fromEntries(applying.map((dimension) => [dimension.name, toDistribution(dimension)])),
    params: Object.fromEntries(
      applying.map((dimension) => [dimension.name, toInternal(dimension, point[dimension.name] as number)]),
    ),
    user_attrs: { arm: name, digest: arm.digest },
    system_attrs: {},
    intermediate_values: Object.fromEntries(intermediate),
  };
}

/** Returns Optuna's internal representation of a parameter: for a choice its index. */
function toInternal(dimension: Dimension, coordinate: number): number {
  return dimension.kind === 'categorical' ? coordinate : (valueAt(dimension, coordinate) as number);
}

/** Returns a distribution as JSON text, as optuna.distributions.distribution_to_json does. */
function toDistribution(dimension: Dimension): string {
  if (dimension.kind === 'categorical')
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: dimension.choices } });
  const [low, high] = [dimension.low, dimension.high].map((end) => valueAt(dimension, end));
  const log = dimension.log === true;
  return dimension.kind === 'int'
    ? JSON.stringify({ name: 'IntDistribution', attributes: { log, step: 1, low, high } })
    : JSON.stringify({ name: 'FloatDistribution', attributes: { step: null, low, high, log } });
}
