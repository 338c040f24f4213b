import { describe, expect, it, vi } from 'vitest';

import {
  MINUTE,
  address,
  journalRequests,
  page,
  pass,
  server,
  started,
  stateOf,
} from './testing/bench';

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
