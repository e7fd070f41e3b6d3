// descent bench: report, tables, baseline, and errors.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const quick = 'bench kernels --quick --variant scalar --only countEqual';

test('--json prints the report, --baseline compares with it', {
  timeout: 60_000,
}, async () => {
  const { code, stdout } = await descent(`${quick} --json`, { cwd });
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'kernels' });
  expect(report.environment.runtime).toBe(`node ${process.versions.node}`);
  expect(Object.keys(report.roof)).toEqual(['reference', 'scalar']);
  expect(report.rows[1]).toMatchObject({ op: 'countEqual', shape: [128], variant: 'scalar' });

  const rows = report.rows.map((row: { medianUs: number }) => ({ ...row, medianUs: 1e-6, ci95Us: [1e-6, 1e-6] }));
  writeFileSync(join(cwd, 'fast.json'), JSON.stringify({ ...report, rows }));
  const [markdown, json] = await Promise.all(
    ['--markdown', '--json'].map((flag) => descent(`${quick} --baseline fast.json ${flag}`, { cwd })),
  );
  expect(markdown?.stdout).toMatch(/^\| call \| reference \| scalar \|/m);
  expect(markdown?.stdout).toMatch(/^\| countEqual 128 \|/m);
  const { comparison } = JSON.parse(json?.stdout ?? '');
  expect(comparison[0]).toMatchObject({ name: 'countEqual 128 reference', verdict: 'slower' });
});

writeFileSync(join(cwd, 'other.json'), '{"format": "descent-run/1"}');
writeFileSync(join(cwd, 'step.json'), '{"format": "descent-bench/1", "suite": "step", "rows": []}');
writeFileSync(join(cwd, 'rows.json'), '{"format": "descent-bench/1", "suite": "kernels", "rows": [{}]}');

test.concurrent.for([
  ['bench kernel', 2, /bench expects one of kernels, step, experiments but got kernel/],
  ['bench kernels --profile', 2, /--profile expects the suite step but got kernels/],
  ['bench kernels --only nothing', 2, /--only expects a part of a name in bench kernels but got nothing/],
  ['bench --variant simd', 2, /expected --variant to be one of simd128/],
  ['bench --baseline none.json', 3, /none.json: expected a report of descent bench --json/],
  ['bench --baseline other.json', 3, /the format descent-bench\/1 but got descent-run\/1/],
  ['bench --baseline step.json', 3, /a report of bench kernels but got one of bench step/],
  ['bench --baseline rows.json', 3, /rows without times/],
  ['bench step --data nowhere', 3, /nowhere/],
] as const)('%s is refused', async ([args, code, message]) => {
  const { code: actual, stdout, stderr } = await descent(args, { cwd });
  expect(stderr).toMatch(message);
  expect([actual, stdout]).toEqual([code, '']);
});
