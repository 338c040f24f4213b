/**
 * The life of one attempt on one device. All waiting is driven by `tick`, which the player calls
 * twice a second: nothing here sets a timer of its own, so nothing runs on after the page.
 */
import type { ResponseValue } from '../api/client';
import {
  type AttemptView,
  type Core,
  type PlayerConfig,
  type Ports,
  createCore,
  elapsedMs,
  pending,
  project,
  reread,
} from './attemptState';
import { remainingMs } from './countdown';
import { finish, handIn } from './handingIn';
import { comeBack, refresh, start, takeOver } from './opening';
import { type Sender, canSend, createSender } from './sending';

export interface AttemptActions {
  view: Readonly<AttemptView>;
  /** Its UUID, once there is one. */
  id(): string;
  begin(): Promise<void>;
  start(): Promise<void>;
  choose(item: number, options: readonly string[]): Promise<void>;
  flag(item: number, on: boolean): Promise<void>;
  submit(): Promise<void>;
  cancelSubmit(): void;
  takeOver(): Promise<void>;
  /** Tries again at once: the network is back, somebody signed in, or asks for it. */
  retry(): Promise<void>;
  tick(): Promise<void>;
  /** The page may be gone in a moment. */
  leave(): void;
  /** The page is seen again, perhaps after hours of sleep. */
  wake(): Promise<void>;
  /** The browser says that the network is gone: believed before the next request finds out. */
  offline(): void;
}

const FLUSH_MS = 5000;
const HEARTBEAT_MS = 8000;
const ASKING_MS = 3000;

export function useAttempt(ports: Ports, config: PlayerConfig): AttemptActions {
  const core = createCore(ports, config);
  const sender = createSender(core);
  ports.journal.onForeignWrite((attempt) => {
    if (attempt === core.attempt) void reread(core);
  });
  return {
    view: core.view,
    id: () => core.attempt,
    begin: () => begin(core),
    start: () => alone(core, 'start', () => start(core)),
    choose: (item, options) => record(core, item, { options: [...options] }),
    flag: (item, on) => record(core, item, { flag: on }),
    submit: () => alone(core, 'hand in', () => handIn(core, sender)),
    cancelSubmit: () => cancelSubmit(core),
    takeOver: () => alone(core, 'take over', () => takeOverHere(core, sender)),
    retry: () => retry(core, sender),
    tick: () => tick(core, sender),
    leave: () => sender.flushLeaving(),
    wake: () => wake(core, sender),
    offline: () => {
      core.view.link = 'offline';
    },
  };
}

async function begin(core: Core): Promise<void> {
  try {
    core.device = await core.ports.journal.device();
  } catch {
    core.view.problem = { key: 'problem.storage' };
    core.view.link = 'refused';
    core.view.phase = 'failed';
    return;
  }
  if (core.attempt) await comeBack(core, core.attempt);
  else core.view.phase = 'idle';
}

/** Journal first, then the screen, then (with the next tick) the network; one after the other. */
function record(core: Core, item: number, value: ResponseValue): Promise<void> {
  core.writing = core.writing.then(() => write(core, item, value));
  return core.writing;
}

async function write(core: Core, item: number, value: ResponseValue): Promise<void> {
  if (core.view.phase !== 'open' || core.view.remaining === 0) return refuseInput(core);
  const { attempt, epoch } = core;
  const stamp = { mono_ms: elapsedMs(core), client_at: core.ports.clientDate() };
  const draft = { epoch, item, value, ...stamp };
  try {
    const event = await core.ports.journal.append(attempt, draft, core.acks.through);
    core.events = [...core.events, event];
  } catch {
    core.view.problem = { key: 'problem.full' };
    return refuseInput(core);
  }
  if (core.view.problem?.key === 'problem.full') core.view.problem = null;
  core.flushAt ??= core.ports.monotonic() + FLUSH_MS;
  project(core);
}

function refuseInput(core: Core): void {
  core.view.refusedInputs += 1;
}

function cancelSubmit(core: Core): void {
  if (core.view.phase === 'submitting' && !core.view.timeIsUp) core.view.phase = 'open';
}

/** What this device still holds goes first, so that the server folds it before we read it back. */
async function takeOverHere(core: Core, sender: Sender): Promise<void> {
  if (pending(core).length && canSend(core)) await sender.flush();
  core.takeOverKey ??= core.ports.newId();
  if (await takeOver(core, core.takeOverKey)) core.takeOverKey = null;
}

async function retry(core: Core, sender: Sender): Promise<void> {
  core.retryAt = 0;
  core.view.signedOut = false;
  if (core.view.phase === 'failed') return alone(core, 'begin', () => begin(core));
  if (core.view.phase === 'open') await sender.flush();
  await tick(core, sender);
}

async function wake(core: Core, sender: Sender): Promise<void> {
  core.retryAt = 0;
  if (core.view.phase !== 'open') return;
  core.view.clock = 'asking';
  core.askingSince = core.ports.monotonic();
  await reread(core);
  await sender.flush();
  if (core.view.clock === 'asking') core.view.clock = 'about';
}

async function tick(core: Core, sender: Sender): Promise<void> {
  const { view } = core;
  readClock(core);
  if (view.phase === 'open' && view.remaining === 0 && view.clock !== 'asking') {
    view.timeIsUp = true;
    return alone(core, 'hand in', () => handIn(core, sender));
  }
  if (core.ports.monotonic() < core.retryAt || view.signedOut) return;
  if (view.phase === 'failed') {
    if (view.link !== 'refused') await alone(core, 'begin', () => begin(core));
  } else if (view.phase === 'submitting') {
    await alone(core, 'hand in', () => handIn(core, sender));
  } else if (view.phase === 'closed') {
    await alone(core, 'finish', () => finish(core, sender));
  } else if (isSendingDue(core)) {
    await sendAndSettle(core, sender);
  }
}

function readClock(core: Core): void {
  const now = core.ports.monotonic();
  if (core.view.clock === 'asking' && now - core.askingSince >= ASKING_MS) {
    core.view.clock = 'about';
  }
  if (core.anchor) core.view.remaining = remainingMs(core.anchor, now);
}

function isSendingDue(core: Core): boolean {
  const now = core.ports.monotonic();
  const waits = pending(core).length > 0;
  if (core.view.phase === 'lost') return waits && canSend(core);
  if (core.view.phase !== 'open') return false;
  const flushDue = waits && now >= (core.flushAt ?? 0);
  return flushDue || now - core.contactAt >= HEARTBEAT_MS;
}

/** Once events from before a take-over have arrived, the server's fold is the true one. */
async function sendAndSettle(core: Core, sender: Sender): Promise<void> {
  const hadOlder = pending(core).some((event) => event.epoch < core.epoch);
  const done = await sender.flush();
  if (done && hadOlder && core.view.phase === 'open') await refresh(core);
}

/** Two taps, or a tap and a tick, must not do the same thing side by side. */
async function alone(core: Core, deed: string, act: () => Promise<void>): Promise<void> {
  if (core.busy.has(deed)) return;
  core.busy.add(deed);
  try {
    await act();
  } finally {
    core.busy.delete(deed);
  }
}
