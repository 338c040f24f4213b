/** Brings the journal to the server: one request at a time, in batches, until nothing waits. */
import type { JournalReply, Refusal, WireEvent } from '../api/client';
import {
  type Core,
  noteContact,
  noteFailure,
  noteTime,
  pending,
  project,
  reread,
} from './attemptState';
import type { JournalEvent } from './journal';
import { claim } from './opening';
import { type Batch, acksOf, nextBatch } from './sheet';

export interface Sender {
  /** Sends what waits, or a heartbeat. True when everything is on the server. */
  flush(): Promise<boolean>;
  /** One last request that outlives the page; nobody waits for its reply. */
  flushLeaving(): void;
}

const UNMOVED_MS = 5000;
/** Requests in a row that may achieve nothing: a new token, new numbers, a restored server. */
const PATIENCE = 2;

/** Whether it is worth sending the next batch at once. */
type GoOn = boolean;

export function createSender(core: Core): Sender {
  let running: Promise<boolean> | null = null;
  return {
    flush() {
      running ??= drain(core).finally(() => {
        running = null;
      });
      return running;
    },
    flushLeaving() {
      if (pending(core).length && canSend(core)) void sendOnce(core, true);
    },
  };
}

/** A device that lost the attempt before this page was opened may have no token for what it holds. */
export function canSend(core: Core): boolean {
  return Boolean(core.tokens[nextBatch(pending(core), core.epoch, core.tokens).epoch]);
}

async function drain(core: Core): Promise<boolean> {
  for (let unmoved = 0; unmoved <= PATIENCE;) {
    const before = pending(core).length;
    if (!(await sendOnce(core))) return false;
    if (pending(core).length === 0) return true;
    if (pending(core).length >= before) unmoved += 1;
  }
  // Replies that acknowledge nothing must not turn into a storm of requests.
  core.retryAt = Math.max(core.retryAt, core.ports.monotonic() + UNMOVED_MS);
  return false;
}

async function sendOnce(core: Core, leaving = false): Promise<GoOn> {
  const batch = nextBatch(pending(core), core.epoch, core.tokens);
  const token = core.tokens[batch.epoch];
  if (!token) return (await claim(core)) === 'held';
  core.flushAt = null;
  const sentAt = core.ports.monotonic();
  const body = { device: core.device, epoch: batch.epoch, events: batch.events.map(onTheWire) };
  const outcome = await core.ports.api.putJournal(core.attempt, token, body, leaving);
  if (!outcome.ok) return settleRefusal(core, outcome.refusal, batch);
  noteContact(core);
  noteTime(core, outcome.body, sentAt);
  await takeAcks(core, outcome.body);
  if (outcome.body.state !== 'open') core.view.phase = 'closed';
  return true;
}

function onTheWire({ seq, item, value, mono_ms, client_at }: JournalEvent): WireEvent {
  return { seq, item, value, mono_ms, client_at };
}

async function takeAcks(
  core: Core,
  reply: Pick<JournalReply, 'acked_through' | 'gaps'>,
): Promise<void> {
  core.acks = acksOf(reply);
  // Another tab of this browser wrote what we do not know: it is in the journal.
  const known = new Set([0, ...core.events.map((event) => event.seq)]);
  const named = [reply.acked_through, ...reply.gaps.map(([first = 0]) => first)];
  if (!named.every((seq) => known.has(seq))) await reread(core);
  project(core);
}

async function settleRefusal(core: Core, refusal: Refusal, batch: Batch): Promise<GoOn> {
  switch (refusal.code) {
    case 'lease_lost':
      return settleLoss(core, refusal, batch);
    case 'closed':
      noteContact(core);
      await takeAcks(core, acksIn(refusal, core));
      core.view.phase = 'closed';
      return true;
    case 'seq_conflict':
      noteContact(core);
      await takeAcks(core, acksIn(refusal, core));
      await renumber(core, refusal, batch);
      return true;
    case 'token_dead':
      if (core.view.phase === 'open' || core.view.phase === 'submitting') {
        return (await claim(core)) === 'held';
      }
      noteFailure(core, refusal);
      return false;
    default:
      noteFailure(core, refusal);
      return false;
  }
}

/** Our events are kept all the same; only a newer epoch than ours means that we lost the attempt. */
async function settleLoss(core: Core, refusal: Refusal, batch: Batch): Promise<GoOn> {
  noteContact(core);
  await takeAcks(core, acksIn(refusal, core));
  const newer = batch.epoch === core.epoch || Number(refusal.detail.epoch) > core.epoch;
  if (newer) core.view.phase = 'lost';
  return true;
}

function acksIn({ detail }: Refusal, core: Core): Pick<JournalReply, 'acked_through' | 'gaps'> {
  return {
    acked_through: Number(detail.acked_through ?? core.acks.through),
    gaps: Array.isArray(detail.gaps) ? (detail.gaps as number[][]) : [],
  };
}

/**
 * The server holds other content under these numbers, which a sound journal never causes. What is
 * on the screen is written again under new numbers, so that no answer is lost over it.
 */
async function renumber(core: Core, refusal: Refusal, batch: Batch): Promise<void> {
  const taken = new Set(Array.isArray(refusal.detail.seq) ? (refusal.detail.seq as number[]) : []);
  const clashing = batch.events.filter((event) => taken.has(event.seq));
  const highest = Math.max(core.acks.through, ...taken);
  for (const { item, value, mono_ms, client_at } of clashing) {
    const draft = { epoch: core.epoch, item, value, mono_ms, client_at };
    core.events.push(await core.ports.journal.append(core.attempt, draft, highest));
  }
  core.events = core.events.filter((event) => !taken.has(event.seq));
  project(core);
}
