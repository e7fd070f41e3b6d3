// The page: choose an experiment, set its options, run it, look. All it knows of experiments is the registry.
import { type Experiment, experiments, parseOptions, type Schema, seedOption } from '@descent/experiments';
import { followDialect, readOptions, showOptions } from './form.ts';
import { connect, type Response } from './ipc.ts';
import { createLiveRecord, type LiveRecord } from './live-record.ts';
import { createView } from './view.ts';

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const select = find<HTMLSelectElement>('experiment');
const fieldset = find<HTMLFieldSetElement>('options');
const [runButton, stopButton] = [find<HTMLButtonElement>('run'), find<HTMLButtonElement>('stop')];
const view = createView(find('results'));
const client = connect(onResponse);

// On a narrow screen the settings would stand between the button and the figure.
find<HTMLDetailsElement>('settings').open = matchMedia('(min-width: 50rem)').matches;

let chosen: Experiment;
let live: LiveRecord | undefined;

for (const { name, title } of experiments) select.add(new Option(title.en, name));
choose();
select.addEventListener('change', choose);
fieldset.addEventListener('change', () => followDialect(fieldset, schema()));
stopButton.addEventListener('click', () => client.stop());
find<HTMLFormElement>('form').addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});

function choose(): void {
  chosen = experiments.find(({ name }) => name === select.value) as Experiment;
  find('question').textContent = chosen.question.en;
  showOptions(fieldset, schema());
}

/** What a run can be asked for: the seed, and the experiment's own. */
function schema(): Schema {
  return { seed: seedOption, ...chosen.options };
}

function run(): void {
  const raw = readOptions(fieldset, schema());
  if (raw === undefined) return;
  const { seed, ...options } = parseOptions(schema(), raw) as { seed: number } & RunOptions;
  const arms = chosen.arms(options as never, seed).map(({ name }) => name);
  live = createLiveRecord({ experiment: chosen.name, options, seed }, arms);
  setRunning(true);
  view.begin();
  view.status('Starting …', 0);
  client.run({ experiment: chosen.name, seed, options });
}

type RunOptions = LiveRecord['record']['options'];

function onResponse(response: Response): void {
  if (response.kind === 'loading') {
    const [received, total] = [response.received, response.total].map((bytes) => (bytes / 1e6).toFixed(1));
    view.status(`Fetching the data: ${received} of ${total} MB`, response.received / response.total);
  } else if (response.kind === 'event') {
    live?.add(response.event);
    if (live) view.live(experimentOf(live), live.record);
    if (live) view.status(`Training: ${Math.floor(100 * live.progress)} %`, live.progress);
  } else if (response.kind === 'done') {
    if (live) view.end(experimentOf(live), response.record);
    view.status('Done.');
    setRunning(false);
  } else {
    view.fail(response.message);
    setRunning(false);
  }
}

/** The one that runs, whatever is chosen meanwhile. */
function experimentOf({ record }: LiveRecord): Experiment {
  return experiments.find(({ name }) => name === record.experiment) as Experiment;
}

function setRunning(isRunning: boolean): void {
  runButton.disabled = isRunning;
  stopButton.disabled = !isRunning;
  if (!isRunning) live = undefined;
}
