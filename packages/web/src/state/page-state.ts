// Where the reader is: the list, or one experiment with what stands in its form. The address follows, and leads.
import {
  availableVariants,
  type Experiment,
  OptionError,
  parseOptions,
  type RunRecord,
  seedOption,
  trailOf,
  type Variant,
} from '@descent/experiments';
import { signal } from '@preact/signals';
import { faultsOf, readTyped, type Typed, typedFrom } from './form.ts';
import { linkTo, type PageState, placeOf } from './link.ts';
import { type Expected, reset, show } from './session.ts';

export const experiment = signal<Experiment | undefined>(undefined);
export const typed = signal<Typed>({});
export const variant = signal<Variant | undefined>(undefined);
/** What the next run is held against. */
export const expected = signal<Expected | undefined>(undefined);
/** The address, where it is that of the benchmark. */
export const benchHash = signal<string | undefined>(undefined);
/** Why the address could not be followed. */
export const linkFault = signal('');

/** Follows the address now and whenever it changes. */
export function startPlace(): void {
  addEventListener('hashchange', () => {
    if (location.hash === TO_CONTENT) return toContent();
    if (location.hash === written) return;
    follow();
    // Whoever listens or tabs goes on at the new page, not at a link that is gone.
    requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }));
  });
  follow();
}

/** Where the skip link points; the hash is the page's own otherwise. */
const TO_CONTENT = '#main';

let written = '';

function toContent(): void {
  history.replaceState(null, '', written || location.pathname);
  document.getElementById('main')?.focus();
}

function follow(): void {
  written = location.hash;
  linkFault.value = '';
  let place: PageState | undefined;
  try {
    place = placeOf(location.hash);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    linkFault.value = error.message;
  }
  reset();
  benchHash.value = /^#bench(\?|$)/.test(location.hash) ? location.hash : undefined;
  scrollTo(0, 0);
  if (place) settle(place);
  else experiment.value = undefined;
}

function settle({ experiment: chosen, options, seed, variant: kernels, digest, trail }: PageState): void {
  typed.value = typedFrom({ seed, ...options });
  variant.value = kernels && availableVariants().includes(kernels) ? kernels : undefined;
  expected.value = digest ? { digest, ...(trail && { trail }) } : undefined;
  experiment.value = chosen;
}

/** What the form asks for; undefined where a value in it is out of range. */
export function placeAsked(): PageState | undefined {
  const chosen = experiment.value;
  if (!chosen || faultsOf(chosen, typed.value).size > 0) return undefined;
  const kernels = variant.value;
  return { experiment: chosen, ...readTyped(chosen, typed.value), ...(kernels && { variant: kernels }) };
}

/** The address of what is asked for, and of what it came to. */
export function writeAddress(place: PageState, made?: RunRecord): void {
  const trail = made && trailOf(made);
  keepAddress(linkTo({ ...place, ...(made && { digest: made.digest }), ...(trail && { trail }) }));
}

/** An address that says what the page shows already. */
export function keepAddress(hash: string): void {
  written = hash;
  history.replaceState(null, '', hash);
}

/** The variant of a record, or undefined for one of earlier versions whose results depended on the processor. */
export function variantOf({ variant }: RunRecord): Variant | undefined {
  return variant === 'relaxed-simd' ? undefined : variant;
}

/** A record from a file: drawn, and what the next run is held against. */
export function openRecord(chosen: Experiment, opened: RunRecord): void {
  const options = parseOptions(chosen.options, opened.options);
  const variant = variantOf(opened);
  const place: PageState = { experiment: chosen, options, seed: opened.seed, variant };
  settle(place);
  writeAddress(place, opened);
  show(opened);
  expected.value = variant && { record: opened };
}

/** Another seed than the one in the form, by counting up. */
export function nextSeed(): void {
  const seed = Number(typed.value.seed);
  const next = Number.isInteger(seed) && seed < seedOption.max ? seed + 1 : seedOption.default;
  typed.value = { ...typed.value, seed: String(next) };
}
