// SVG → PNG, with every font in memory so that the picture does not depend on the system's settings.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Lang } from '@descent/experiments';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontsFor } from './fonts.ts';

const { resolve } = createRequire(import.meta.url);

let isReady: Promise<void> | undefined;

/** resvg's module may be made once in a process. */
function ready(): Promise<void> {
  isReady ??= initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return isReady;
}

/** Draws at twice the size of the SVG, which is sharp on paper and on dense screens. */
export async function renderPng(svg: string, lang: Lang): Promise<Uint8Array> {
  await ready();
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      fontBuffers: fontsFor(lang).map((file) => readFileSync(file)),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return resvg.render().asPng();
}
