// All that is fuzzed, by name.
import { commandLines } from './arguments.ts';
import { configs } from './configs.ts';
import { idx } from './idx.ts';
import { permalinks } from './permalinks.ts';
import type { Target } from './target.ts';

export const targets = [idx, configs, permalinks, commandLines] as readonly Target[];
