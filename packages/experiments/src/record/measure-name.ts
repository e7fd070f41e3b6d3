// Names of measures and curves: the texts `measure.<name>` and, of one experiment, `<experiment>.measure.<name>`.
import { catalogs, message } from '../i18n/index.ts';
import type { Lang, Text } from '../text.ts';

const names = new Map<string, Text>();
for (const key of Object.keys(catalogs.en) as Parameters<typeof message>[0][]) {
  const measure = /(?:^|\.)measure\.(.+)$/.exec(key)?.[1];
  if (measure) names.set(measure, message(key));
}

/** Returns the name of a curve in a language. Names of arms are the same in all languages. */
export function curveName(name: string, lang: Lang): string {
  return names.get(name)?.[lang] ?? name;
}

/**
 * Returns the name of a measure in a language: `trainLoss` → `training loss`. Unknown measures are split: `someLoss` →
 * `some loss`.
 */
export function measureName(measure: string, lang: Lang): string {
  const words = measure.split(/(?<=[a-z0-9])(?=[A-Z])/);
  return (
    names.get(measure)?.[lang] ?? words.map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase())).join(' ')
  );
}
