// The form of the page: checkboxes, ranges in the reader's language, the reader's own data.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { experiments, parseOptions } from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import { expect, test } from 'vitest';
import {
  descent,
  describePage,
  findViolations,
  mnistFolder,
  openSettings,
  openTab,
  runToEnd,
  SHORT_RUN,
  save,
} from './page.ts';

describePage('the form', () => {
  test('sets the title of every page and moves the focus to its content', async () => {
    const { page } = await openTab();
    expect(await page.title()).toBe('Descent');
    await page.focus('.cards a');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title()).toBe('Four optimizers in a long valley · Descent');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
    await page.click('nav a[href="#bench"]');
    await expect.poll(() => page.title()).toBe('Benchmark · Descent');
    expect(await page.getAttribute('nav a[href="#bench"]', 'aria-current')).toBe('page');
  });

  test.each(['ko-KR', 'ja-JP'])(
    'fits a phone in %s, without serious axe violations when all is open',
    async (locale) => {
      const phone = { locale, colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const;
      const { page } = await openTab(SHORT_RUN, phone);
      await runToEnd(page);
      for (const summary of await page.locator('main summary').all()) await summary.click();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    },
  );

  test('runs the checked optimizers, and the link contains them', async () => {
    const { page, errors } = await openTab(SHORT_RUN);
    await page.uncheck('#option-optimizers-SGD');
    await page.uncheck('#option-optimizers-AdaGrad');
    await runToEnd(page);
    expect(await page.locator('tbody th').allTextContents()).toEqual(['Momentum', 'Adam']);
    const link = page.url();
    expect(new URLSearchParams(new URL(link).hash.split('?')[1]).get('optimizers')).toBe('Momentum,Adam');
    expect(await descent('verify', await save(page, '#save-record'))).toBe(0);
    const other = await openTab(new URL(link).hash);
    expect(await other.page.isChecked('#option-optimizers-SGD')).toBe(false);
    // A change after a run starts the next one.
    await page.check('#option-optimizers-SGD');
    await expect.poll(() => page.locator('tbody th').allTextContents()).toEqual(['SGD', 'Momentum', 'Adam']);
    for (const name of ['SGD', 'Momentum', 'Adam']) await page.uncheck(`#option-optimizers-${name}`);
    expect(await page.textContent('#error-optimizers')).toBe('Allowed: one or more of SGD, Momentum, AdaGrad, Adam.');
    expect(errors).toEqual([]);
  });

  test('removes the digest from the address when a setting changes', async () => {
    const { page } = await openTab(SHORT_RUN);
    const digest = await runToEnd(page);
    expect(page.url()).toContain(digest);
    await page.fill('#option-adamLr', '0.4');
    await expect.poll(() => page.url()).toContain('adamLr=0.4');
    expect(page.url()).not.toContain('digest=');
    const other = await openTab(`${SHORT_RUN}&digest=${digest}`);
    await other.page.fill('#option-adamLr', '0.4');
    await runToEnd(other.page);
    expect(await other.page.locator('#seal').count()).toBe(0);
  });

  test.each(experiments.map((experiment) => [experiment.name, experiment] as const))(
    'shows at most six settings of %s at first, and none without effect',
    async (name, experiment) => {
      const { page, errors } = await openTab(`#${name}`);
      const shown = await page.locator('.setting:visible').count();
      expect(shown).toBeGreaterThan(0);
      expect(shown).toBeLessThanOrEqual(6);
      const defaults = parseOptions(experiment.options, {});
      for (const [option, { label, when }] of Object.entries(experiment.options))
        expect(await page.locator(`#help-${option}`).count(), label.en).toBe(when?.(defaults) === false ? 0 : 1);
      expect(await page.locator('#option-seed').count()).toBe(experiment.isSeeded === false ? 0 : 1);
      expect(errors).toEqual([]);
    },
  );

  test('dims the figure of other settings, counts the changes, and runs with them', async () => {
    const { page } = await openTab('#overfit_weight_decay?epochs=2&trainSamples=100&testSamples=100');
    await runToEnd(page);
    const opacity = () => page.locator('.canvas').evaluate((canvas) => getComputedStyle(canvas).opacity);
    expect(await opacity()).toBe('1');
    await page.fill('#option-lr', '0.02');
    expect(await page.textContent('#run')).toBe('Run with 1 change');
    await page.click('[aria-label="Epochs ×2"]');
    expect(await page.inputValue('#option-epochs')).toBe('4');
    expect(await page.textContent('#run')).toBe('Run with 2 changes');
    await expect.poll(opacity).toBe('0.35');
    await page.click('#group-training > summary');
    await page.fill('#option-seed', '9');
    expect(await page.textContent('#group-training > summary')).toContain('2 changed');
    await runToEnd(page);
    await expect.poll(opacity).toBe('1');
    expect(await page.textContent('#run')).toBe('Run again');
    expect(page.url()).toMatch(/lr=0.02.*digest=/);
    await page.click('#defaults');
    expect(await page.inputValue('#option-epochs')).toBe('201');
  });

  test('a field that has no effect with the other settings is hidden, and shown with others', async () => {
    const { page } = await openTab('#convnet_vs_perceptron');
    await openSettings(page);
    expect(await page.locator('#option-adamBeta1').count()).toBe(1);
    await page.selectOption('#option-optimizer', 'sgd');
    expect(await page.locator('#option-adamBeta1').count()).toBe(0);
    await page.selectOption('#option-optimizer', 'momentum');
    expect(await page.locator('#option-momentum').count()).toBe(1);
  });

  test('sliders and steppers work by keyboard and by touch, with targets of 44 px', async () => {
    const { page } = await openTab('#optimizer_compare_mnist', {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
    });
    expect(await page.locator('.setting:visible').count()).toBe(0);
    await page.tap('.settings > summary');
    const slider = page.locator('.setting:has(#option-sgdLr) [type=range]');
    await slider.press('ArrowRight');
    expect(await page.inputValue('#option-sgdLr')).toBe('0.012');
    await page.press('#option-sgdLr', 'ArrowDown');
    expect(await page.inputValue('#option-sgdLr')).toBe('0.01');
    await page.tap('[aria-label="Batch size ÷2"]');
    expect(await page.inputValue('#option-batchSize')).toBe('64');
    await page.tap('[aria-label="Help: Batch size"]');
    expect(await page.isVisible('#help-batchSize')).toBe(true);
    const heights = await page
      .locator('.setting :is(input, select, button):visible')
      .evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  });

  test('asks for a prediction before the run and answers it after', async () => {
    const { page, errors } = await openTab('#optimizer_compare_mnist?steps=20&trainSamples=300&testSamples=300', {
      hasTouch: true,
      viewport: { width: 390, height: 844 },
    });
    await page.tap('.choices button:text-is("SGD")');
    expect(await page.getAttribute('.choices button:text-is("SGD")', 'aria-pressed')).toBe('true');
    await runToEnd(page);
    expect(await page.textContent('.prediction [role=status]')).toMatch(
      /^You said SGD\. (Momentum|AdaGrad|Adam) won: test accuracy 0\.\d+ against 0\.\d+\.$/,
    );
    expect(page.url()).not.toContain('SGD');
    expect(await findViolations(page)).toEqual([]);
    await page.click('.prediction .small');
    await page.click('#clear');
    await page.click('.prediction .small');
    expect(await page.locator('.prediction').count()).toBe(0);
    await page.reload();
    await page.waitForSelector('#run');
    expect(await page.locator('.prediction').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('the color menu changes the page and its figures', async () => {
    const { page } = await openTab(SHORT_RUN, { colorScheme: 'light' });
    await runToEnd(page);
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.selectOption('#colors', 'dark');
    expect(await background()).not.toBe(light);
    expect(await page.locator('.drawing svg rect').first().getAttribute('fill')).toBe('#12161c');
  });

  test('Run is within eight tab stops and keeps the focus', async () => {
    const { page } = await openTab('#optimizer_compare_mnist?steps=20&trainSamples=300&testSamples=100');
    await page.evaluate('document.activeElement.blur()');
    let stops = 0;
    const isRun = () => page.evaluate("document.activeElement.id === 'run'");
    for (; stops < 8 && !(await isRun()); stops++) await page.keyboard.press('Tab');
    expect(await isRun()).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#digest');
    expect(await isRun()).toBe(true);
  });

  test('shows the link, selected, without a clipboard', async () => {
    const { page } = await openTab(SHORT_RUN);
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await runToEnd(page);
    await page.click('#copy-link');
    expect(await page.inputValue('#link')).toBe(page.url());
    expect(await page.evaluate('getSelection().toString()')).toBe(page.url());
  });

  test('a tap on a map moves the start, and swipes scroll', async () => {
    const { page } = await openTab(SHORT_RUN, { hasTouch: true, viewport: { width: 390, height: 844 } });
    await runToEnd(page);
    const map = page.locator('.canvas').first();
    expect(await map.evaluate((element) => getComputedStyle(element).touchAction)).toBe('manipulation');
    await map.tap({ position: { x: 150, y: 120 } });
    await expect.poll(() => page.inputValue('#option-startX')).not.toBe('-7');
  });

  test.each([
    ['ko-KR', '입력 범위: 1 이상 10000 이하의 정수.'],
    ['ja-JP', '入力できる値: 1 以上 10000 以下の整数。'],
  ])('shows a range in %s', async (locale, message) => {
    const { page } = await openTab(SHORT_RUN, { locale });
    await openSettings(page);
    await page.fill('#option-steps', '-3');
    expect(await page.textContent('#error-steps')).toBe(message);
  });

  const files = [
    'train-images-idx3-ubyte',
    'train-labels-idx1-ubyte',
    't10k-images-idx3-ubyte',
    't10k-labels-idx1-ubyte',
  ];
  /** Returns the first rows of a file as a small file. */
  const cut = async (name: string, rows: number) => {
    const bytes = await readFile(join(mnistFolder, name));
    const header = name.includes('idx3') ? 16 : 8;
    const size = name.includes('idx3') ? 784 : 1;
    const part = Buffer.from(bytes.subarray(0, header + rows * size));
    part.writeUInt32BE(rows, 4);
    return part;
  };
  const small = '#optimizer_compare_mnist?steps=6&trainSamples=200&testSamples=100&hiddenSizes=20&batchSize=20';

  test.each([
    ['plain', (bytes: Buffer) => bytes, ''],
    ['gzipped', (bytes: Buffer) => gzipSync(bytes), '.gz'],
  ])('trains on four IDX files, %s', async (_, pack, ending) => {
    const { page, errors, requests } = await openTab(small);
    const given = await Promise.all(
      files.map(async (name) => ({ name: name + ending, mimeType: '', buffer: pack(await cut(name, 200)) })),
    );
    await page.setInputFiles('#files', given);
    await page.waitForSelector('footer .note');
    expect(await page.textContent('footer .note')).toMatch(/200 for training, 200 for testing/);
    await runToEnd(page);
    const record = parseRecord(await readFile(await save(page, '#save-record'), 'utf8'));
    expect(record.data.name).toBe('own');
    expect(requests.filter((file) => file.startsWith('data/'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  /** Digits of MNIST with labels 1 to 26, as EMNIST letters have them. */
  const letters = async () =>
    Promise.all(
      files.map(async (name) => {
        const bytes = await cut(name, 200);
        if (name.includes('labels'))
          bytes.set(
            [...bytes.subarray(8).keys()].map((i) => 1 + (i % 26)),
            8,
          );
        return { name: `emnist-letters-${name.replace('t10k', 'test')}`, mimeType: '', buffer: bytes };
      }),
    );

  test('trains on EMNIST letters, and names the option to set for more classes than outputs', async () => {
    const { page } = await openTab(small);
    await page.setInputFiles('#files', await letters());
    await page.waitForSelector('footer .note');
    await page.click('#run');
    await page.waitForSelector('#status.error');
    expect(await page.textContent('#status')).toContain('--classes to be at least 26');
    const { page: other, errors } = await openTab(`${small}&classes=26`);
    await other.setInputFiles('#files', await letters());
    await other.waitForSelector('footer .note');
    await runToEnd(other);
    const record = parseRecord(await readFile(await save(other, '#save-record'), 'utf8'));
    expect([record.options.classes, record.arms.length]).toEqual([26, 4]);
    expect(errors).toEqual([]);
  });

  test('trains on the CSV of Kaggle', async () => {
    const { page, errors } = await openTab(small);
    const [images, labels] = await Promise.all(files.slice(0, 2).map((name) => cut(name, 210)));
    const row = (i: number) => [labels?.[8 + i], ...(images?.subarray(16 + 784 * i, 16 + 784 * (i + 1)) ?? [])].join();
    const text = `label,${Array.from({ length: 784 }, (_, i) => `pixel${i}`)}\n${Array.from({ length: 210 }, (_, i) => row(i)).join('\n')}`;
    await page.setInputFiles('#files', [{ name: 'train.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }]);
    await page.waitForSelector('footer .note');
    expect(await page.textContent('footer .note')).toMatch(/180 for training, 30 for testing/);
    await runToEnd(page);
    expect(errors).toEqual([]);
  });

  test.each<[string, (name: string, bytes: Buffer) => Buffer, RegExp]>([
    [
      'cut short',
      (name, bytes) => (name.startsWith('train-images') ? bytes.subarray(0, 1000) : bytes),
      /train-images-idx3-ubyte.*expected/,
    ],
    [
      'that is not IDX',
      (name, bytes) => (name.startsWith('t10k-labels') ? Buffer.from('<b>no</b>') : bytes),
      /t10k-labels-idx1-ubyte.*text, not gzip: "<b>no/,
    ],
    [
      'with damaged gzip data',
      (name, bytes) => (name.startsWith('train-labels') ? gzipSync(bytes).subarray(0, 30) : bytes),
      /train-labels-idx1-ubyte.*expected/,
    ],
    [
      'with fewer labels than images',
      (name, bytes) => (name.startsWith('train-labels') ? removeLastLabel(bytes) : bytes),
      /train-labels-idx1-ubyte.*expected/,
    ],
  ])('shows what is wrong with a file %s', async (_, change, message) => {
    const { page, errors } = await openTab(small);
    const given = await Promise.all(
      files.map(async (name) => ({ name, mimeType: '', buffer: change(name, await cut(name, 50)) })),
    );
    await page.setInputFiles('#files', given);
    await page.waitForSelector('#file-error:not(:empty)');
    expect(await page.textContent('#file-error')).toMatch(message);
    expect(await page.locator('footer .note').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('names the missing files', async () => {
    const { page } = await openTab(small);
    const [name] = files as [string];
    await page.setInputFiles('#files', [{ name, mimeType: '', buffer: await cut(name, 50) }]);
    await page.waitForSelector('#file-error:not(:empty)');
    expect(await page.textContent('#file-error')).toMatch(/train-labels-idx1-ubyte.*all four files together/);
  });
});

/** Removes the last label and adjusts the header. */
function removeLastLabel(bytes: Buffer): Buffer {
  const part = Buffer.from(bytes.subarray(0, bytes.length - 1));
  part.writeUInt32BE(part.readUInt32BE(4) - 1, 4);
  return part;
}
