import { describe, expect, test } from 'vitest';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { bestOf, fork, hill } from './planted.ts';

const samplers: readonly SamplerSpec[] = [
  { kind: 'random' },
  { kind: 'narrowing', keep: 0.25 },
  { kind: 'tpe', startup: 10 },
];
