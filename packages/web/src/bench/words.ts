// The words of the benchmark page in every language.
import { message } from '../i18n/index.ts';

export const benchWords = {
  title: message('bench.title'),
  lead: message('bench.lead'),
  suite: message('bench.suite'),
  suites: {
    kernels: message('bench.suites.kernels'),
    step: message('bench.suites.step'),
  },
  only: message('bench.only'),
  onlyHelp: message('bench.only-help'),
  full: message('bench.full'),
  fullHelp: message('bench.full-help'),
  measure: message('bench.measure'),
  again: message('bench.again'),
  quiet: message('bench.quiet'),
  measuring: message('bench.measuring'),
  done: message('bench.done'),
  shared: message('bench.shared'),
  noisy: (percent: string) => message('bench.noisy', { percent }),
  steady: (percent: string) => message('bench.steady', { percent }),
  numbers: message('bench.numbers'),
  name: message('bench.name'),
  variant: message('bench.suites.kernels'),
  median: message('bench.median'),
  interval: message('bench.interval'),
  roofShare: message('bench.roof-share'),
  times: message('bench.times'),
  roof: message('bench.roof'),
  environment: message('bench.environment'),
  save: message('bench.save'),
};
