// The words of the program itself in every language of `--lang`; what experiments say comes with them.
import { message } from '../i18n/index.ts';

export const words = {
  all: message('all'),
  arm: message('arm'),
  claims: message('claims'),
  data: message('data'),
  allRandom: (sampler: string, trials: number) => message('all-random', { trials, sampler }),
  fixedRange: message('fixed-range'),
  holds: message('holds'),
  interrupted: message('interrupted'),
  loss: message('loss'),
  notHolding: message('not-holding'),
  options: message('options'),
  record: message('record'),
  resumed: message('resumed'),
  same: (arms: number, digest: string) => message('same', { arms, digest }),
  seconds: (time: string) => message('seconds', { time }),
  sameOptions: message('same-options'),
  seed: message('seed'),
  step: message('step'),
  stopping: message('stopping'),
  threads: (jobs: number) => message('threads', { jobs }),
  left: (time: string) => message('left', { time }),
  divergedAt: (step: number) => message('diverged-at', { step }),
  interruptedAt: (step: number) => message('interrupted-at', { step }),
  widen: (flag: string) => message('widen', { flag }),
};
