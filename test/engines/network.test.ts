// Inside the network: the page shows exactly the values of the same arms in Node; stopped runs can be resumed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  predict,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import { parseRecord } from '@descent/experiments/records';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { descent, describePage, findViolations, mnistFolder, openTab, runToEnd, save } from './page.ts';

const experiment = findExperiment('optimizer_compare_mnist');
const settings = { steps: 60, trainSamples: 300, testSamples: 500, hiddenSizes: '50,20' };
const toHash = (changes: object = {}) =>
  `#${experiment.name}?${new URLSearchParams(Object.entries({ ...settings, ...changes }).map(([k, v]) => [k, String(v)]))}`;
const createArms = (changes: object = {}) =>
  experiment.arms(parseOptions(experiment.options, { ...settings, ...changes }), 1);

/** Loads MNIST in this process. */
async function createContext(): Promise<TrainingContext> {
  const device = await loadDevice();
  const files = Object.entries(imageFiles).map(async ([role, file]) => [
    role,
    { file, bytes: await readFile(join(mnistFolder, file)) },
  ]);
  const unchecked = { sha256: () => new Uint8Array(32) };
  return { device, data: imagesFrom(device, Object.fromEntries(await Promise.all(files)), unchecked) };
}

/** Trains an arm for a number of steps and returns what `read` returns. */
function after<T>(spec: ArmSpec, steps: number, context: TrainingContext, read: (training: Training) => T): T {
  const training = new Training(spec, context);
  const run = training.run();
  while (training.step < steps && !run.next().done);
  const result = read(training);
  training.release();
  return result;
}

const getDigestAfter = (spec: ArmSpec, steps: number, context: TrainingContext) =>
  after(spec, steps, context, (training) => training.record().digest);

/** Opens the section and waits for the first inspection. */
async function openNetwork(page: Page): Promise<void> {
  await page.click('#network > summary');
  await page.waitForSelector('#inside-digest');
}

/** Reads a canvas: red, green, blue and alpha of every pixel. */
const readPixels = (page: Page, selector: string): Promise<number[]> =>
  page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
  });

let context: TrainingContext;

describePage('inside the network', () => {
  beforeAll(async () => {
    context = await createContext();
  });
  test('shows the predictions, weights and misclassified images of Node, also at an earlier step', async () => {
    const { page, errors } = await openTab(toHash());
    await runToEnd(page);
    await openNetwork(page);
    const specs = createArms();
    const [sgd] = specs as [ArmSpec];
    const expected = after(sgd, 60, context, (training) => ({
      digest: training.record().digest,
      weights: firstWeights(training, [28, 28]),
      wrong: misclassified(training, (context.data as NonNullable<TrainingContext['data']>).test.slice(0, 500)),
    }));
    expect(await page.textContent('#inside-digest')).toBe(expected.digest);
    checkWeights(await readPixels(page, '.weights'), expected.weights.values);
    const csv = (await readFile(await save(page, '#save-mistakes'), 'utf8')).trim().split('\r\n').slice(1);
    expect(csv).toEqual(
      expected.wrong
        .sort((a, b) => b.probability - a.probability)
        .map(({ index, label, predicted: answer, probability }) => [index, label, answer, probability].join(',')),
    );
    expect(await page.locator('#mistakes tbody tr').count()).toBe(Math.min(100, csv.length));
    await page.locator('#mistakes button').first().click();
    await expect.poll(() => page.textContent('.given')).toContain(String(csv[0]?.split(',')[1]));
    expect(await page.locator('#pad').evaluate(isInView)).toBe(true);

    await drawSeven(page);
    let pixels = new Uint8Array();
    const isEqualToNode = async () => {
      pixels = await readInput(page);
      const probabilities = specs.map((spec) => computeProbabilities(spec, 60, pixels));
      return JSON.stringify(await readProbabilities(page, specs.length)) === JSON.stringify(probabilities);
    };
    await expect.poll(isEqualToNode, { timeout: 10_000 }).toBe(true);
    expect(pixels.filter((byte) => byte === 255).length).toBeGreaterThan(10);

    await page.fill('#scrub', '37');
    await page.selectOption('#arm-inside', 'Adam');
    await page.waitForSelector('.network:has-text("Adam, step 37.") [aria-busy=false]');
    expect(await page.textContent('#inside-digest')).toBe(getDigestAfter(specs[3] as ArmSpec, 37, context));
    expect(await readProbabilities(page, specs.length)).toEqual(
      specs.map((spec) => computeProbabilities(spec, 37, pixels)),
    );
    expect(errors).toEqual([]);
  });

  test('classifies a test image chosen by keyboard, without serious axe violations', async () => {
    const { page, errors } = await openTab(toHash({ steps: 5 }), { colorScheme: 'dark' });
    await runToEnd(page);
    await page.focus('#network > summary');
    await page.keyboard.press('Enter');
    await page.fill('#test-image', '6');
    await page.focus('#test-image');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.textContent('.given')).toMatch(/: 9$/);
    const { test: images } = context.data as NonNullable<TrainingContext['data']>;
    const seven = images.inputs.rows(7, 8).data.slice() as Uint8Array;
    expect(await readInput(page)).toEqual(seven);
    const specs = createArms({ steps: 5 });
    await expect
      .poll(() => readProbabilities(page, specs.length))
      .toEqual(specs.map((spec) => computeProbabilities(spec, 5, seven)));
    await page.locator('#network > * summary').first().click();
    expect(await findViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('a stopped run has the step of each arm in its record, and resumes to the same bits, also from the file', async () => {
    const long = { steps: 1_500, hiddenSizes: '30', batchSize: 32 };
    const { page, errors } = await openTab(toHash(long));
    await page.click('#run');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Training'));
    await page.click('#stop');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Stopped'));
    const text = await readFile(await save(page, '#save-record'), 'utf8');
    const stopped = parseRecord(text);
    const specs = createArms(long);
    const steps = stopped.arms.map(({ series }) => series.trainLoss?.step.at(-1) ?? 0);
    expect(stopped.arms.map(({ status }) => status)).toContain('interrupted');
    expect(stopped.arms.map(({ digest }) => digest)).toEqual(
      specs.map((spec, i) => getDigestAfter(spec, steps[i] as number, context)),
    );
    await page.click('#resume');
    await page.waitForFunction(() => document.querySelector('#status')?.textContent?.startsWith('Finished'));
    const digest = await page.textContent('#digest');
    const file = await save(page, '#save-record');
    expect(await descent('verify', file)).toBe(0);

    const second = (await openTab()).page;
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
    expect(errors).toEqual([]);
  });
});

/** Expects blue for clearly negative weights and red for clearly positive ones; ten images per row, one pixel apart. */
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

/** Returns whether an element is in the viewport, below the sticky buttons. */
function isInView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  const bar = document.querySelector('.bar') as Element;
  return top >= Math.max(0, bar.getBoundingClientRect().bottom) && bottom <= innerHeight;
}

/** Draws a seven. */
async function drawSeven(page: Page): Promise<void> {
  await page.locator('#pad').scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await page.locator('#pad').boundingBox()) as { [side: string]: number };
  const moveTo = (right: number, down: number) =>
    page.mouse.move((x ?? 0) + right * (width ?? 0), (y ?? 0) + down * (height ?? 0), { steps: 5 });
  await moveTo(0.3, 0.4);
  await page.mouse.down();
  await moveTo(0.7, 0.4);
  await moveTo(0.5, 0.9);
  await page.mouse.up();
}

/** Reads the input of the networks. */
async function readInput(page: Page): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from((await readPixels(page, '.given canvas')).filter((_, i) => i % 4 === 0));
}

/** Reads ten probabilities per arm, once the page is idle. */
async function readProbabilities(page: Page, arms: number): Promise<number[][]> {
  await page.waitForSelector('#network [aria-busy=false] #answers');
  const all = await page
    .locator('#answers data')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('value'))));
  return Array.from({ length: arms }, (_, arm) => all.slice(10 * arm, 10 * arm + 10));
}

function computeProbabilities(spec: ArmSpec, steps: number, pixels: Uint8Array): number[] {
  return after(spec, steps, context, (training) => [
    ...predict(training, examplesFrom(context.device, pixels, [28, 28])).probabilities,
  ]);
}
