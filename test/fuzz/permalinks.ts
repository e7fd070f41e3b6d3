// Addresses of the page: whatever stands behind the # comes to a place with valid options, to the list, or to a sentence.
import { experiments, formatOption, OptionError, parseOptions } from '@descent/experiments';
import { formatLink, parseLink } from '../../packages/web/src/state/link.ts';
import type { Target } from './target.ts';

export const permalinks: Target<string> = {
  name: 'permalinks',
  seeds: () => [
    '#optimizer_compare_naive?steps=30&seed=2&adamLr=0.4',
    '#optimizer_compare_mnist?hiddenSizes=100x4&dialect=book&variant=scalar&seed=4294967295',
    '#optimizer_compare_naive?preset=saddle&startX=-1.5&digest=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ...experiments.map(({ name, options }) => {
      const defaults = Object.entries(parseOptions(options, {})).map(([option, value]) => [
        option,
        formatOption(value),
      ]);
      return `#${name}?${new URLSearchParams(defaults)}`;
    }),
  ],
  words: [
    '?',
    '&',
    '#',
    'seed=',
    'variant=',
    'digest=',
    '&seed=1&seed=2',
    'preset=',
    ...experiments.map(({ name }) => name),
  ],
  refusals: [OptionError],
  run(hash) {
    const place = parseLink(hash);
    if (!place) return;
    const { experiment, options, seed } = place;
    experiment.arms(options, seed);
    const link = formatLink(place);
    const again = parseLink(link);
    if (!again || formatLink(again) !== link) throw new Error(`${link} is not the address of what it leads to`);
  },
};
