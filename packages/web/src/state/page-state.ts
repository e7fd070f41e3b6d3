// The state of the page: the home page or one experiment with the values of its form. Kept in sync with the address.
import {
  availableVariants,
  type Experiment,
  headingOf,
  OptionError,
  type RunRecord,
  seedOption,
  type Variant,
} from '@descent/experiments';
import { computed, effect, signal, untracked } from '@preact/signals';
import {
  type FormValues,
  findChanges,
  findErrors,
  getRunValues,
  parseForm,
  parseLeniently,
  toFormValues,
} from './form.ts';
import { findKept, type KeptRun, seedRecords } from './kept-runs.ts';
import { t } from './language.ts';
import { formatLink, type PageState, parseLink, type View } from './link.ts';
import { showKept } from './seeds.ts';
import { type ExpectedResult, isBusy, record, reset, showRecord } from './session.ts';

export const experiment = signal<Experiment | undefined>(undefined);
export const formValues = signal<FormValues>({});
export const variant = signal<Variant | undefined>(undefined);
/** How the experiment is shown. */
export const view = signal<View>({});
/** The result with which the next run is compared. */
export const expected = signal<ExpectedResult | undefined>(undefined);
/** The hash of the address on the benchmark page, otherwise undefined. */
export const benchHash = signal<string | undefined>(undefined);
/** Why the address is not valid; empty if it is. */
export const linkError = signal('');

/** Title and question of the experiment with the values of the form. */
export const heading = computed(() => {
  const chosen = experiment.value;
  return chosen && headingOf(chosen, parseLeniently(chosen.options, formValues.value));
});

/** The number of settings that differ from those of the shown run, unless it is in progress. */
export const changeCount = computed(() => {
  const [chosen, shown] = [experiment.value, seedRecords.value[0] ?? record.value];
  if (isBusy.value || !shown || shown.experiment !== chosen?.name) return 0;
  return findChanges(chosen, formValues.value, getRunValues(chosen, shown)).length;
});

/** Applies the address now and whenever it changes. */
export function startRouting(): void {
  addEventListener('hashchange', () => {
    if (location.hash === CONTENT_HASH) return focusContent();
    if (location.hash === writtenHash) return;
    applyAddress();
    // Screen readers and the Tab key continue at the new content, not at a removed link.
    requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }));
  });
  applyAddress();
  effect(removeStaleDigest);
}

/** The values of the form that the address describes. */
let addressedValues: FormValues = {};

/** Writes changed settings to the address. The digest in it, and the result to compare with, belong to the old ones. */
function removeStaleDigest(): void {
  const values = formValues.value;
  if (Object.entries(values).every(([name, value]) => addressedValues[name] === value)) return;
  untracked(() => {
    const requested = getRequestedState();
    if (!requested) return;
    addressedValues = values;
    expected.value = undefined;
    replaceAddress(formatLink(requested));
  });
}

/** The target of the skip link. Every other hash is a page. */
const CONTENT_HASH = '#main';
const HOME = 'experiments';
/** Longer names of unknown experiments are cut in the message. */
const MAX_SHOWN_NAME = 40;

let writtenHash = '';

function focusContent(): void {
  history.replaceState(null, '', writtenHash || location.pathname);
  document.getElementById('main')?.focus();
}

function applyAddress(): void {
  writtenHash = location.hash;
  linkError.value = '';
  let place: PageState | undefined;
  try {
    place = parseLink(location.hash);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    linkError.value = error.message;
  }
  reset();
  benchHash.value = /^#bench(\?|$)/.test(location.hash) ? location.hash : undefined;
  scrollTo(0, 0);
  if (place) {
    enterExperiment(place);
    return;
  }
  experiment.value = undefined;
  if (linkError.value === '' && benchHash.value === undefined) linkError.value = describeUnknownPage();
}

/** Shows an experiment: the last run of this visit if the address has no settings, else a run with the same ones. */
function enterExperiment(place: PageState): void {
  const { experiment: chosen } = place;
  const isPlain = !location.hash.includes('?');
  const run = findKept(chosen.name, isPlain ? undefined : (place as Parameters<typeof findKept>[1]));
  if (!run || (place.digest && place.digest !== run[0].digest)) return void setPageState(place);
  openKept(chosen, run);
}

/** Shows a run of this visit again, with its settings. */
export function openKept(chosen: Experiment, run: KeptRun): void {
  const [first] = run;
  const place: PageState = { experiment: chosen, options: first.options, seed: first.seed };
  setPageState(place);
  updateAddress(place, first);
  showKept(run);
}

/** Returns a message if the address names neither an experiment nor the home page. */
function describeUnknownPage(): string {
  const name = /^#([^?]+)/.exec(location.hash)?.[1] ?? HOME;
  return name === HOME ? '' : t('unknown-record', { name: name.slice(0, MAX_SHOWN_NAME) });
}

function setPageState({
  experiment: chosen,
  options,
  seed,
  variant: kernels,
  digest,
  view: shownAs = {},
}: PageState): void {
  addressedValues = toFormValues({ seed, ...options });
  formValues.value = addressedValues;
  variant.value = kernels && availableVariants().includes(kernels) ? kernels : undefined;
  expected.value = digest ? { digest } : undefined;
  view.value = shownAs;
  experiment.value = chosen;
}

/** Returns the run that the form describes, or undefined if a value is out of range. */
export function getRequestedState(): PageState | undefined {
  const chosen = experiment.value;
  if (!chosen || findErrors(chosen, formValues.value).size > 0) return undefined;
  const kernels = variant.value;
  return {
    experiment: chosen,
    ...parseForm(chosen, formValues.value),
    ...(kernels && { variant: kernels }),
    view: view.value,
  };
}

/** Writes a run and, if given, the digest of its record to the address. */
export function updateAddress(place: PageState, shownRecord?: RunRecord): void {
  replaceAddress(formatLink({ ...place, ...(shownRecord && { digest: shownRecord.digest }) }));
}

/** Replaces the hash without applying it. */
function replaceAddress(hash: string): void {
  writtenHash = hash;
  history.replaceState(null, '', hash);
}

/** Returns the variant of a record; undefined for the removed `relaxed-simd`, whose results depended on the processor. */
export function getVariant({ variant }: RunRecord): Variant | undefined {
  return variant === 'relaxed-simd' ? undefined : variant;
}

/** Shows a record from a file, which has every option. The next run is compared with it. */
export function openRecord(chosen: Experiment, opened: RunRecord): void {
  const { options, seed } = opened;
  const variant = getVariant(opened);
  const place: PageState = { experiment: chosen, options, seed, variant };
  setPageState(place);
  updateAddress(place, opened);
  showRecord(opened);
  expected.value = variant && { record: opened };
}

/** Increments the seed in the form. */
export function nextSeed(): void {
  const seed = Number(formValues.value.seed);
  const next = Number.isInteger(seed) && seed < seedOption.max ? seed + 1 : seedOption.default;
  formValues.value = { ...formValues.value, seed: String(next) };
}
