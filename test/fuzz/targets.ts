// All that is fuzzed, by name.
import { commandLines } from './arguments.ts';
import { configs } from './configs.ts';
import { exports } from './exports.ts';
import { idx } from './idx.ts';
import { journals } from './journals.ts';
import { permalinks } from './permalinks.ts';
import { queueMessages } from './queue.ts';
import { records } from './records.ts';
import { safetensors } from './safetensors.ts';
import type { Target } from './target.ts';

export const targets = [
  idx,
  safetensors,
  records,
  exports,
  journals,
  configs,
  permalinks,
  commandLines,
  queueMessages,
] as readonly Target[];
