/**
 * The one door to the server: typed from the OpenAPI schema, with the CSRF token, a time limit
 * and a bounded retry. No other module names a path, a header or a generated type.
 */
import createClient, { type Middleware } from 'openapi-fetch';

import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Attempt = Schemas['Attempt'];
export type Item = Schemas['Item'];
export type Paper = Schemas['Paper'];
export type ResponseValue = Schemas['ResponseValue'];
export type WireEvent = Schemas['JournalEvent'];
export type JournalBody = Schemas['Journal'];
export type JournalReply = Schemas['JournalReply'];
export type SubmissionBody = Schemas['Submission'];
export type Receipt = Schemas['Receipt'];
export type PracticeQuestion = Schemas['PracticeQuestion'];
export type PracticeAnswer = Schemas['PracticeAnswer'];
export type PracticeVerdict = Schemas['PracticeVerdict'];

/** What came back instead of an answer. `status` 0 and code `network`: nothing came back at all. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  detail: Record<string, unknown>;
  retryAfterMs: number | null;
}
export type Outcome<T> = { ok: true; body: T } | { ok: false; refusal: Refusal };

export interface AttemptApi {
  start(paper: string, device: string, key: string): Promise<Outcome<Attempt>>;
  read(attempt: string, device: string): Promise<Outcome<Attempt>>;
  takeOver(attempt: string, device: string, key: string): Promise<Outcome<Attempt>>;
  putJournal(
    attempt: string,
    token: string,
    body: JournalBody,
    leaving?: boolean,
  ): Promise<Outcome<JournalReply>>;
  putSubmission(attempt: string, token: string, body: SubmissionBody): Promise<Outcome<Receipt>>;
  receipt(attempt: string): Promise<Outcome<Receipt>>;
}

export interface PracticeApi {
  question(question: string): Promise<Outcome<PracticeQuestion>>;
  /** The same `key` again counts once. */
  answer(question: string, body: PracticeAnswer): Promise<Outcome<PracticeVerdict>>;
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}
interface Connection {
  api: string;
  fetch?: typeof globalThis.fetch;
  pause?: (ms: number) => Promise<void>;
}

const TIME_LIMIT_MS = 10_000;
const RETRY_PAUSES_MS = [400, 1500];

/** Nobody answered in a way we know, so the same request may be sent once more. */
export function isPassing(refusal: Refusal): boolean {
  return refusal.status === 0 || refusal.status === 429 || refusal.status >= 500;
}

export function needsSignIn(refusal: Refusal): boolean {
  return refusal.status === 403 || (refusal.status === 401 && refusal.code !== 'token_dead');
}

export function connectAttempts(connection: Connection): AttemptApi {
  const { client, insist } = open(connection);
  return {
    start: (paper, device, key) =>
      insist(() =>
        client.POST('/api/v1/attempts/', {
          params: { header: { 'Idempotency-Key': key } },
          body: { paper, device },
        }),
      ),
    read: (attempt, device) =>
      insist(() =>
        client.GET('/api/v1/attempts/{uuid}/', {
          params: { ...at(attempt), query: { device } },
        }),
      ),
    takeOver: (attempt, device, key) =>
      insist(() =>
        client.POST('/api/v1/attempts/{uuid}/takeover/', {
          params: { ...at(attempt), header: { 'Idempotency-Key': key } },
          body: { device },
        }),
      ),
    putJournal: (attempt, token, body, leaving = false) =>
      settle(
        client.PUT('/api/v1/attempts/{uuid}/journal/', {
          params: { ...at(attempt), header: { 'X-Attempt-Token': token } },
          body,
          keepalive: leaving,
        }),
      ),
    putSubmission: (attempt, token, body) =>
      settle(
        client.PUT('/api/v1/attempts/{uuid}/submission/', {
          params: { ...at(attempt), header: { 'X-Attempt-Token': token } },
          body,
        }),
      ),
    receipt: (attempt) =>
      insist(() => client.GET('/api/v1/attempts/{uuid}/receipt/', { params: at(attempt) })),
  };
}

export function connectPractice(connection: Connection): PracticeApi {
  const { client, insist } = open(connection);
  return {
    question: (question) =>
      insist(() => client.GET('/api/v1/practice/questions/{uuid}/', { params: at(question) })),
    answer: (question, body) =>
      insist(() =>
        client.POST('/api/v1/practice/questions/{uuid}/answers/', { params: at(question), body }),
      ),
  };
}

const at = (uuid: string) => ({ path: { uuid } });

/** `api` is the address of the API or of a part of it; the paths of the schema hold both. */
function open({ api, fetch, pause = sleep }: Connection) {
  const client = createClient<paths>({
    baseUrl: api.replace(/\/api\/v1\/.*$/, ''),
    fetch: (request) => fetchInTime(fetch ?? globalThis.fetch, request),
  });
  client.use(csrf);
  const insist = <T>(send: () => Promise<Reply<T>>) => repeat(() => settle(send()), pause);
  return { client, insist };
}

const csrf: Middleware = {
  onRequest({ request }) {
    // Read each time: signing in again in another tab changes the cookie.
    const token = /(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    if (token && request.method !== 'GET') request.headers.set('X-CSRFToken', token);
    return request;
  },
};

async function fetchInTime(fetch: typeof globalThis.fetch, request: Request): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIME_LIMIT_MS);
  try {
    const response = await fetch(request, { signal: limit.signal });
    // Read to the end here, so that a reply that stops half-way falls under the limit too.
    const { status, statusText, headers } = response;
    return new Response(await response.text(), { status, statusText, headers });
  } finally {
    clearTimeout(timer);
  }
}

async function settle<T>(sent: Promise<Reply<T>>): Promise<Outcome<T>> {
  try {
    const { data, error, response } = await sent;
    if (response.ok && data !== undefined) return { ok: true, body: data };
    return { ok: false, refusal: readRefusal(response, error) };
  } catch {
    // No connection, time limit passed, or a reply cut in the middle: nothing is known.
    const refusal = { status: 0, code: 'network', message: '', detail: {}, retryAfterMs: null };
    return { ok: false, refusal };
  }
}

function readRefusal(response: Response, error: unknown): Refusal {
  const said = typeof error === 'object' && error ? (error as Partial<Schemas['Error']>) : {};
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return {
    status: response.status,
    code: said.code ?? 'unknown',
    message: said.message ?? '',
    detail: said.detail ?? {},
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

async function repeat<T>(
  send: () => Promise<Outcome<T>>,
  pause: (ms: number) => Promise<void>,
): Promise<Outcome<T>> {
  let outcome = await send();
  for (const ms of RETRY_PAUSES_MS) {
    if (outcome.ok || !isPassing(outcome.refusal)) break;
    await pause(ms);
    outcome = await send();
  }
  return outcome;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
