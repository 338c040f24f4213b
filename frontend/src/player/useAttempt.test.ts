import 'fake-indexeddb/auto';

import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connectAttempts } from '../api/client';
import type { PlayerConfig } from './attemptState';
import { type Journal, journalOf, randomId } from './journal';
import { ModelServer } from './modelServer';
import { isAnswered } from './sheet';
import { type AttemptActions, useAttempt } from './useAttempt';

const MINUTE = 60_000;
let server: ModelServer;
let monotonic: number;
let address: string | null;
let journals: Journal[];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  monotonic = 1000;
  address = null;
  journals = [];
});
afterEach(() => journals.forEach((journal) => journal.close()));

/** A page opened in this browser; opening another one is a reload or a second tab. */
function page(attempt: string | null = null): AttemptActions {
  const config: PlayerConfig = {
    paper: server.paper,
    attempt,
    api: 'http://test/api/v1/',
    user: 'alice',
    reportUrl: '/attempts/{attempt}/report/',
    exitUrl: '/papers/',
    lang: 'zh-hans',
  };
  const journal = journalOf('alice');
  journals.push(journal);
  return useAttempt(
    {
      api: connectAttempts({ api: config.api, fetch: server.fetch, pause: async () => undefined }),
      journal,
      monotonic: () => monotonic,
      clientDate: () => '2026-06-13T09:00:00.000+08:00',
      chance: () => 0.5,
      newId: randomId,
      showAddress: (id) => {
        address = id;
      },
    },
    config,
  );
}

async function started(): Promise<AttemptActions> {
  const attempt = page();
  await attempt.begin();
  await attempt.start();
  expect(attempt.view.phase).toBe('open');
  return attempt;
}

/** Time passes on the phone and on the server alike. */
async function pass(attempt: AttemptActions, ms: number, step = 500): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    monotonic += step;
    server.now += step;
    await attempt.tick();
  }
}

function stateOf({ view }: AttemptActions, item: number): string {
  if (view.sheet.waiting.has(item)) return 'device';
  return isAnswered(view.sheet, item) ? 'server' : 'blank';
}

const journalRequests = () => server.requests.filter(({ path }) => path.endsWith('/journal/'));

describe('starting', () => {
  it('waits for the start button, then shows the paper and its address', async () => {
    const attempt = page();
    await attempt.begin();
    expect(attempt.view.phase).toBe('idle');
    await attempt.start();
    expect(attempt.view.phase).toBe('open');
    expect(attempt.view.items).toHaveLength(4);
    expect(attempt.view.remaining).toBe(120 * MINUTE);
    expect(address).toBe(server.attempt);
  });

  it('makes one attempt when the reply is lost and the page reloaded', async () => {
    server.fault(/attempts\/$/, 'lose reply', 'lose reply', 'lose reply');
    const first = page();
    await first.begin();
    await first.start();
    expect(first.view.phase).toBe('idle');
    expect(first.view.problem?.key).toBe('problem.offline');
    const second = page();
    await second.begin();
    await second.start();
    expect(second.view.phase).toBe('open');
    expect(server.started).toBe(1);
    const keys = server.requests.filter(({ path }) => path.endsWith('/attempts/'));
    expect(keys).toHaveLength(4);
    expect(server.startKeys.size).toBe(1);
  });

  it('does not send two starts for two taps', async () => {
    const attempt = page();
    await attempt.begin();
    await Promise.all([attempt.start(), attempt.start()]);
    expect(server.countOf(/attempts\/$/)).toBe(1);
  });

  it('offers to take over an attempt that is open on another device', async () => {
    server.exists = true;
    server.takenOverElsewhere({ 1: ['a'] });
    const attempt = page();
    await attempt.begin();
    await attempt.start();
    expect(attempt.view.phase).toBe('lost');
    expect(attempt.view.sheet.answers[1]).toEqual(['a']);
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('open');
    expect(server.epoch).toBe(2);
  });

  it('says so when the browser keeps nothing', async () => {
    const attempt = page();
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError');
    });
    await attempt.begin();
    expect(attempt.view.phase).toBe('failed');
    expect(attempt.view.problem?.key).toBe('problem.storage');
  });
});

describe('answering', () => {
  it('is on the device first and on the server within five seconds', async () => {
    const attempt = await started();
    await attempt.choose(1, ['b']);
    expect(stateOf(attempt, 1)).toBe('device');
    await pass(attempt, 4500);
    expect(server.arrived.size).toBe(0);
    await pass(attempt, 1000);
    expect(stateOf(attempt, 1)).toBe('server');
    expect(server.projection().answers).toEqual({ 1: { options: ['b'] } });
  });

  it('sends several answers in one request', async () => {
    const attempt = await started();
    await attempt.choose(1, ['b']);
    await attempt.choose(2, ['c']);
    await attempt.flag(2, true);
    await pass(attempt, 5500);
    expect(journalRequests()).toHaveLength(1);
    expect(server.projection()).toEqual({
      answers: { 1: { options: ['b'] }, 2: { options: ['c'] } },
      flags: [2],
    });
  });

  it('keeps the order of quick taps', async () => {
    const attempt = await started();
    await Promise.all([
      attempt.choose(3, ['a']),
      attempt.choose(3, ['a', 'b']),
      attempt.choose(3, ['b']),
    ]);
    expect(attempt.view.sheet.answers[3]).toEqual(['b']);
    await pass(attempt, 5500);
    expect(server.projection().answers[3]).toEqual({ options: ['b'] });
  });

  it('records the time since the start by the clock of the server', async () => {
    const attempt = await started();
    await pass(attempt, 10_000);
    await attempt.choose(1, ['a']);
    await pass(attempt, 5500);
    expect([...server.arrived.values()][0]?.mono_ms).toBe(10_000);
  });

  it('beats every eight seconds, which brings an extension', async () => {
    const attempt = await started();
    server.deadline += 10 * MINUTE;
    await pass(attempt, 8500);
    expect(journalRequests()).toHaveLength(1);
    expect(journalRequests()[0]?.body.events).toEqual([]);
    expect(attempt.view.remaining).toBeGreaterThan(129 * MINUTE);
  });

  it('does not show an answer that could not be kept', async () => {
    const attempt = await started();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await attempt.choose(1, ['a']);
    expect(stateOf(attempt, 1)).toBe('blank');
    expect(attempt.view.problem?.key).toBe('problem.full');
    expect(attempt.view.refusedInputs).toBe(1);
    put.mockRestore();
    await attempt.choose(1, ['a']);
    expect(stateOf(attempt, 1)).toBe('device');
    expect(attempt.view.problem).toBeNull();
  });
});

describe('a bad network', () => {
  it('goes on offline and delivers everything afterwards', async () => {
    const attempt = await started();
    server.fault(/journal/, ...Array<'lose request'>(4).fill('lose request'));
    await attempt.choose(1, ['a']);
    await pass(attempt, 6000);
    expect(attempt.view.link).toBe('offline');
    await attempt.choose(2, ['b']);
    expect([stateOf(attempt, 1), stateOf(attempt, 2)]).toEqual(['device', 'device']);
    await pass(attempt, 40_000);
    expect(attempt.view.link).toBe('ok');
    expect([stateOf(attempt, 1), stateOf(attempt, 2)]).toEqual(['server', 'server']);
    expect(Object.keys(server.projection().answers)).toHaveLength(2);
  });

  it('waits longer after each failure', async () => {
    const attempt = await started();
    server.fault(/journal/, ...Array<'lose request'>(50).fill('lose request'));
    await attempt.choose(1, ['a']);
    await pass(attempt, MINUTE);
    expect(journalRequests().length).toBeLessThan(9);
  });

  it('does not call an answer saved whose reply was lost, and counts it once', async () => {
    const attempt = await started();
    server.fault(/journal/, 'lose reply');
    await attempt.choose(1, ['a']);
    await pass(attempt, 5500);
    expect(stateOf(attempt, 1)).toBe('device');
    await pass(attempt, 2000);
    expect(stateOf(attempt, 1)).toBe('server');
    expect(server.arrived.size).toBe(1);
  });

  it('is not confused by a request that arrives twice', async () => {
    const attempt = await started();
    server.fault(/journal/, 'duplicate');
    await attempt.choose(1, ['a']);
    await pass(attempt, 5500);
    expect(stateOf(attempt, 1)).toBe('server');
    expect(server.arrived.size).toBe(1);
  });

  it('retries at once when asked', async () => {
    const attempt = await started();
    server.fault(/journal/, 'lose request');
    await attempt.choose(1, ['a']);
    await pass(attempt, 5000);
    expect(stateOf(attempt, 1)).toBe('device');
    await attempt.retry();
    expect(stateOf(attempt, 1)).toBe('server');
  });

  it('sends again what a restored server has lost', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await attempt.choose(2, ['b']);
    await pass(attempt, 5500);
    server.arrived.clear();
    await pass(attempt, 9000);
    expect(Object.keys(server.projection().answers)).toHaveLength(2);
  });

  it('shows a broken server as such and obeys Retry-After through backing off', async () => {
    const attempt = await started();
    server.fault(/journal/, [503, {}]);
    await attempt.choose(1, ['a']);
    await pass(attempt, 5000);
    expect(attempt.view.link).toBe('unwell');
    await pass(attempt, 2000);
    expect(stateOf(attempt, 1)).toBe('server');
  });

  it('says that the server refuses, and keeps the answer', async () => {
    const attempt = await started();
    server.fault(/journal/, [400, { code: 'invalid', message: 'x', detail: {} }]);
    await attempt.choose(1, ['a']);
    await pass(attempt, 5000);
    expect(attempt.view.link).toBe('refused');
    expect(stateOf(attempt, 1)).toBe('device');
  });

  it('sends one last request when the page goes away', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    attempt.leave();
    await vi.waitFor(() => expect(server.arrived.size).toBe(1));
  });

  it('writes a taken number again under a new one', async () => {
    const attempt = await started();
    server.arrive(server.leases[0] ?? '', 1, 4, ['d']);
    await attempt.choose(1, ['a']);
    await pass(attempt, 6000);
    expect(server.projection().answers).toEqual({ 1: { options: ['a'] }, 4: { options: ['d'] } });
    expect(stateOf(attempt, 1)).toBe('server');
  });
});

describe('coming back', () => {
  it('shows what the server has and what only the journal has', async () => {
    const before = await started();
    await before.choose(1, ['a']);
    await pass(before, 5500);
    server.fault(/journal/, 'lose request');
    await before.choose(2, ['b']);
    await before.flag(2, true);

    const after = page(server.attempt);
    await after.begin();
    expect(after.view.phase).toBe('open');
    expect(after.view.sheet.answers).toEqual({ 1: ['a'], 2: ['b'] });
    expect([...after.view.sheet.flags]).toEqual([2]);
    expect([stateOf(after, 1), stateOf(after, 2)]).toEqual(['server', 'device']);
    await after.choose(2, ['c']);
    await pass(after, 20_000);
    expect(server.projection().answers[2]).toEqual({ options: ['c'] });
    expect([...server.arrived.values()].map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('gets a new token when the browser forgot the old one', async () => {
    const before = await started();
    await journals[0]?.clear(server.attempt);
    before.leave();
    const after = page(server.attempt);
    await after.begin();
    expect(after.view.phase).toBe('open');
    await after.choose(1, ['a']);
    await pass(after, 5500);
    expect(stateOf(after, 1)).toBe('server');
  });

  it('renews a token that died on the way', async () => {
    const attempt = await started();
    server.fault(/journal/, [401, { code: 'token_dead', message: '', detail: {} }]);
    await attempt.choose(1, ['a']);
    await pass(attempt, 6000);
    expect(stateOf(attempt, 1)).toBe('server');
  });

  it('shows the receipt of an attempt that is closed', async () => {
    await started();
    await server.close('expired');
    const after = page(server.attempt);
    await after.begin();
    await pass(after, 1000);
    expect(after.view.phase).toBe('closed');
    expect(after.view.receipt?.receipt).toBe('K7QF-2M9X');
  });

  it('tries by itself until the network is back', async () => {
    await started();
    server.fault(/attempts\/[^/]+\/$/, ...Array<'lose request'>(3).fill('lose request'));
    const after = page(server.attempt);
    await after.begin();
    expect(after.view.phase).toBe('failed');
    await pass(after, 3000);
    expect(after.view.phase).toBe('open');
  });

  it('does not try for ever to open what is not there', async () => {
    const attempt = page(server.attempt);
    await attempt.begin();
    expect(attempt.view.problem?.key).toBe('problem.missing');
    await pass(attempt, 20_000);
    expect(server.requests).toHaveLength(1);
  });

  it('asks to sign in and goes on after it', async () => {
    await started();
    server.signedIn = false;
    const after = page(server.attempt);
    await after.begin();
    expect(after.view.signedOut).toBe(true);
    await pass(after, 20_000);
    expect(server.countOf(/attempts\/[^/]+\/$/)).toBe(1);
    server.signedIn = true;
    await after.retry();
    expect(after.view.phase).toBe('open');
  });

  it('shows in one tab what was answered in another', async () => {
    const one = await started();
    const two = page(server.attempt);
    await two.begin();
    await one.choose(1, ['a']);
    await vi.waitFor(() => expect(two.view.sheet.answers[1]).toEqual(['a']));
    await two.choose(2, ['b']);
    await pass(two, 5500);
    await pass(one, 9000);
    expect([stateOf(one, 1), stateOf(one, 2)]).toEqual(['server', 'server']);
    expect([...server.arrived.values()].map(({ seq }) => seq)).toEqual([1, 2]);
  });
});

describe('two devices', () => {
  it('turns read-only when another device took over, and still delivers', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    server.takenOverElsewhere({ 2: ['d'] });
    await pass(attempt, 5500);
    expect(attempt.view.phase).toBe('lost');
    expect(stateOf(attempt, 1)).toBe('server');
    expect(server.projection().answers).toEqual({ 1: { options: ['a'] }, 2: { options: ['d'] } });
    await attempt.choose(3, ['a']);
    expect(stateOf(attempt, 3)).toBe('blank');
  });

  it('comes back with the answers of both', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    server.takenOverElsewhere({ 1: ['c'], 2: ['d'] });
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('open');
    expect(attempt.view.sheet.answers).toEqual({ 1: ['c'], 2: ['d'] });
    expect(server.epoch).toBe(3);
    await attempt.choose(1, ['b']);
    await pass(attempt, 5500);
    expect(server.projection().answers[1]).toEqual({ options: ['b'] });
  });

  it('repeats a take-over with the same key when its reply was lost', async () => {
    const attempt = await started();
    server.takenOverElsewhere();
    await pass(attempt, 8500);
    server.fault(/takeover/, 'lose reply', 'lose reply', 'lose reply');
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('lost');
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('open');
    expect(server.epoch).toBe(3);
  });

  it('keeps quiet once it has lost and delivered', async () => {
    const attempt = await started();
    server.takenOverElsewhere();
    await pass(attempt, 8500);
    const before = server.requests.length;
    await pass(attempt, MINUTE);
    expect(server.requests).toHaveLength(before);
  });
});

describe('handing in', () => {
  it('sends what waits, then shows the receipt and clears the journal', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await attempt.submit();
    expect(attempt.view.phase).toBe('closed');
    expect(attempt.view.receipt).toMatchObject({ receipt: 'K7QF-2M9X', answered: 1 });
    expect(attempt.view.reportUrl).toBe(`/attempts/${server.attempt}/report/`);
    expect(await journals[0]?.events(server.attempt)).toEqual([]);
  });

  it('hands in an empty paper', async () => {
    const attempt = await started();
    await attempt.submit();
    expect(attempt.view.receipt?.answered).toBe(0);
  });

  it('gets the same receipt when the reply was lost', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    server.fault(/submission/, 'lose reply');
    await attempt.submit();
    expect(attempt.view.phase).toBe('submitting');
    expect(await journals[0]?.events(server.attempt)).toHaveLength(1);
    await pass(attempt, 5000);
    expect(attempt.view.receipt?.receipt).toBe('K7QF-2M9X');
    expect(await journals[0]?.events(server.attempt)).toEqual([]);
  });

  it('fills the gaps the server names', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await attempt.choose(2, ['b']);
    await pass(attempt, 5500);
    const gaps = { [server.leases[0] ?? '']: [[1, 1]] };
    server.fault(/submission/, [409, { code: 'gaps', message: '', detail: { gaps } }]);
    await attempt.submit();
    expect(attempt.view.phase).toBe('closed');
    const resent = journalRequests().at(-1)?.body.events as { seq: number }[];
    expect(resent.map(({ seq }) => seq)).toEqual([1]);
  });

  it('delivers before handing in what a restored server lost', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await attempt.choose(2, ['b']);
    await pass(attempt, 5500);
    server.arrived.clear();
    await attempt.submit();
    expect(attempt.view.receipt?.answered).toBe(2);
  });

  it('shows answers that another device delivered late, and asks again', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await pass(attempt, 5500);
    server.arrive('other', 1, 3, ['b', 'c'], 0);
    await attempt.submit();
    expect(attempt.view.phase).toBe('open');
    expect(attempt.view.problem?.key).toBe('problem.changed');
    expect(attempt.view.sheet.answers[3]).toEqual(['b', 'c']);
    await attempt.submit();
    expect(attempt.view.receipt?.answered).toBe(2);
  });

  it('waits offline, lets the trainee go back, and hands in when told again', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    server.fault(/journal/, 'lose request');
    await attempt.submit();
    expect([attempt.view.phase, attempt.view.link]).toEqual(['submitting', 'offline']);
    attempt.cancelSubmit();
    expect(attempt.view.phase).toBe('open');
    await attempt.choose(2, ['b']);
    await attempt.submit();
    expect(attempt.view.receipt?.answered).toBe(2);
  });

  it('learns that the attempt was already closed', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await server.close('expired');
    await attempt.submit();
    await pass(attempt, 1000);
    expect(attempt.view.phase).toBe('closed');
    expect(attempt.view.receipt?.state).toBe('expired');
  });

  it('renews a dead token and goes on handing in', async () => {
    const attempt = await started();
    server.fault(/submission/, [401, { code: 'token_dead', message: '', detail: {} }]);
    await attempt.submit();
    expect(attempt.view.phase).toBe('closed');
  });

  it('does not hand in what another device goes on with', async () => {
    const attempt = await started();
    server.takenOverElsewhere();
    await attempt.submit();
    expect(attempt.view.phase).toBe('lost');
    expect(server.state).toBe('open');
  });
});

describe('the end of time', () => {
  it('hands in by itself at zero', async () => {
    const attempt = await started();
    await attempt.choose(1, ['a']);
    await pass(attempt, 120 * MINUTE, 5000);
    expect(attempt.view.timeIsUp).toBe(true);
    expect(attempt.view.phase).toBe('closed');
    expect(attempt.view.receipt?.answered).toBe(1);
  });

  it('takes no answer after zero', async () => {
    const attempt = await started();
    server.fault(/journal|submission/, ...Array<'lose request'>(9).fill('lose request'));
    monotonic += 120 * MINUTE;
    await attempt.tick();
    expect([attempt.view.phase, attempt.view.remaining]).toEqual(['submitting', 0]);
    await attempt.choose(1, ['a']);
    expect(stateOf(attempt, 1)).toBe('blank');
    attempt.cancelSubmit();
    expect(attempt.view.phase).toBe('submitting');
  });

  it('goes on when the deadline was moved in the meantime', async () => {
    const attempt = await started();
    server.deadline += 10 * MINUTE;
    monotonic += 120 * MINUTE;
    server.now += 120 * MINUTE;
    await attempt.tick();
    expect(attempt.view.phase).toBe('open');
    expect(attempt.view.timeIsUp).toBe(false);
    expect(attempt.view.remaining).toBe(10 * MINUTE);
  });

  it('asks the server for the time after sleep before showing it', async () => {
    const attempt = await started();
    server.now += 50 * MINUTE;
    const waking = attempt.wake();
    expect(attempt.view.clock).toBe('asking');
    await waking;
    expect(attempt.view.clock).toBe('sure');
    expect(attempt.view.remaining).toBe(70 * MINUTE);
  });

  it('shows the time as about when it cannot ask', async () => {
    const attempt = await started();
    server.fault(/journal/, 'lose request');
    await attempt.wake();
    expect(attempt.view.clock).toBe('about');
  });
});
