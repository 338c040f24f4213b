/**
 * Everything the player knows of one attempt. `view` is what the components show; the rest is
 * bookkeeping between the journal, the server and the clock.
 */
import { shallowReactive } from 'vue';

import {
  type Attempt,
  type AttemptApi,
  type Item,
  type Paper,
  type Receipt,
  type Refusal,
  isPassing,
  needsSignIn,
} from '../api/client';
import type { MessageKey } from '../messages';
import { retryDelayMs } from './backoff';
import { type Anchor, anchorFrom, remainingMs, serverTime } from './countdown';
import type { Journal, JournalEvent, Tokens } from './journal';
import { type Acks, type ServerSheet, type Sheet, foldSheet, unsent } from './sheet';

/** The JSON that the server writes into the page. */
export interface PlayerConfig {
  paper: string | null;
  attempt: string | null;
  api: string;
  /** Stable opaque id of the signed-in user: whose journal this is. */
  user: string;
  reportUrl: string;
  exitUrl: string;
  lang: string;
  attemptUrl?: string;
  loginUrl?: string;
  /** Facts of the paper for the page before the start. */
  summary?: PaperSummary;
}
export interface PaperSummary {
  title: string;
  duration_min: number;
  pass_half: number;
  total_half: number;
  sections: { name: string; count: number; points_half: number; hint?: string }[];
}

/** All that is read from outside, so that tests decide on time, chance and network. */
export interface Ports {
  api: AttemptApi;
  journal: Journal;
  /** performance.now(): goes on evenly, whatever is done to the date of the phone. */
  monotonic(): number;
  /** The phone's own date, only recorded, never trusted. */
  clientDate(): string;
  chance(): number;
  newId(): string;
  showAddress(attempt: string): void;
}

export type Phase =
  'loading' | 'idle' | 'starting' | 'open' | 'submitting' | 'lost' | 'closed' | 'failed';
/** How the last request went: `unwell` = the server is there and cannot, `refused` = it will not. */
export type Link = 'ok' | 'offline' | 'unwell' | 'refused';
/** Not shown while `asking`; `about` = could not ask the server since the phone woke up. */
export type ClockTrust = 'sure' | 'asking' | 'about';
export interface Problem {
  key: MessageKey;
  /** What the server said, where it said something. */
  said?: string;
}

export interface AttemptView {
  phase: Phase;
  link: Link;
  signedOut: boolean;
  problem: Problem | null;
  paper: Paper | null;
  items: readonly Item[];
  sheet: Sheet;
  remaining: number | null;
  clock: ClockTrust;
  /** Handing in because the time is over, so there is no way back to the questions. */
  timeIsUp: boolean;
  receipt: Receipt | null;
  reportUrl: string | null;
  /** Goes up when an answer could not be kept, so that the inputs show the true one again. */
  refusedInputs: number;
}

export interface Core {
  readonly ports: Ports;
  readonly config: PlayerConfig;
  readonly view: AttemptView;
  device: string;
  attempt: string;
  epoch: number;
  tokens: Tokens;
  events: JournalEvent[];
  acks: Acks;
  server: ServerSheet;
  anchor: Anchor | null;
  startedAt: number;
  failures: number;
  /** Monotonic times: no request before, next flush due, last reply, clock asked since. */
  retryAt: number;
  flushAt: number | null;
  contactAt: number;
  askingSince: number;
  /** The last write to the journal: the next one waits for it. */
  writing: Promise<void>;
  /** Idempotency key of a take-over that is wished and not yet answered. */
  takeOverKey: string | null;
  /** The receipt is here and the journal cleared. */
  finished: boolean;
  readonly busy: Set<string>;
}

const SLOWEST_SAMPLE_MS = 10_000;
const NO_SHEET: Sheet = { answers: {}, flags: new Set(), waiting: new Set() };

export function createCore(ports: Ports, config: PlayerConfig): Core {
  const view = shallowReactive<AttemptView>({
    phase: 'loading',
    link: 'ok',
    signedOut: false,
    problem: null,
    paper: null,
    items: [],
    sheet: NO_SHEET,
    remaining: null,
    clock: 'sure',
    timeIsUp: false,
    receipt: null,
    reportUrl: null,
    refusedInputs: 0,
  });
  return {
    ports,
    config,
    view,
    device: '',
    attempt: config.attempt ?? '',
    epoch: 0,
    tokens: {},
    events: [],
    acks: { through: 0, gaps: [] },
    server: { answers: {}, flags: [], through: 0 },
    anchor: null,
    startedAt: 0,
    failures: 0,
    retryAt: 0,
    flushAt: null,
    contactAt: 0,
    askingSince: 0,
    writing: Promise.resolve(),
    takeOverKey: null,
    finished: false,
    busy: new Set(),
  };
}

export function pending(core: Core): JournalEvent[] {
  return unsent(core.events, core.acks);
}

/** Shows the present state of journal and server; called after every change of either. */
export function project(core: Core): void {
  core.view.sheet = foldSheet(core.server, core.events, core.acks, core.epoch);
}

/** Takes over the whole state of an attempt from the server. */
export async function adopt(core: Core, attempt: Attempt, sentAt: number): Promise<void> {
  core.attempt = attempt.attempt;
  core.epoch = attempt.epoch;
  core.startedAt = Date.parse(attempt.started_at);
  core.server = {
    answers: attempt.answers,
    flags: attempt.flags,
    through: attempt.acked_through,
  };
  core.acks = { through: attempt.acked_through, gaps: [] };
  core.view.paper = attempt.paper;
  core.view.items = attempt.items;
  core.view.reportUrl = core.config.reportUrl.replace('{attempt}', attempt.attempt);
  noteContact(core);
  noteTime(core, attempt, sentAt);
  await reread(core);
}

/** Reads the journal again: another tab of this browser may have written to it. */
export async function reread(core: Core): Promise<void> {
  core.events = await core.ports.journal.events(core.attempt);
  project(core);
}

export function noteTime(
  core: Core,
  reply: { server_now: string; deadline_at: string },
  sentAt: number,
): void {
  const receivedAt = core.ports.monotonic();
  // A reply that was under way that long says little about now: the phone may have slept.
  if (core.anchor && receivedAt - sentAt > SLOWEST_SAMPLE_MS) return;
  const { server_now: serverNow, deadline_at: deadline } = reply;
  core.anchor = anchorFrom({ serverNow, deadline, sentAt, receivedAt });
  core.view.clock = 'sure';
  core.view.remaining = remainingMs(core.anchor, receivedAt);
}

export function elapsedMs(core: Core): number {
  if (!core.anchor) return 0;
  const elapsed = serverTime(core.anchor, core.ports.monotonic()) - core.startedAt;
  return Math.max(0, Math.round(elapsed));
}

/** The server answered, whatever it said. */
export function noteContact(core: Core): void {
  core.failures = 0;
  core.retryAt = 0;
  core.contactAt = core.ports.monotonic();
  core.view.link = 'ok';
  core.view.signedOut = false;
}

/** Nothing was achieved: say so, and wait longer each time. */
export function noteFailure(core: Core, refusal: Refusal): void {
  core.failures += 1;
  const { retryAfterMs } = refusal;
  const delay = retryDelayMs({
    failures: core.failures,
    chance: core.ports.chance(),
    retryAfterMs,
  });
  core.retryAt = core.ports.monotonic() + delay;
  core.view.link = linkAfter(refusal);
  core.view.signedOut = needsSignIn(refusal);
}

function linkAfter(refusal: Refusal): Link {
  if (refusal.status === 0) return 'offline';
  if (needsSignIn(refusal)) return 'ok';
  return isPassing(refusal) ? 'unwell' : 'refused';
}

/** A sentence for the screen about a refusal outside the journal. */
export function problemOf(refusal: Refusal): Problem | null {
  if (needsSignIn(refusal)) return null;
  if (refusal.status === 0) return { key: 'problem.offline' };
  if (isPassing(refusal)) return { key: 'problem.unwell' };
  if (refusal.status === 404) return { key: 'problem.missing' };
  return { key: 'problem.refused', said: refusal.message };
}
