// The words of a report that come from no experiment.
import { message } from '../../i18n/index.ts';
import type { Lang, Text } from '../../text.ts';

export const words = {
  arm: message('figure.words.arm'),
  claims: message('figure.words.claims'),
  watch: message('figure.words.watch'),
  theory: message('figure.words.theory'),
  command: message('figure.words.command'),
  cpu: message('figure.words.cpu'),
  data: message('figure.words.data'),
  descent: message('figure.words.descent'),
  digest: message('figure.words.digest'),
  digests: message('figure.words.digests'),
  effect: message('figure.words.effect'),
  evidence: message('figure.words.evidence'),
  experiment: message('figure.words.experiment'),
  figures: message('figure.words.figures'),
  holds: message('figure.words.holds'),
  interval: message('figure.words.interval'),
  notHolding: message('figure.words.not-holding'),
  numbers: message('figure.words.numbers'),
  option: message('figure.words.option'),
  os: message('figure.words.os'),
  record: message('figure.words.record'),
  results: message('figure.words.results'),
  runtime: message('figure.words.runtime'),
  seconds: message('figure.words.seconds'),
  seed: message('figure.words.seed'),
  settings: message('figure.words.settings'),
  value: message('figure.words.value'),
  variant: message('figure.words.variant'),
} satisfies Record<string, Text>;

/** `40 of 2000 points; the record has them all`. */
export function thinned(shown: number, all: number, lang: Lang): string {
  return message('figure.words.points-shown', { shown, all })[lang];
}
