// The dialect, an option of every experiment.
import { choice } from '../options.ts';

export const dialect = choice({
  default: 'modern',
  choices: ['modern', 'book'],
  label: { en: 'Dialect', ko: '규칙', ja: '流儀' },
  help: {
    en: "Whose rules hold where they differ: today's frameworks' (modern) or the book's programs' (book).",
    ko: '규칙이 서로 다를 때 오늘날의 프레임워크(modern)를 따를지, 책의 프로그램(book)을 따를지 정한다.',
    ja: '規則が異なるとき、現在のフレームワーク（modern）と本のプログラム（book）のどちらに従うかを選ぶ。',
  },
});
