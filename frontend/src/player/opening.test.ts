import { describe, expect, it, vi } from 'vitest';

import { MINUTE, journals, page, pass, server, started, stateOf } from './testing/bench';

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

  it('takes over with a new key after a third device came between', async () => {
    const attempt = await started();
    server.takenOverElsewhere();
    await pass(attempt, 8500);
    server.fault(/takeover/, 'lose reply', 'lose reply', 'lose reply');
    await attempt.takeOver();
    server.takenOverElsewhere();
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('lost');
    await attempt.takeOver();
    expect(attempt.view.phase).toBe('open');
    expect(server.epoch).toBe(5);
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
