/** One browser and one model server for tests of the attempt; time passes only when told. */
import 'fake-indexeddb/auto';

import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect } from 'vitest';

import { connectAttempts } from '../../api/client';
import type { PlayerConfig, Ports } from '../attemptState';
import { randomId } from '../../shared/randomId';
import { type Journal, journalOf } from '../journal';
import { isAnswered } from '../sheet';
import { type AttemptActions, useAttempt } from '../useAttempt';
import { ModelServer } from './modelServer';

export const MINUTE = 60_000;
export let server: ModelServer;
export let journals: Journal[];
export let address: string | null;
let monotonic: number;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  monotonic = 1000;
  address = null;
  journals = [];
});
afterEach(() => journals.forEach((journal) => journal.close()));

export function configOf(attempt: string | null): PlayerConfig {
  return {
    paper: server.paper,
    attempt,
    api: 'http://test/api/v1/',
    user: 'alice',
    reportUrl: '/attempts/{attempt}/report/',
    exitUrl: '/papers/',
    lang: 'zh-hans',
  };
}

export function portsOf(config: PlayerConfig): Ports {
  const journal = journalOf('alice');
  journals.push(journal);
  return {
    api: connectAttempts({ api: config.api, fetch: server.fetch, pause: async () => undefined }),
    journal,
    monotonic: () => monotonic,
    clientDate: () => '2026-06-13T09:00:00.000+08:00',
    chance: () => 0.5,
    newId: randomId,
    showAddress: (id) => {
      address = id;
    },
  };
}

/** A page opened in this browser; opening another one is a reload or a second tab. */
export function page(attempt: string | null = null): AttemptActions {
  const config = configOf(attempt);
  return useAttempt(portsOf(config), config);
}

export async function started(): Promise<AttemptActions> {
  const attempt = page();
  await attempt.begin();
  await attempt.start();
  expect(attempt.view.phase).toBe('open');
  return attempt;
}

/** Time passes on the phone and on the server alike. */
export async function pass(attempt: AttemptActions, ms: number, step = 500): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    elapse(step);
    server.now += step;
    await attempt.tick();
  }
}

/** Time passes on the phone alone. */
export function elapse(ms: number): void {
  monotonic += ms;
}

export function stateOf({ view }: AttemptActions, item: number): string {
  if (view.sheet.waiting.has(item)) return 'device';
  return isAnswered(view.sheet, item) ? 'server' : 'blank';
}

export const journalRequests = () =>
  server.requests.filter(({ path }) => path.endsWith('/journal/'));
