import { afterEach, describe, expect, it, vi } from 'vitest';

import { connectAttempts, isPassing, needsSignIn } from './client';

type Answer = () => Promise<Response>;
const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  async () =>
    new Response(JSON.stringify(body), { status, headers });
const lost: Answer = () => Promise.reject(new TypeError('network'));

function connect(...answers: Answer[]) {
  const requests: Request[] = [];
  const pauses: number[] = [];
  const api = connectAttempts({
    api: 'http://test/api/v1/',
    fetch: (input) => {
      requests.push(input as Request);
      return (answers.shift() ?? lost)();
    },
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
  return { api, requests, pauses };
}

const BODY = { device: 'd', epoch: 1, events: [] };

afterEach(() => {
  document.cookie = 'csrftoken=; max-age=0';
  vi.useRealTimers();
});

describe('requests', () => {
  it('carry the CSRF token of the moment on writes', async () => {
    const { api, requests } = connect(reply(201, {}), reply(201, {}), reply(200, {}));
    document.cookie = 'csrftoken=first';
    await api.start('p', 'd', 'k');
    document.cookie = 'csrftoken=second';
    await api.start('p', 'd', 'k');
    await api.read('a', 'd');
    expect(requests.map(({ headers }) => headers.get('X-CSRFToken'))).toEqual([
      'first',
      'second',
      null,
    ]);
    expect(requests[0]?.headers.get('Idempotency-Key')).toBe('k');
  });

  it('carry the token of the attempt on the journal and outlive a page that leaves', async () => {
    const { api, requests } = connect(reply(200, {}), reply(200, {}));
    await api.putJournal('a', 'token', BODY);
    await api.putJournal('a', 'token', BODY, true);
    expect(requests[0]?.headers.get('X-Attempt-Token')).toBe('token');
    expect(requests.map(({ keepalive }) => keepalive)).toEqual([false, true]);
    expect(requests[0]?.url).toBe('http://test/api/v1/attempts/a/journal/');
  });
});

describe('retries', () => {
  it('repeats a start with the same key, a bounded number of times', async () => {
    const { api, requests, pauses } = connect(lost, reply(503, {}), lost, lost);
    const outcome = await api.start('p', 'd', 'k');
    expect(outcome.ok).toBe(false);
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
    expect(pauses).toEqual([400, 1500]);
  });

  it('does not repeat what the server decided', async () => {
    const { api, requests } = connect(reply(409, { code: 'lease_lost', message: 'm', detail: {} }));
    const outcome = await api.start('p', 'd', 'k');
    expect(outcome).toMatchObject({ ok: false, refusal: { status: 409, code: 'lease_lost' } });
    expect(requests).toHaveLength(1);
  });

  it('leaves repeating the journal to the player', async () => {
    const { api, requests } = connect(lost, lost);
    await api.putJournal('a', 'token', BODY);
    expect(requests).toHaveLength(1);
  });
});

describe('refusals', () => {
  it('tell apart nothing, an unwell server and a decision', async () => {
    const { api } = connect(
      lost,
      reply(503, {}, { 'Retry-After': '7' }),
      reply(401, { code: 'token_dead', message: '', detail: {} }),
    );
    const seen = [];
    for (let n = 0; n < 3; n += 1) {
      const outcome = await api.putJournal('a', 'token', BODY);
      if (!outcome.ok) seen.push(outcome.refusal);
    }
    expect(seen.map(({ status, code }) => [status, code])).toEqual([
      [0, 'network'],
      [503, 'unknown'],
      [401, 'token_dead'],
    ]);
    expect(seen.map(isPassing)).toEqual([true, true, false]);
    expect(seen.map(needsSignIn)).toEqual([false, false, false]);
    expect(seen[1]?.retryAfterMs).toBe(7000);
  });

  it('count a page of a proxy in place of JSON as no answer', async () => {
    const { api } = connect(async () => new Response('<html>', { status: 200 }));
    expect(await api.putJournal('a', 'token', BODY)).toMatchObject({
      ok: false,
      refusal: { status: 0 },
    });
  });

  it('end a request that hangs', async () => {
    vi.useFakeTimers();
    const api = connectAttempts({
      api: 'http://test/api/v1/',
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('late')));
        }),
    });
    const sent = api.putJournal('a', 'token', BODY);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await sent).toMatchObject({ ok: false, refusal: { status: 0 } });
  });
});
