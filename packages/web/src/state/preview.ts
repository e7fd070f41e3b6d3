// The precomputed result of an experiment at its defaults: the page shows it before a run and expects it of a run.
import {
  type Claim,
  copyAxes,
  type Experiment,
  type Figure,
  followAxes,
  pageFigures,
  parseOptions,
  type RunRecord,
  type Verdict,
} from '@descent/experiments';
import { computed, effect, signal } from '@preact/signals';
import { ownImages } from '../images/own-images.ts';
import { lang } from './language.ts';
import { formatLink, type PageState } from './link.ts';
import { experiment, getRequestedState } from './page-state.ts';
import type { ExpectedResult } from './session.ts';

export interface Preview {
  readonly experiment: Experiment;
  /** Downsampled by `npm run previews`, so only good for figures. Its digest and its verdicts are those of the full record. */
  readonly record: RunRecord;
}

/** The preview of the shown experiment, once it is loaded. */
export const preview = signal<Preview | undefined>(undefined);

/** The figures of the preview, in the language of the page. */
export const previewFigures = computed((): readonly Figure[] => {
  const shown = preview.value;
  // Figures can contain texts in the current language.
  return shown && lang.value ? pageFigures(shown.experiment, shown.record) : [];
});

/** Whether a run with the values of the form has the result of the preview. */
export const isPreviewRequested = computed(() => {
  const [shown, place] = [preview.value, getRequestedState()];
  return shown !== undefined && place !== undefined && hasSettings(shown, place);
});

let loading: Promise<void> | undefined;

/** Loads the preview of each experiment that is shown. */
export function startPreviews(): void {
  effect(() => {
    const chosen = experiment.value;
    if (preview.peek()?.experiment === chosen) return;
    preview.value = undefined;
    loading = chosen && load(chosen);
  });
}

async function load(chosen: Experiment): Promise<void> {
  const response = await fetch(new URL(`previews/${chosen.name}.json`, document.baseURI)).catch(() => undefined);
  if (!response?.ok) return;
  const record = readPreview(chosen, await response.json());
  if (experiment.peek() === chosen) preview.value = { experiment: chosen, record };
}

/** What `npm run previews` writes. JSON has null for NaN. */
interface PreviewFile extends Pick<RunRecord, 'digest' | 'options' | 'seed' | 'data' | 'arms'> {
  readonly seconds: number;
  readonly claims: readonly Omit<Verdict, 'text'>[];
}

/** Returns the downsampled record in a file. */
export function readPreview({ name, claims: tests }: Experiment, file: PreviewFile): RunRecord {
  const { digest, options, seed, data, seconds } = file;
  const claims = file.claims.map((verdict): Verdict => {
    const { text, otherwise } = tests.find(({ id }) => id === verdict.id) as Claim;
    return { ...verdict, text: verdict.holds ? text : otherwise };
  });
  const arms = file.arms.map((arm) => {
    const series = Object.entries(arm.series).map(([measure, { step, value }]) => {
      return [measure, { step, value: value.map((each) => each ?? Number.NaN) }] as const;
    });
    return { ...arm, series: Object.fromEntries(series), digest: '' };
  });
  const rest = { variant: 'simd128', environment: {}, elapsedSeconds: seconds } as const;
  return { format: 'descent-run/1', experiment: name, options, seed, data, arms, claims, digest, ...rest };
}

/** Returns the result that a run must have, if it is precomputed. */
export async function expectPreview(place: PageState): Promise<ExpectedResult | undefined> {
  await loading;
  const shown = preview.value;
  return shown && hasSettings(shown, place) ? { digest: shown.record.digest } : undefined;
}

function hasSettings({ experiment: of, record }: Preview, { experiment: chosen, options, seed }: PageState): boolean {
  if (of !== chosen || (of.data !== 'none' && ownImages.value && ownImages.value.source.sha256 !== record.data.sha256))
    return false;
  const settings = { experiment: of, options: parseOptions(of.options, record.options), seed: record.seed };
  return formatLink(settings) === formatLink({ experiment: of, options, seed });
}

/**
 * Gives the figures of a growing record the axes that they will have at its end, as far as the preview shows them.
 * @param first the first figures of the run, if the page runs it
 */
export function withFinalAxes(
  figures: readonly Figure[],
  record: RunRecord,
  first?: readonly Figure[],
): readonly Figure[] {
  const shown = preview.value;
  const options = record.options as PageState['options'];
  if (shown && hasSettings(shown, { experiment: shown.experiment, options, seed: record.seed }))
    return withAxes(figures, previewFigures.value);
  if (!first) return figures;
  const others = [...(shown ? previewFigures.value : []), ...first];
  return figures.map((figure) => followAxes(figure, ...others.filter(({ id }) => id === figure.id)));
}

/** Gives each figure the axes of the other one with the same name. */
export function withAxes(figures: readonly Figure[], others: readonly Figure[] = []): readonly Figure[] {
  return figures.map((figure) => {
    const other = others.find(({ id }) => id === figure.id);
    return other ? copyAxes(figure, other) : figure;
  });
}
