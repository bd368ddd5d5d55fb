import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Limit, ModeChange } from '@understudy/shared/contracts';
import { createHttpApp } from '@understudy/shared/service';
import { freePort, waitFor } from '@understudy/shared/testing';
import type { FastifyInstance } from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createCapabilityBoard } from '../health/capability-board.ts';
import { tellStreamer } from '../notify/words.ts';
import { T0 } from '../testing/error-events.ts';
import { findChromium } from '../testing/find-chromium.ts';
import { eventsRoute } from './events-route.ts';
import { overlayRoute } from './overlay-route.ts';

const executablePath = findChromium();
const skip = executablePath === undefined && 'NO CHROMIUM on this machine: the overlay was not looked at in a browser';
/** Generous: other work may have the processor. */
const LIMIT_MS = 60_000;

describe('the overlay in a browser', { skip }, () => {
  let browser: Browser;
  let page: Page;
  let app: FastifyInstance;
  let port: number;
  let mode: ModeChange;
  let listeners: Set<(mode: ModeChange) => void>;
  let complaints: string[];
  let asked: Set<string>;

  const withLimits = (...limits: Limit[]): ModeChange => ({ ...createCapabilityBoard().solve([], T0), limits });
  const change = (...limits: Limit[]) => {
    mode = withLimits(...limits);
    for (const listener of listeners) listener(mode);
  };
  const serve = async () => {
    app = await createHttpApp({
      service: 'supervisor',
      version: 'test',
      rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 'x' }),
      notReady: () => undefined,
    });
    eventsRoute(app, {
      onStep: () => () => {},
      onMode: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      mode: () => mode,
    });
    overlayRoute(app);
    await app.listen({ host: '127.0.0.1', port });
  };
  const text = () => page.locator('#line').textContent();
  const untilText = (wanted: string) =>
    waitFor(async () => (await text()) === wanted, `the line "${wanted}"`, LIMIT_MS);
  const open = async (query = '') => {
    await page.goto(`http://127.0.0.1:${port}/overlay${query}`);
    await waitFor(() => listeners.size === 1, 'the page to listen', LIMIT_MS);
  };
  const styleOf = (selector: string, property: string) =>
    page.locator(selector).evaluate((element, name) => {
      const view = element.ownerDocument.defaultView;
      return view === null ? '' : view.getComputedStyle(element).getPropertyValue(name);
    }, property);

  before(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  after(() => browser.close());
  beforeEach(async () => {
    [listeners, complaints, asked, mode, port] = [new Set(), [], new Set(), withLimits(), await freePort()];
    await serve();
    page = await browser.newPage({ viewport: { width: 1920, height: 200 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
  });
  afterEach(async () => {
    await page.close();
    await app.close();
  });

  it('says nothing while all is well, one line while something is off, and nothing again', async () => {
    await open();
    assert.equal(await text(), '');
    change('text_only', 'no_vision');
    await untilText(tellStreamer(['text_only']));
    change('no_vision');
    await untilText(tellStreamer(['no_vision']));
    change();
    await untilText('');
    assert.deepEqual(complaints, []);
    assert.deepEqual([...asked], [`http://127.0.0.1:${port}`]);
  });

  it('lies over the picture: transparent, white with a dark edge, one line at 1080p', async () => {
    change('scripted');
    await open();
    await untilText(tellStreamer(['scripted']));
    assert.deepEqual(
      {
        html: await styleOf('html', 'background-color'),
        body: await styleOf('body', 'background-color'),
        color: await styleOf('#line', 'color'),
        size: await styleOf('#line', 'font-size'),
        edge: (await styleOf('#line', 'text-shadow')).includes('rgb(0, 0, 0)'),
      },
      {
        html: 'rgba(0, 0, 0, 0)',
        body: 'rgba(0, 0, 0, 0)',
        color: 'rgb(255, 255, 255)',
        size: '44px',
        edge: true,
      },
    );
    const box = await page.locator('#line').boundingBox();
    assert.ok(box && box.height < 2 * 55, `one line, not ${box?.height} px of them`);
  });

  it('takes a size and a place, and passes over what is none', async () => {
    const look = async () => [
      await styleOf('#line', 'font-size'),
      await styleOf('#line', 'text-align'),
      await styleOf('body', 'justify-content'),
    ];
    await open('?size=60&align=left&position=bottom');
    assert.deepEqual(await look(), ['60px', 'left', 'flex-end']);
    await page.goto('about:blank');
    await waitFor(() => listeners.size === 0, 'the page to leave', LIMIT_MS);
    await open('?size=9999&align=justify&position=toString');
    assert.deepEqual(await look(), ['44px', 'center', 'flex-start']);
  });

  it('takes its line back while the supervisor is away, and has the present one when it is there again', async () => {
    change('no_avatar');
    await open();
    await untilText(tellStreamer(['no_avatar']));
    await app.close();
    await untilText('');
    mode = withLimits('scripted');
    await serve();
    await untilText(tellStreamer(['scripted']));
  });
});
