/**
 * What the screen shows of an attempt, folded from what the server said and what the journal
 * holds. Pure: the same events give the same sheet in whatever order they came back.
 */
import type { JournalReply, ResponseValue } from '../api/client';
import type { JournalEvent, Tokens } from './journal';

/** What the server has of this device: all up to `through`, apart from the gaps. */
export interface Acks {
  through: number;
  gaps: readonly (readonly number[])[];
}

/** The server's own fold, and up to which event of this device it reached when it was read. */
export interface ServerSheet {
  answers: Readonly<Record<string, ResponseValue>>;
  flags: readonly number[];
  through: number;
}

export interface Sheet {
  answers: Record<number, readonly string[]>;
  flags: Set<number>;
  /** Items with something that is on this device only. */
  waiting: Set<number>;
}

export interface Batch {
  epoch: number;
  events: JournalEvent[];
}

const BATCH_LIMIT = 50;

export function isAcked(seq: number, acks: Acks): boolean {
  if (seq > acks.through) return false;
  return !acks.gaps.some(([first = 0, last = 0]) => seq >= first && seq <= last);
}

export function unsent(events: readonly JournalEvent[], acks: Acks): JournalEvent[] {
  return events.filter((event) => !isAcked(event.seq, acks));
}

export function acksOf(reply: Pick<JournalReply, 'acked_through' | 'gaps'>): Acks {
  return { through: reply.acked_through, gaps: reply.gaps };
}

/**
 * The next request: the oldest unsent events that share an epoch, or none (a heartbeat). Events
 * made before a take-over travel under the epoch they were made in, while its token is at hand.
 */
export function nextBatch(pending: readonly JournalEvent[], epoch: number, tokens: Tokens): Batch {
  const travelsUnder = (event: JournalEvent) => (tokens[event.epoch] ? event.epoch : epoch);
  const first = pending[0] ? travelsUnder(pending[0]) : epoch;
  const events = pending.filter((event) => travelsUnder(event) === first).slice(0, BATCH_LIMIT);
  return { epoch: first, events };
}

export function foldSheet(
  server: ServerSheet,
  events: readonly JournalEvent[],
  acks: Acks,
  epoch: number,
): Sheet {
  const sheet: Sheet = {
    answers: Object.fromEntries(
      Object.entries(server.answers).map(([item, value]) => [item, value.options ?? []]),
    ),
    flags: new Set(server.flags),
    waiting: new Set(),
  };
  const newer = events.filter((event) => event.seq > server.through || !isAcked(event.seq, acks));
  for (const event of [...newer].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq)) {
    if (!isAcked(event.seq, acks)) sheet.waiting.add(event.item);
    // Another device may have answered since: an older event only fills what it left open.
    if (event.epoch < epoch && server.answers[event.item]) continue;
    apply(sheet, event);
  }
  return sheet;
}

function apply(sheet: Sheet, { item, value }: JournalEvent): void {
  if (value.options) sheet.answers[item] = value.options;
  if (value.flag === true) sheet.flags.add(item);
  if (value.flag === false) sheet.flags.delete(item);
}

export function isAnswered(sheet: Sheet, item: number): boolean {
  return Boolean(sheet.answers[item]?.length);
}
