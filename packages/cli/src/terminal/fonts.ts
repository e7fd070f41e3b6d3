// Fonts to draw text with: those that come with us, and for Korean and Japanese one of the system's.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Lang } from '@descent/experiments';

const { resolve } = createRequire(import.meta.url);
const SYSTEM_FONTS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/Library/Fonts',
  '/System/Library/Fonts',
  'C:\\Windows\\Fonts',
];

/** Where Korean and Japanese fonts of the common systems lie, best first. */
const CJK_FONTS: Record<Exclude<Lang, 'en'>, readonly string[]> = {
  ko: [
    'opentype/noto/NotoSansCJK-Regular.ttc',
    'noto-cjk/NotoSansCJK-Regular.ttc',
    'google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc',
    'truetype/nanum/NanumGothic.ttf',
    'AppleSDGothicNeo.ttc',
    'malgun.ttf',
  ],
  ja: [
    'opentype/noto/NotoSansCJK-Regular.ttc',
    'noto-cjk/NotoSansCJK-Regular.ttc',
    'google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc',
    'opentype/ipafont-gothic/ipag.ttf',
    'ヒラギノ角ゴシック W3.ttc',
    'YuGothR.ttc',
    'msgothic.ttc',
  ],
};

/** The fonts that come with us. */
export function ownFonts(): string[] {
  const folder = join(dirname(resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(folder, file));
}

/** A font of this system with the letters of a language, if one is found. */
export function systemFont(lang: Lang): string | undefined {
  if (lang === 'en') return undefined;
  return SYSTEM_FONTS.flatMap((folder) => CJK_FONTS[lang].map((file) => join(folder, file))).find(existsSync);
}

/** Every font that a figure in a language needs: ours, the system's, and its bold cut where it lies beside. */
export function fontsFor(lang: Lang): string[] {
  const regular = systemFont(lang);
  if (regular === undefined) return ownFonts();
  const bold = regular.replace('Regular', 'Bold');
  return [...ownFonts(), ...new Set([regular, existsSync(bold) ? bold : regular])];
}
