// What a trial tries, by the sampler's name.
import { grid } from './samplers/grid.ts';
import { narrowing } from './samplers/narrowing.ts';
import { random } from './samplers/random.ts';
import { type Sampler, type Search, seededRng } from './samplers/sampler.ts';
import { sobol } from './samplers/sobol.ts';
import { tpe } from './samplers/tpe.ts';

export function createSampler(search: Search, seed: number): Sampler {
  const dice = seededRng(seed);
  switch (search.sampler.kind) {
    case 'random':
      return random(search, dice);
    case 'grid':
      return grid(search);
    case 'sobol':
      return sobol(search, dice);
    case 'narrowing':
      return narrowing(search, search.sampler.keep, dice);
    case 'tpe':
      return tpe(search, search.sampler.startup, dice);
  }
}
