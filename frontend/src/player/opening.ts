/** Ways into an attempt: start it, come back to it, take it over from another device. */
import { type Attempt, type Refusal, isPassing, needsSignIn } from '../api/client';
import { type Core, adopt, noteContact, noteFailure, problemOf } from './attemptState';

export type Claim = 'held' | 'lost' | 'failed';

/** Starts the paper, or comes back to the attempt that is open on it. */
export async function start(core: Core): Promise<void> {
  core.view.phase = 'starting';
  core.view.problem = null;
  const paper = core.config.paper ?? '';
  const sentAt = core.ports.monotonic();
  // The key is on storage before the request: whatever happens now, a repeat finds the same attempt.
  const key = await core.ports.journal.startKey(paper);
  const outcome = await core.ports.api.start(paper, core.device, key);
  if (outcome.ok) {
    await hold(core, outcome.body, sentAt);
    core.view.phase = outcome.body.state === 'open' ? 'open' : 'closed';
    core.ports.showAddress(core.attempt);
  } else if (outcome.refusal.code === 'lease_lost') {
    await comeBack(core, String(outcome.refusal.detail.attempt));
    core.ports.showAddress(core.attempt);
  } else {
    fail(core, outcome.refusal, 'idle');
  }
}

/** Shows an attempt that exists, and goes on with it if this device may. */
export async function comeBack(core: Core, attempt: string): Promise<void> {
  core.view.phase = 'loading';
  core.view.problem = null;
  const sentAt = core.ports.monotonic();
  const outcome = await core.ports.api.read(attempt, core.device);
  if (!outcome.ok) return fail(core, outcome.refusal, 'failed');
  core.tokens = await core.ports.journal.tokens(attempt);
  await adopt(core, outcome.body, sentAt);
  if (outcome.body.state !== 'open') {
    core.view.phase = 'closed';
  } else if (core.tokens[core.epoch]) {
    core.view.phase = 'open';
  } else {
    await claim(core);
  }
}

/**
 * Asks for a token on the lease that this device holds, or learns that another one holds it.
 * In the middle of an attempt the phase stays: answering or handing in goes on with the new token.
 */
export async function claim(core: Core): Promise<Claim> {
  const paper = core.view.paper?.paper ?? '';
  const sentAt = core.ports.monotonic();
  const outcome = await core.ports.api.start(
    paper,
    core.device,
    await core.ports.journal.startKey(paper),
  );
  if (outcome.ok && outcome.body.attempt === core.attempt) {
    await hold(core, outcome.body, sentAt);
    if (outcome.body.state !== 'open') core.view.phase = 'closed';
    else if (core.view.phase === 'loading') core.view.phase = 'open';
    return 'held';
  }
  if (outcome.ok || outcome.refusal.code === 'lease_lost') {
    noteContact(core);
    core.view.phase = 'lost';
    return 'lost';
  }
  fail(core, outcome.refusal, core.view.phase === 'loading' ? 'failed' : core.view.phase);
  return 'failed';
}

/**
 * Moves the attempt to this device. `key` stays the same while one wish is repeated: true means that
 * it was answered, so that the next wish needs a key of its own.
 */
export async function takeOver(core: Core, key: string): Promise<boolean> {
  core.view.problem = null;
  const sentAt = core.ports.monotonic();
  const outcome = await core.ports.api.takeOver(core.attempt, core.device, key);
  if (outcome.ok) {
    await hold(core, outcome.body, sentAt);
    core.view.phase = outcome.body.state === 'open' ? 'open' : 'closed';
    return true;
  }
  if (outcome.refusal.code === 'closed') core.view.phase = 'closed';
  else fail(core, outcome.refusal, 'lost');
  return !isPassing(outcome.refusal) && !needsSignIn(outcome.refusal);
}

/** Reads the answers again, keeping the phase. */
export async function refresh(core: Core): Promise<boolean> {
  const sentAt = core.ports.monotonic();
  const outcome = await core.ports.api.read(core.attempt, core.device);
  if (outcome.ok) await adopt(core, outcome.body, sentAt);
  else noteFailure(core, outcome.refusal);
  return outcome.ok;
}

async function hold(core: Core, attempt: Attempt, sentAt: number): Promise<void> {
  if (attempt.token)
    await core.ports.journal.keepToken(attempt.attempt, attempt.epoch, attempt.token);
  await core.ports.journal.forgetStart(attempt.paper.paper);
  core.tokens = await core.ports.journal.tokens(attempt.attempt);
  await adopt(core, attempt, sentAt);
}

function fail(core: Core, refusal: Refusal, phase: Core['view']['phase']): void {
  noteFailure(core, refusal);
  core.view.problem = problemOf(refusal);
  core.view.phase = phase;
}
