import { describe, expect, it } from 'vitest';

import { retryDelayMs } from './backoff';
import type { JournalEvent } from './journal';
import { type ServerSheet, foldSheet, isAcked, nextBatch, unsent } from './sheet';

const NOTHING: ServerSheet = { answers: {}, flags: [], through: 0 };
function event(seq: number, item: number, value: JournalEvent['value'], epoch = 1): JournalEvent {
  return { seq, item, value, epoch, mono_ms: 0, client_at: '2026-06-13T01:00:00.000Z' };
}
const chose = (seq: number, item: number, options: string[], epoch = 1) =>
  event(seq, item, { options }, epoch);

describe('isAcked', () => {
  it('counts what is up to the mark and in no gap', () => {
    const acks = {
      through: 9,
      gaps: [
        [3, 4],
        [7, 7],
      ],
    };
    expect([1, 3, 4, 5, 7, 9, 10].map((seq) => isAcked(seq, acks))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('sends again what a server restored from a backup no longer has', () => {
    const events = [chose(1, 1, ['a']), chose(2, 2, ['b']), chose(3, 3, ['c'])];
    expect(unsent(events, { through: 3, gaps: [] })).toEqual([]);
    expect(unsent(events, { through: 1, gaps: [] }).map(({ seq }) => seq)).toEqual([2, 3]);
  });
});

describe('foldSheet', () => {
  it('lays unsent events over the answers of the server', () => {
    const server = {
      answers: { 1: { options: ['a'] }, 2: { options: ['b'] } },
      flags: [2],
      through: 5,
    };
    const events = [chose(6, 2, ['c']), event(7, 2, { flag: false }), event(8, 3, { flag: true })];
    const sheet = foldSheet(server, events, { through: 5, gaps: [] }, 1);
    expect(sheet.answers).toEqual({ 1: ['a'], 2: ['c'] });
    expect([...sheet.flags]).toEqual([3]);
    expect([...sheet.waiting]).toEqual([2, 3]);
  });

  it('does not repeat acknowledged events over a newer answer of the server', () => {
    const server = { answers: { 1: { options: ['d'] } }, flags: [], through: 2 };
    const sheet = foldSheet(server, [chose(1, 1, ['a'])], { through: 2, gaps: [] }, 1);
    expect(sheet.answers).toEqual({ 1: ['d'] });
    expect(sheet.waiting.size).toBe(0);
  });

  it('keeps showing an event after its acknowledgement', () => {
    const sheet = foldSheet(NOTHING, [chose(1, 1, ['a'])], { through: 1, gaps: [] }, 1);
    expect(sheet.answers).toEqual({ 1: ['a'] });
    expect(sheet.waiting.size).toBe(0);
  });

  it('never calls an event in a gap saved', () => {
    const events = [chose(1, 1, ['a']), chose(2, 2, ['b'])];
    expect([...foldSheet(NOTHING, events, { through: 2, gaps: [[1, 1]] }, 1).waiting]).toEqual([1]);
  });

  it('takes the latest of each item in whatever order they come', () => {
    const events = [chose(3, 1, ['c']), chose(1, 1, ['a']), chose(2, 1, ['b'])];
    expect(foldSheet(NOTHING, events, { through: 0, gaps: [] }, 1).answers).toEqual({ 1: ['c'] });
  });

  it('shows a cleared answer as cleared', () => {
    const server = { answers: { 1: { options: ['a'] } }, flags: [], through: 0 };
    const sheet = foldSheet(server, [chose(1, 1, [])], { through: 0, gaps: [] }, 1);
    expect(sheet.answers[1]).toEqual([]);
  });

  it('lets events from before a take-over fill only what is open', () => {
    const server = { answers: { 1: { options: ['d'] } }, flags: [], through: 0 };
    const old = [chose(1, 1, ['a'], 1), chose(2, 2, ['b'], 1)];
    const sheet = foldSheet(server, old, { through: 0, gaps: [] }, 3);
    expect(sheet.answers).toEqual({ 1: ['d'], 2: ['b'] });
    expect([...sheet.waiting]).toEqual([1, 2]);
  });
});

describe('nextBatch', () => {
  it('is a heartbeat when nothing waits', () => {
    expect(nextBatch([], 2, { 2: 'two' })).toEqual({ epoch: 2, events: [] });
  });

  it('takes at most 50 events', () => {
    const many = Array.from({ length: 120 }, (_, n) => chose(n + 1, 1, ['a']));
    expect(nextBatch(many, 1, { 1: 'one' }).events).toHaveLength(50);
  });

  it('sends events from before a take-over under their own epoch first', () => {
    const pending = [chose(1, 1, ['a'], 1), chose(2, 2, ['b'], 3)];
    const batch = nextBatch(pending, 3, { 1: 'one', 3: 'three' });
    expect([batch.epoch, batch.events.map(({ seq }) => seq)]).toEqual([1, [1]]);
  });

  it('sends them under the present epoch when the old token is gone', () => {
    const pending = [chose(1, 1, ['a'], 1), chose(2, 2, ['b'], 3)];
    const batch = nextBatch(pending, 3, { 3: 'three' });
    expect([batch.epoch, batch.events.map(({ seq }) => seq)]).toEqual([3, [1, 2]]);
  });
});

describe('retryDelayMs', () => {
  it('doubles up to half a minute and scatters', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7].map((failures) =>
      retryDelayMs({ failures, chance: 1, retryAfterMs: null }),
    );
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    expect(retryDelayMs({ failures: 3, chance: 0, retryAfterMs: null })).toBe(2000);
  });

  it('waits at least as long as the server asks', () => {
    expect(retryDelayMs({ failures: 1, chance: 0, retryAfterMs: 9000 })).toBe(9000);
  });
});
