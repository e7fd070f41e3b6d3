// Fonts of PNG figures: DejaVu Sans, and a font of the system for Korean and Japanese.
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

/** Files of Korean and Japanese fonts on common systems, best first. */
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

/** Returns the fonts that are installed with this package. */
function ownFonts(): string[] {
  const folder = join(dirname(resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(folder, file));
}

/** Finds a font of the system with the letters of a language. */
export function systemFont(lang: Lang): string | undefined {
  if (lang === 'en') return undefined;
  return SYSTEM_FONTS.flatMap((folder) => CJK_FONTS[lang].map((file) => join(folder, file))).find(existsSync);
}

/**
 * Lists the fonts of a figure: DejaVu Sans, the font of the system, and its bold variant if it is in the same folder.
 */
export function fontsFor(lang: Lang): string[] {
  const regular = systemFont(lang);
  if (regular === undefined) return ownFonts();
  const bold = regular.replace('Regular', 'Bold');
  return [...ownFonts(), ...new Set([regular, existsSync(bold) ? bold : regular])];
}
