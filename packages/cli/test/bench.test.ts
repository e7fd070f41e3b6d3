// descent bench: its report, its tables, an earlier run beside it, and every way to ask for it wrongly.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const quick = 'bench kernels --quick --variant scalar --only countEqual';

/** An earlier report, with times of our choice. */
async function earlier(file: string, scale: number): Promise<void> {
  const { stdout } = await descent(`${quick} --json`, { cwd });
  const report = JSON.parse(stdout);
  for (const row of report.rows) {
    row.medianUs *= scale;
    row.ci95Us = row.ci95Us.map((us: number) => us * scale);
  }
  writeFileSync(join(cwd, file), JSON.stringify(report));
}

test('--json is the report and nothing else', async () => {
  const { code, stdout } = await descent(`${quick} --json`, { cwd });
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'kernels' });
  expect(report.environment.runtime).toBe(`node ${process.versions.node}`);
  expect(Object.keys(report.roof)).toEqual(['reference', 'scalar']);
  expect(report.rows[1]).toMatchObject({ op: 'countEqual', shape: [128], variant: 'scalar' });
});

test('tables for a terminal stay within 100 columns, and Markdown has them too', async () => {
  const [text, markdown] = await Promise.all([descent(quick, { cwd }), descent(`${quick} --markdown`, { cwd })]);
  expect(text.stdout).toMatch(/call +reference +scalar +±/);
  const rows = text.stdout.split('\n').filter((line) => /^ {2}countEqual/.test(line));
  expect(rows.length).toBe(1);
  expect(rows[0]?.length).toBeLessThanOrEqual(100);
  expect(markdown.stdout).toMatch(/^\| call \| reference \| scalar \|/m);
  expect(markdown.stdout).toMatch(/^\| countEqual 128 \|/m);
});

test('--baseline says what is slower beyond noise', async () => {
  await earlier('fast.json', 0.01);
  const { code, stdout } = await descent(`${quick} --baseline fast.json`, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/countEqual 128 scalar .* slower/);
  expect(stdout).toContain('2 slower, 0 faster, 0 the same');
  const { comparison } = JSON.parse((await descent(`${quick} --json --baseline fast.json`, { cwd })).stdout);
  expect(comparison[0]).toMatchObject({ name: 'countEqual 128 reference', verdict: 'slower' });
});

describe('asked for wrongly', () => {
  writeFileSync(join(cwd, 'text.json'), 'no JSON');
  writeFileSync(join(cwd, 'other.json'), '{"format": "descent-run/1"}');
  writeFileSync(join(cwd, 'step.json'), '{"format": "descent-bench/1", "suite": "step", "rows": []}');
  writeFileSync(join(cwd, 'rows.json'), '{"format": "descent-bench/1", "suite": "kernels", "rows": [{}]}');

  test.concurrent.for([
    ['bench kernel', 2, /bench expects one of kernels, step, experiments but got kernel/],
    ['bench kernels --profile', 2, /--profile expects the suite step but got kernels/],
    ['bench kernels --quick --only nothing', 2, /--only expects a part of a name in bench kernels but got nothing/],
    ['bench --variant simd', 2, /expected --variant to be one of simd128/],
    ['bench --basline x', 2, /unknown flag --basline; did you mean --baseline\?/],
    ['bench --baseline none.json', 3, /none.json: expected what descent bench --json printed/],
    ['bench --baseline text.json', 3, /not JSON/],
    ['bench --baseline other.json', 3, /the format descent-bench\/1 but got descent-run\/1/],
    ['bench --baseline step.json', 3, /a report of bench kernels but got one of bench step/],
    ['bench --baseline rows.json', 3, /rows without times/],
    ['bench step --data nowhere', 3, /nowhere/],
  ] as const)('%s', async ([args, code, message]) => {
    const ending = await descent(args, { cwd });
    expect(ending.stderr).toMatch(message);
    expect(ending.code).toBe(code);
    expect(ending.stdout).toBe('');
  });
});

test('the report of a baseline is left as it was', async () => {
  await earlier('kept.json', 1);
  const before = readFileSync(join(cwd, 'kept.json'), 'utf8');
  await descent(`${quick} --baseline kept.json`, { cwd });
  expect(readFileSync(join(cwd, 'kept.json'), 'utf8')).toBe(before);
});
