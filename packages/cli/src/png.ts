// SVG → PNG. Text is drawn with fonts that come with us, and for Korean and Japanese with one of the system's.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Lang } from '@descent/experiments';

const { resolve } = createRequire(import.meta.url);
const SYSTEM_FONTS = ['/usr/share/fonts', '/usr/local/share/fonts', '/Library/Fonts', '/System/Library/Fonts', 'C:\\Windows\\Fonts'];

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
  return SYSTEM_FONTS.flatMap((folder) => CJK_FONTS[lang].map((file) => join(folder, file))).find((file) => existsSync(file));
}

/** Draws at twice the size of the SVG, which is sharp on paper and on dense screens. */
export async function renderPng(svg: string, lang: Lang): Promise<Uint8Array> {
  await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const system = systemFont(lang);
  const files = system ? [...ownFonts(), system] : ownFonts();
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      fontBuffers: files.map((file) => readFileSync(file)),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return resvg.render().asPng();
}
