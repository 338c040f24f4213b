import 'fake-indexeddb/auto';

import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { randomId } from '../shared/randomId';
import { type EventDraft, type Journal, journalOf } from './journal';

const ATTEMPT = 'attempt-1';
const draft = (item: number, options: string[]): EventDraft => ({
  epoch: 1,
  item,
  value: { options },
  mono_ms: 1000,
  client_at: '2026-06-13T01:00:00.000Z',
});

let open: Journal[] = [];
function tab(user: string): Journal {
  const journal = journalOf(user);
  open.push(journal);
  return journal;
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  open.forEach((journal) => journal.close());
  open = [];
});

describe('events', () => {
  it('numbers events from 1 and gives them back in order', async () => {
    const journal = tab('alice');
    await journal.append(ATTEMPT, draft(7, ['b']), 0);
    await journal.append(ATTEMPT, draft(3, ['a', 'c']), 0);
    const events = await journal.events(ATTEMPT);
    expect(events.map(({ seq, item, value }) => [seq, item, value.options])).toEqual([
      [1, 7, ['b']],
      [2, 3, ['a', 'c']],
    ]);
  });

  it('is there again after the page was closed', async () => {
    const before = tab('alice');
    await before.append(ATTEMPT, draft(7, ['b']), 0);
    before.close();
    const after = tab('alice');
    expect(await after.events(ATTEMPT)).toHaveLength(1);
    expect((await after.append(ATTEMPT, draft(8, ['a']), 0)).seq).toBe(2);
  });

  it('gives two tabs different numbers when they write at the same moment', async () => {
    const tabs = [tab('alice'), tab('alice')];
    const written = await Promise.all(
      Array.from({ length: 20 }, (_, n) => tabs[n % 2]?.append(ATTEMPT, draft(n + 1, ['a']), 0)),
    );
    expect(new Set(written.map((event) => event?.seq)).size).toBe(20);
  });

  it('never reuses a number that the server already knows', async () => {
    const journal = tab('alice');
    expect((await journal.append(ATTEMPT, draft(1, ['a']), 41)).seq).toBe(42);
  });

  it('keeps users and attempts apart on one device', async () => {
    const alice = tab('alice');
    const bob = tab('bob');
    await alice.append(ATTEMPT, draft(1, ['a']), 0);
    await bob.append(ATTEMPT, draft(2, ['b']), 0);
    await alice.append('attempt-2', draft(3, ['c']), 0);
    expect((await alice.events(ATTEMPT)).map((event) => event.item)).toEqual([1]);
    expect((await bob.events(ATTEMPT)).map((event) => event.item)).toEqual([2]);
  });

  it('writes with strict durability', async () => {
    const journal = tab('alice');
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await journal.append(ATTEMPT, draft(1, ['a']), 0);
    expect(spy).toHaveBeenCalledWith('events', 'readwrite', { durability: 'strict' });
  });

  it('does not show an event that could not be written', async () => {
    const journal = tab('alice');
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(journal.append(ATTEMPT, draft(1, ['a']), 0)).rejects.toThrow('full');
    vi.restoreAllMocks();
    expect(await journal.events(ATTEMPT)).toEqual([]);
  });

  it('clears one attempt after its receipt and nothing else', async () => {
    const journal = tab('alice');
    await journal.append(ATTEMPT, draft(1, ['a']), 0);
    await journal.append('attempt-2', draft(1, ['a']), 0);
    await journal.keepToken(ATTEMPT, 1, 'token');
    const device = await journal.device();
    await journal.clear(ATTEMPT);
    expect(await journal.events(ATTEMPT)).toEqual([]);
    expect(await journal.tokens(ATTEMPT)).toEqual({});
    expect(await journal.events('attempt-2')).toHaveLength(1);
    expect(await journal.device()).toBe(device);
  });

  it('tells another tab of a write', async () => {
    const [writer, reader] = [tab('alice'), tab('alice')];
    const told = new Promise<string>((resolve) => reader?.onForeignWrite(resolve));
    await writer?.append(ATTEMPT, draft(1, ['a']), 0);
    expect(await told).toBe(ATTEMPT);
  });
});

describe('marks', () => {
  it('keeps one device id for the browser, whoever signs in', async () => {
    const alice = tab('alice');
    const bob = tab('bob');
    expect(await bob.device()).toBe(await alice.device());
  });

  it('repeats the key of a start until it is forgotten', async () => {
    const journal = tab('alice');
    const first = await journal.startKey('paper-1');
    expect(await journal.startKey('paper-1')).toBe(first);
    expect(await journal.startKey('paper-2')).not.toBe(first);
    await journal.forgetStart('paper-1');
    expect(await journal.startKey('paper-1')).not.toBe(first);
  });

  it('keeps a token for each epoch', async () => {
    const journal = tab('alice');
    await journal.keepToken(ATTEMPT, 1, 'one');
    await journal.keepToken(ATTEMPT, 3, 'three');
    expect(await journal.tokens(ATTEMPT)).toEqual({ 1: 'one', 3: 'three' });
  });

  it('makes ids in the form of a version 4 UUID', () => {
    expect(randomId()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('connection', () => {
  it('makes room for a newer version of the page', async () => {
    await tab('alice').device();
    const newer = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('attempt-journal', 2);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('refused'));
    });
    expect(newer.version).toBe(2);
    newer.close();
  });
});
