// Every way to call the command wrongly: exit code 2, and a message that names the flag, the range and the nearest name.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
writeFileSync(join(cwd, 'unknown.json'), '{"stepz": 3}');
writeFileSync(join(cwd, 'broken.json'), '{"steps": ');
writeFileSync(join(cwd, 'list.json'), '[1]');

const naive = 'run optimizer_compare_naive';

test.concurrent.for([
  ['rnu', /unknown command rnu.*did you mean run\?/],
  ['--nope', /unknown flag --nope\n/],
  ['xyz', /unknown command xyz\n/],
  ['run nope', /no experiment nope\n/],
  ['bench kernel', /bench expects one of .* but got kernel; did you mean kernels\?/],
  ['bench xx', /bench expects one of .* but got xx\n/],
  ['list extra', /too many arguments/],
  ['run', /needs the name of an experiment/],
  ['run optimizer_compare_nave', /no experiment optimizer_compare_nave; did you mean optimizer_compare_naive\?/],
  [`${naive} extra`, /too many arguments/],
  [`${naive} --sed 3`, /unknown flag --sed; did you mean --seed\?/],
  [`${naive} --step 3`, /unknown flag --step; did you mean --steps\?/],
  [`${naive} --steps`, /--steps needs a value/],
  [`${naive} --steps 0`, /--steps to be a whole number from 1 to \d+ but got "0"/],
  [`${naive} --steps 1.5`, /--steps to be a whole number/],
  [`${naive} --steps ten`, /--steps to be a whole number/],
  [`${naive} --sgd-lr -1`, /--sgd-lr to be a number from 0 to 1000 but got "-1"/],
  [`${naive} --dialect boko`, /--dialect to be one of modern, book .* did you mean book\?/],
  [`${naive} --seed -3`, /--seed to be a whole number from 0 to 4294967295 but got "-3"/],
  [`${naive} --seed 4294967296`, /--seed to be a whole number/],
  [`${naive} --seed 4294967295 --seeds 2`, /--seeds expects at most 1/],
  [`${naive} --seeds 0`, /--seeds to be a whole number from 1/],
  [`${naive} --jobs 0`, /--jobs to be a whole number from 1/],
  [`${naive} --variant simd`, /--variant to be one of .* but got "simd"\n/],
  [`${naive} --lang jp`, /--lang to be one of en, ko, ja but got "jp"\n/],
  [`${naive} --config none.json`, /--config none.json: no such file/],
  [`${naive} --config broken.json`, /--config broken.json: .*JSON/],
  [`${naive} --config list.json`, /--config list.json: expected a JSON object/],
  [`${naive} --config unknown.json`, /"stepz" is not an option .* did you mean --steps\?/],
  [`${naive} --out unknown.json`, /cannot write unknown.json/],
  ['run --resume x --seed 3', /--resume takes its options from the journal, so --seed cannot be given/],
  ['plot', /missing required argument record/],
  ['verify', /missing required argument record/],
  ['compare one.json', /two records or more/],
] as const)('descent %s', async ([args, message]) => {
  const { code, stdout, stderr } = await descent(args, { cwd });
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.concurrent.for([
  ['', /Usage: descent/],
  ['--help', /Usage: descent[\s\S]*Example:/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['help run', /Usage: descent run[\s\S]*Example:/],
  ['run --help', /--check-claims[\s\S]*Example:/],
  [`${naive} --help`, /--sgd-lr <value> [\s\S]*to\s+1000;\s+default 0\.95[\s\S]*Example:/],
  [`${naive} --help --lang ko`, /스텝/],
  ['list --help', /Example:/],
  ['plot --help', /Example:/],
  ['verify --help', /Example:/],
  ['compare --help', /Example:/],
  ['doctor --help', /Example:/],
  ['list', /optimizer_compare_naive\n {2}\S/],
  ['list --lang ja', /最適化/],
] as const)('descent %s', async ([args, output]) => {
  const { code, stdout, stderr } = await descent(args, { cwd });
  expect(stdout).toMatch(output);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
