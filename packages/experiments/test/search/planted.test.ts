import { describe, expect, test } from 'vitest';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { bestOf, fork, hill } from './planted.ts';

const samplers: readonly SamplerSpec[] = [
  { kind: 'random' },
  { kind: 'narrowing', keep: 0.25 },
  { kind: 'tpe', startup: 10 },
];
for (const [n, f] of Object.entries({ hill, fork }))
  for (const trials of [60, 100])
    for (const roundSize of [10, 20])
      test(`${n} ${trials} ${roundSize}`, () => {
        for (const sampler of samplers) {
          const t = performance.now();
          const v = Array.from({ length: 100 }, (_, seed) => bestOf(f, { sampler, trials, roundSize }, seed)).sort(
            (a, b) => a - b,
          );
          console.log(
            n,
            trials,
            roundSize,
            sampler.kind,
            'worst',
            v[0]!.toFixed(5),
            'p5',
            v[5]!.toFixed(5),
            'median',
            v[50]!.toFixed(5),
            (performance.now() - t).toFixed(0),
          );
        }
        expect(1).toBe(1);
      });
