import { describe, expect, it, vi } from 'vitest';

import { MINUTE, journalRequests, pass, server, started, stateOf } from './testing/bench';

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
