/** Hands an attempt in: everything to the server first, then the digest, then the receipt. */
import { type Receipt, type Refusal, isPassing } from '../api/client';
import { type Core, noteContact, noteFailure, pending, problemOf, reread } from './attemptState';
import { answersDigest } from './digest';
import { claim, refresh } from './opening';
import { type Sender, canSend } from './sending';

/** Rounds of repair before the next pause; each mends one reason why the server did not accept. */
const ROUNDS = 6;
const PAUSE_MS = 3000;
/** The server's clock gave more than this back: the deadline was moved, so there is time again. */
const EXTENDED_MS = 1500;

type Round = 'again' | 'stop';

/** One try; the phase tells what came of it. Repeated from outside while it is `submitting`. */
export async function handIn(core: Core, sender: Sender): Promise<void> {
  core.view.phase = 'submitting';
  core.view.problem = null;
  await core.writing;
  for (let round = 0; round < ROUNDS && core.view.phase === 'submitting'; round += 1) {
    if (!(await sender.flush())) return pause(core);
    if (core.view.phase !== 'submitting' || timeWasAdded(core)) return;
    if ((await submitOnce(core)) === 'stop') return;
  }
  if (core.view.phase === 'submitting') pause(core);
}

/** After the end: the last late events, then the receipt, then the journal may go. */
export async function finish(core: Core, sender: Sender): Promise<void> {
  if (core.finished) return;
  if (pending(core).length && canSend(core)) await sender.flush();
  if (core.view.receipt) return clearJournal(core);
  const outcome = await core.ports.api.receipt(core.attempt);
  if (outcome.ok) return close(core, outcome.body);
  noteFailure(core, outcome.refusal);
  core.view.problem = problemOf(outcome.refusal);
}

async function submitOnce(core: Core): Promise<Round> {
  const { attempt, device, epoch, events, acks } = core;
  const last = events.reduce((seq, event) => Math.max(seq, event.seq), acks.through);
  const outcome = await core.ports.api.putSubmission(attempt, core.tokens[epoch] ?? '', {
    device,
    epoch,
    through: { [device]: last },
    answers_sha256: await answersDigest(core.view.sheet.answers),
  });
  if (!outcome.ok) return mend(core, outcome.refusal);
  await close(core, outcome.body);
  return 'stop';
}

async function mend(core: Core, refusal: Refusal): Promise<Round> {
  if (refusal.code === 'token_dead') return (await claim(core)) === 'held' ? 'again' : 'stop';
  if (isPassing(refusal)) {
    noteFailure(core, refusal);
    pause(core);
    return 'stop';
  }
  noteContact(core);
  switch (refusal.code) {
    case 'gaps':
      await reopenGaps(core, refusal);
      return 'again';
    case 'digest_mismatch':
      return compare(core);
    case 'lease_lost':
      core.view.phase = 'lost';
      return 'stop';
    case 'closed':
      core.view.phase = 'closed';
      return 'stop';
    default:
      core.view.problem = problemOf(refusal);
      core.view.phase = core.view.timeIsUp ? 'closed' : 'open';
      return 'stop';
  }
}

async function reopenGaps(core: Core, refusal: Refusal): Promise<void> {
  const byDevice = (refusal.detail.gaps ?? {}) as Record<string, number[][]>;
  core.acks = { through: core.acks.through, gaps: byDevice[core.device] ?? [] };
  await reread(core);
}

/**
 * The server folded other answers than we show: an earlier device delivered late ones. They are
 * fetched and shown; before the end of time the trainee decides, after it there is nothing to ask.
 */
async function compare(core: Core): Promise<Round> {
  if (!(await refresh(core))) {
    pause(core);
    return 'stop';
  }
  if (core.view.timeIsUp) return 'again';
  core.view.problem = { key: 'problem.changed' };
  core.view.phase = 'open';
  return 'stop';
}

function timeWasAdded(core: Core): boolean {
  if (!core.view.timeIsUp || (core.view.remaining ?? 0) < EXTENDED_MS) return false;
  core.view.timeIsUp = false;
  core.view.phase = 'open';
  return true;
}

/** Still wanting to hand in; the next try comes with the clock. */
function pause(core: Core): void {
  core.retryAt = Math.max(core.retryAt, core.ports.monotonic() + PAUSE_MS);
}

async function close(core: Core, receipt: Receipt): Promise<void> {
  noteContact(core);
  core.view.receipt = receipt;
  core.view.reportUrl = receipt.report_url || core.view.reportUrl;
  core.view.problem = null;
  core.view.phase = 'closed';
  await clearJournal(core);
}

/** Kept until now: a server restored from a backup could have asked for all of it again. */
async function clearJournal(core: Core): Promise<void> {
  if (pending(core).length && canSend(core)) return;
  core.finished = true;
  await core.ports.journal.clear(core.attempt);
}
