// The link of a run. The hash contains experiment, seed, variant, digest and every option that is not at its default.
import {
  type Experiment,
  experiments,
  formatOption,
  type Options,
  type OptionValue,
  parseExperimentOptions,
  parseOption,
  parseOptions,
  seedOption,
  type Variant,
  variants,
} from '@descent/experiments';

/** How an experiment is shown. */
export interface View {
  /** On a whole screen, or in a frame of another page. */
  readonly mode?: 'present' | 'embed' | undefined;
  /** The options that have a control; all if missing. */
  readonly show?: readonly string[] | undefined;
}

/** What a link describes. */
export interface PageState {
  readonly experiment: Experiment;
  readonly options: Options;
  readonly seed: number;
  /** The fastest available variant if missing. */
  readonly variant?: Variant;
  /** The digest of the linked run. */
  readonly digest?: string;
  readonly view?: View;
}

/** Returns a hash such as `#name?steps=30&seed=2`. */
export function formatLink({ experiment, options, seed, variant, digest, view }: PageState): string {
  // The defaults of the other options depend on these two.
  const choices = Object.fromEntries(
    ['dialect', 'preset'].filter((name) => name in options).map((name) => [name, options[name]]),
  );
  const defaults = parseOptions(experiment.options, choices);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    const defaultValue = name in choices ? experiment.options[name]?.default : defaults[name];
    if (formatOption(value) !== formatOption(defaultValue as OptionValue)) query.set(name, formatOption(value));
  }
  query.set('seed', String(seed));
  if (variant) query.set('variant', variant);
  if (digest) query.set('digest', digest);
  if (view?.mode) query.set(view.mode, '');
  if (view?.show) query.set('show', view.show.join(','));
  return `#${experiment.name}?${query}`;
}

/**
 * Parses a hash. Returns undefined if it names no experiment.
 * @throws OptionError if a value is out of range
 */
export function parseLink(hash: string): PageState | undefined {
  const [name, search = ''] = hash.replace(/^#/, '').split('?', 2) as [string, string?];
  const experiment = experiments.find((candidate) => candidate.name === name);
  if (!experiment) return undefined;
  // Links of version 0.2 have a `trail`, which is ignored.
  const {
    seed,
    variant,
    digest,
    present,
    embed,
    show,
    trail: _,
    ...raw
  } = Object.fromEntries(new URLSearchParams(search));
  return {
    experiment,
    options: parseExperimentOptions(experiment, raw),
    seed: seed === undefined ? seedOption.default : parseOption('seed', seedOption, seed),
    ...(isVariant(variant) && { variant }),
    ...(digest && /^[0-9a-f]{64}$/.test(digest) && { digest }),
    view: {
      mode: present !== undefined ? 'present' : embed !== undefined ? 'embed' : undefined,
      show: show?.split(','),
    },
  };
}

function isVariant(name: string | undefined): name is Variant {
  return name !== undefined && Object.hasOwn(variants, name);
}
