// `descent completion`: suggestions from the schemas, and the scripts in the shells that are installed.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, toFlag } from '@descent/experiments';
import { beforeAll, describe, expect, test } from 'vitest';
import { suggest } from '../src/commands/completion.ts';
import { commands } from '../src/commands.ts';
import { binary, descent, scratch } from './descent.ts';

const names = experiments.map(({ name }) => name);

/** Suggests words for the last word of a line. */
async function complete(line: string): Promise<string[] | 'files'> {
  const suggestions = await suggest(commands, line.split(' ').slice(1));
  return suggestions === 'files' ? suggestions : suggestions.map(({ word }) => word);
}

test.for([
  ['descent ', [...Object.keys(commands), 'help', '--help', '--version']],
  ['descent run ', names],
  ['descent run batch_norm_test ', []],
  ['descent run --out batch_norm_test overfit_dropout --sc', []],
  ['descent run batch_norm_test --optimizer ad', ['adagrad', 'adam', 'adamw']],
  ['descent run batch_norm_test --optimizer=ad', ['--optimizer=adagrad', '--optimizer=adam', '--optimizer=adamw']],
  ['descent run batch_norm_test --optimizer = ad', ['adagrad', 'adam', 'adamw']],
  ['descent run batch_norm_test --optimizer =', undefined],
  ['descent run batch_norm_test --lr ', []],
  ['descent run --data m', ['mnist']],
  ['descent run --out ', 'files'],
  ['descent bench ', ['kernels', 'step', 'experiments']],
  ['descent plot a/run.json b/', 'files'],
  ['descent constructor ', []],
] as const)('%s', async ([line, expected]) => {
  const words = await complete(line);
  if (expected) expect(words).toEqual(expected);
  else expect(words).toContain('adam');
});

test.for(experiments.map((experiment) => [experiment.name, experiment] as const))(
  '%s: every option and every choice is suggested',
  async ([name, { options }]) => {
    const flags = await complete(`descent run ${name} --`);
    for (const [option, schema] of Object.entries(options)) {
      expect(flags).toContain(toFlag(option));
      const values = await complete(`descent run ${name} ${toFlag(option)} `);
      if ('choices' in schema) expect(values).toEqual(schema.choices);
      else expect(values).toEqual(schema.kind === 'boolean' ? ['true', 'false'] : []);
      if (schema.kind !== 'names') continue;
      const [first = '', ...others] = schema.choices;
      const more = others.map((choice) => `${first},${choice}`);
      expect(await complete(`descent run ${name} ${toFlag(option)} ${first},`)).toEqual(more);
    }
  },
);

describe('scripts', () => {
  const cwd = scratch();
  const env = { ...process.env, PATH: `${cwd}:${process.env.PATH}` };
  const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;
  beforeAll(() => {
    writeFileSync(join(cwd, 'descent'), `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
    chmodSync(join(cwd, 'descent'), 0o755);
  });

  test.for(['bash', 'zsh', 'fish'].filter(has))('%s parses its script', async (shell) => {
    const { stdout } = await descent(`completion ${shell}`, { cwd });
    const file = join(cwd, `_descent.${shell}`);
    writeFileSync(file, stdout);
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test.skipIf(!has('bash')).for([
    [['descent', 'run', 'batch_norm_test', '--optimizer', '=', 'rms'], 'rmsprop'],
    [['./descent', 'run', '--lang', ''], 'en ko ja'],
    [['descent', 'plot', ''], ''],
    [['descent', 'run', '$(touch evil)', '`touch evil`', '--'], undefined],
  ] as const)('bash completes %j', ([words, expected]) => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `source <(descent completion bash); complete -p descent; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}
      _descent ${words[0]} '${words.at(-1)}' '${words.at(-2)}'; echo "[\${COMPREPLY[*]}]"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8' });
    expect(stderr).toBe('');
    const [registered, suggestions] = stdout.trim().split('\n');
    expect(registered).toBe('complete -o default -F _descent descent');
    if (expected === undefined) expect(suggestions).toContain('--seed');
    else expect(suggestions).toBe(`[${expected}]`);
    expect(existsSync(join(cwd, 'evil'))).toBe(false);
  });

  test('zsh and fish get descriptions; other shells are refused', async () => {
    expect((await descent('completion zsh -- run --see', { cwd })).stdout).toMatch(/^--seed:.*\n--seeds:/);
    expect((await descent('completion fish -- run --see', { cwd })).stdout).toMatch(/^--seed\t.*\n--seeds\t/);
    const { code, stderr } = await descent('completion bsh', { cwd });
    expect(stderr).toContain('did you mean bash?');
    expect(code).toBe(2);
  });
});
