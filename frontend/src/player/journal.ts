/**
 * The journal on the device: each answer is written here first, then shown, then sent, and kept
 * until the receipt. Keys begin with the user, because a phone or office PC may be shared.
 * It holds option ids and times only: no names, no question text.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { ResponseValue, WireEvent } from '../api/client';
import { randomId } from '../shared/randomId';

export interface EventDraft {
  epoch: number;
  item: number;
  value: ResponseValue;
  mono_ms: number;
  client_at: string;
}
export interface JournalEvent extends WireEvent {
  epoch: number;
}
/** One token for each epoch this device held: older events travel under the epoch they were made in. */
export type Tokens = Readonly<Record<number, string>>;

export interface Journal {
  device(): Promise<string>;
  /** The Idempotency-Key of a start not yet answered: the same until `forgetStart`. */
  startKey(paper: string): Promise<string>;
  forgetStart(paper: string): Promise<void>;
  tokens(attempt: string): Promise<Tokens>;
  keepToken(attempt: string, epoch: number, token: string): Promise<void>;
  events(attempt: string): Promise<JournalEvent[]>;
  /** Resolves when the event is on storage. `floor`: highest seq the server knows of this device. */
  append(attempt: string, draft: EventDraft, floor: number): Promise<JournalEvent>;
  clear(attempt: string): Promise<void>;
  /** Calls back with the attempt to which another tab wrote. */
  onForeignWrite(callback: (attempt: string) => void): void;
  close(): void;
}

interface StoredEvent extends JournalEvent {
  user: string;
  attempt: string;
}
interface Schema extends DBSchema {
  events: { key: [user: string, attempt: string, seq: number]; value: StoredEvent };
  meta: { key: string; value: string | Tokens };
}
type Database = IDBPDatabase<Schema>;

const NAME = 'attempt-journal';
const VERSION = 1;
/** Reported only after the write is on storage; the default of today's browsers is relaxed. */
const STRICT = { durability: 'strict' } as const;

/** Opens at the first use, so that a browser which refuses storage says so there. */
export function journalOf(user: string): Journal {
  const { connect, disconnect } = keepConnected();
  const channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`${NAME}:${user}`);
  return {
    ...marksOf(user, connect),
    ...eventsOf(user, connect, (attempt) => channel?.postMessage(attempt)),
    onForeignWrite(callback) {
      channel?.addEventListener('message', (message: MessageEvent<string>) =>
        callback(message.data),
      );
    },
    close() {
      channel?.close();
      disconnect();
    },
  };
}

/** One open connection, opened anew after the browser or a newer version of the page closed it. */
function keepConnected() {
  let opened: Promise<Database> | null = null;
  const connect = (): Promise<Database> => {
    opened ??= openDB<Schema>(NAME, VERSION, {
      upgrade,
      blocking: (_current, _wanted, event) => {
        opened = null;
        (event.target as IDBDatabase).close();
      },
      terminated: () => {
        opened = null;
      },
    }).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
  const disconnect = () => {
    void opened?.then((database) => database.close());
    opened = null;
  };
  return { connect, disconnect };
}

/** Additive only: a phone may come back with a journal of any earlier version. */
function upgrade(database: Database, from: number): void {
  if (from < 1) {
    database.createObjectStore('events', { keyPath: ['user', 'attempt', 'seq'] });
    database.createObjectStore('meta');
  }
}

function marksOf(user: string, connect: () => Promise<Database>) {
  const startOf = (paper: string) => `start|${user}|${paper}`;
  const tokensOf = (attempt: string) => `tokens|${user}|${attempt}`;
  const tokens = async (attempt: string): Promise<Tokens> => {
    const kept = await (await connect()).get('meta', tokensOf(attempt));
    return typeof kept === 'object' ? kept : {};
  };
  return {
    device: () => remember(connect, 'device'),
    startKey: (paper: string) => remember(connect, startOf(paper)),
    forgetStart: async (paper: string) => (await connect()).delete('meta', startOf(paper)),
    tokens,
    async keepToken(attempt: string, epoch: number, token: string) {
      const kept = { ...(await tokens(attempt)), [epoch]: token };
      await (await connect()).put('meta', kept, tokensOf(attempt));
    },
  };
}

/** A random id, made at the first call and the same ever after. */
async function remember(connect: () => Promise<Database>, key: string): Promise<string> {
  const tx = (await connect()).transaction('meta', 'readwrite', STRICT);
  const kept = await tx.store.get(key);
  const id = typeof kept === 'string' ? kept : randomId();
  if (id !== kept) await tx.store.put(id, key);
  await tx.done;
  return id;
}

function eventsOf(
  user: string,
  connect: () => Promise<Database>,
  announce: (attempt: string) => void,
) {
  const range = (attempt: string) =>
    IDBKeyRange.bound([user, attempt, 0], [user, attempt, Number.MAX_SAFE_INTEGER]);
  return {
    events: async (attempt: string): Promise<JournalEvent[]> =>
      (await (await connect()).getAll('events', range(attempt))).map(withoutOwner),
    async append(attempt: string, draft: EventDraft, floor: number) {
      // The number is taken inside the transaction: two tabs never share one.
      const tx = (await connect()).transaction('events', 'readwrite', STRICT);
      const last = await tx.store.openKeyCursor(range(attempt), 'prev');
      const seq = Math.max(last?.key[2] ?? 0, floor) + 1;
      const event: JournalEvent = { ...draft, seq };
      await Promise.all([tx.store.put({ ...event, user, attempt }), tx.done]);
      announce(attempt);
      return event;
    },
    async clear(attempt: string) {
      const tx = (await connect()).transaction(['events', 'meta'], 'readwrite', STRICT);
      await Promise.all([
        tx.objectStore('events').delete(range(attempt)),
        tx.objectStore('meta').delete(`tokens|${user}|${attempt}`),
        tx.done,
      ]);
    },
  };
}

function withoutOwner({ seq, epoch, item, value, mono_ms, client_at }: StoredEvent): JournalEvent {
  return { seq, epoch, item, value, mono_ms, client_at };
}
