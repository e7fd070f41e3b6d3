// Converts SVG to PNG, with all fonts in memory, so that the image does not depend on settings of the system.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Lang } from '@descent/experiments';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontsFor } from './fonts.ts';

const { resolve } = createRequire(import.meta.url);

let loading: Promise<void> | undefined;

/** Loads the rasterizer; that is possible only once per process. */
function load(): Promise<void> {
  loading ??= initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return loading;
}

/** Renders at twice the size of the SVG, for print and high-density screens. */
export async function renderPng(svg: string, lang: Lang): Promise<Uint8Array> {
  await load();
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
