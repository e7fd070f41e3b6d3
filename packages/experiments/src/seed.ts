// What every run can be asked for beside its experiment's own options.
import { int } from './options.ts';

/** Initial weights, batches and every other draw follow from it. */
export const seedOption = int({
  default: 1,
  min: 0,
  max: 2 ** 32 - 1,
  label: { en: 'Seed', ko: '시드', ja: 'シード' },
  help: {
    en: 'Fixes initial weights and mini-batches; the same seed gives the same bits.',
    ko: '초기 가중치와 미니배치를 결정한다. 시드가 같으면 결과는 비트까지 같다.',
    ja: '重みの初期値とミニバッチを決める。シードが同じなら結果はビット単位で一致する。',
  },
});
