// HTML reports: content, content security policy, and escaping.
import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { renderHtml } from '../src/figure/html/render-html.ts';
import { stringifyRecord } from '../src/record/json.ts';
import type { RunRecord } from '../src/record/record.ts';
import { langs } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

const small = { hiddenSizes: '8', batchSize: 8, steps: 60 };
const context = await tinyContext();
const seeds = [
  await run(optimizerCompareMnist, small, 1, context),
  await run(optimizerCompareMnist, small, 2, context),
] as const;
const naive = await run(optimizerCompareNaive);

const parse = (html: string) => parseHTML(html).document;
const report = renderHtml(optimizerCompareMnist, [seeds[0]]);

test('the content security policy allows the style sheet only', () => {
  const page = parse(report);
  const sheet = page.querySelector('style')?.textContent ?? '';
  const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content');
  const digest = createHash('sha256').update(sheet).digest('base64');
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  expect(page.querySelectorAll('script, iframe, object, embed, form, [style], [onload], [onclick]').length).toBe(0);
  const addresses = [...page.querySelectorAll('[src], [href]')].map(
    (node) => node.getAttribute('href') ?? node.getAttribute('src'),
  );
  expect(addresses.every((address) => /^data:/.test(String(address)))).toBe(true);
  expect(report.match(/https?:\/\/[^"' ]+/g)?.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual(
    [],
  );
});

test.each(langs)('a report has figures, numbers, claims, settings and digests in %s', (lang) => {
  const page = parse(renderHtml(optimizerCompareMnist, [seeds[0]], { lang }));
  expect(page.documentElement.getAttribute('lang')).toBe(lang);
  expect(page.querySelector('h1')?.textContent).toBe(optimizerCompareMnist.title[lang]);
  const figures = optimizerCompareMnist.figures(seeds[0]);
  expect(page.querySelectorAll('figure .light svg').length).toBe(figures.length);
  expect(page.querySelectorAll('figure .dark svg').length).toBe(figures.length);
  expect(page.querySelectorAll('figure details tbody tr').length).toBeGreaterThan(20);
  for (const { text } of seeds[0].claims) expect(page.body.textContent).toContain(text[lang]);
  for (const { digest } of seeds[0].arms) expect(page.body.textContent).toContain(digest);
  expect(page.body.textContent).toContain(optimizerCompareMnist.options.batchSize.label[lang]);
  expect(page.body.textContent).not.toMatch(/undefined|\[object/);
});

test('the report contains the record', () => {
  const link = parse(report).querySelector('a[download]')?.getAttribute('href') ?? '';
  const [, base64 = ''] = link.split('base64,');
  expect(Buffer.from(base64, 'base64').toString()).toBe(stringifyRecord(seeds[0]));
});

test('a report over seeds has means with ranges, intervals and every record', () => {
  const page = parse(renderHtml(optimizerCompareMnist, seeds));
  expect(page.querySelectorAll('a[download]').length).toBe(2);
  expect(page.body.textContent).toMatch(/95 % interval over seeds/);
  expect(page.body.textContent).toMatch(/--seed 1 --seeds 2/);
  expect(page.body.textContent).toMatch(/\d \(\d[^)]*–\d[^)]*\)/);
});

test('texts of a record are escaped', () => {
  const evil = '"><script>alert(1)</script><b x=\'';
  const text = { en: evil, ko: evil, ja: evil };
  const record: RunRecord = {
    ...naive,
    data: { ...naive.data, name: evil },
    environment: { [evil]: evil },
    options: { ...naive.options, [evil]: evil },
    arms: naive.arms.map((arm) => ({ ...arm, name: arm.name + evil, final: { [evil]: 1 } })),
    claims: [{ id: evil, text, holds: false, evidence: { [evil]: 1 } }],
  };
  const page = parse(renderHtml(optimizerCompareNaive, [record]));
  expect(page.querySelectorAll('script, b').length).toBe(0);
  expect(page.body.textContent).toContain(evil);
});
