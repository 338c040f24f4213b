import { describe, expect, it } from 'vitest';

import {
  MINUTE,
  elapse,
  journalRequests,
  journals,
  pass,
  server,
  started,
  stateOf,
} from './testing/bench';

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
    elapse(120 * MINUTE);
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
    elapse(120 * MINUTE);
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
