/**
 * The attempt API as a model for tests: follows the protocol, with a network that can be told to
 * lose requests or replies. Never part of a build: only tests import it.
 */
import type { ResponseValue, WireEvent } from '../../api/client';
import { answersDigest } from '../digest';

interface Arrived extends WireEvent {
  device: string;
  epoch: number;
}
interface Request_ {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, never>;
  /** The device whose acked_through is asked. */
  asking: string;
}
type Reply = [status: number, body: unknown];
/** What the network does to the next request that matches. */
export type Fault = 'lose request' | 'lose reply' | 'duplicate' | Reply;

const ATTEMPT = '0a000000-0000-4000-8000-000000000001';
const PAPER = '0b000000-0000-4000-8000-000000000001';
const ITEM_COUNT = 4;

export class ModelServer {
  readonly attempt = ATTEMPT;
  readonly paper = PAPER;
  now = Date.parse('2026-06-13T01:00:00Z');
  deadline = this.now + 120 * 60_000;
  state = 'open';
  exists = false;
  signedIn = true;
  startKeys = new Set<string>();
  takeOverKeys = new Set<string>();
  started = 0;
  leases: string[] = [];
  arrived = new Map<string, Arrived>();
  requests: { method: string; path: string; body: Record<string, unknown> }[] = [];
  private faults: { match: RegExp; fault: Fault }[] = [];
  private receiptBody: Record<string, unknown> | null = null;

  /** The next request whose path matches suffers this; several queue up. */
  fault(match: RegExp, ...faults: Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ match, fault })));
  }

  get epoch(): number {
    return this.leases.length;
  }

  countOf(match: RegExp): number {
    return this.requests.filter(({ path }) => match.test(path)).length;
  }

  readonly fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = input as Request;
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body = text ? JSON.parse(text) : {};
    this.requests.push({ method: request.method, path, body });
    const fault = this.takeFault(path);
    if (fault === 'lose request') throw new TypeError('network');
    if (Array.isArray(fault)) return json(fault);
    const asking = new URL(request.url).searchParams.get('device') ?? '';
    const asked = { method: request.method, path, headers: request.headers, body, asking };
    let reply = await this.answer(asked);
    if (fault === 'duplicate') reply = await this.answer(asked);
    if (fault === 'lose reply') throw new TypeError('network');
    return json(reply);
  };

  projection(): { answers: Record<number, ResponseValue>; flags: number[] } {
    const latest = new Map<string, Arrived>();
    for (const event of this.arrived.values()) {
      const place = `${event.item}|${event.value.options ? 'options' : 'flag'}`;
      const other = latest.get(place);
      const newer =
        !other ||
        event.epoch > other.epoch ||
        (event.epoch === other.epoch && event.seq > other.seq);
      if (newer) latest.set(place, event);
    }
    const answers: Record<number, ResponseValue> = {};
    const flags: number[] = [];
    for (const { item, value } of latest.values()) {
      if (value.options?.length) answers[item] = { options: value.options };
      if (value.flag) flags.push(item);
    }
    return { answers, flags };
  }

  /** Another device takes the attempt over and answers there. */
  takenOverElsewhere(answers: Record<number, string[]> = {}): void {
    this.leases.push('other');
    Object.entries(answers).forEach(([item, options], index) =>
      this.arrive('other', index + 1, Number(item), options),
    );
  }

  arrive(device: string, seq: number, item: number, options: string[], epoch = this.epoch): void {
    const stamp = { mono_ms: 0, client_at: '2026-06-13T01:00:00Z' };
    this.arrived.set(`${device}|${seq}`, {
      device,
      epoch,
      seq,
      item,
      value: { options },
      ...stamp,
    });
  }

  private takeFault(path: string): Fault | null {
    const at = this.faults.findIndex(({ match }) => match.test(path));
    return at < 0 ? null : (this.faults.splice(at, 1)[0]?.fault ?? null);
  }

  private async answer(request: Request_): Promise<Reply> {
    const kind =
      request.path.split('/').filter(Boolean)[4] ?? (request.method === 'POST' ? 'start' : 'read');
    if (['start', 'read', 'takeover', 'receipt'].includes(kind) && !this.signedIn) {
      return refusal(403, 'not_authenticated');
    }
    switch (kind) {
      case 'start':
        return this.start(request);
      case 'read':
        return this.exists ? [200, this.whole('', request.asking)] : refusal(404, 'not_found');
      case 'takeover':
        return this.takeOver(request);
      case 'journal':
        return this.journal(request);
      case 'submission':
        return this.submission(request);
      default:
        return this.receiptBody ? [200, this.receiptBody] : refusal(404, 'not_found');
    }
  }

  private start({ headers, body }: Request_): Reply {
    const key = headers.get('Idempotency-Key') ?? '';
    const { device } = body;
    if (!this.exists) {
      this.exists = true;
      this.started += 1;
      this.leases.push(device ?? '');
      this.startKeys.add(key);
      return [201, this.whole(device ?? '')];
    }
    if (this.leases[this.epoch - 1] !== device) {
      return refusal(409, 'lease_lost', { attempt: ATTEMPT, epoch: this.epoch });
    }
    return [200, this.whole(device ?? '')];
  }

  private takeOver({ headers, body }: Request_): Reply {
    if (this.state !== 'open') return refusal(409, 'closed');
    if (this.leases[this.epoch - 1] === body.device) return [200, this.whole(body.device ?? '')];
    const key = headers.get('Idempotency-Key') ?? '';
    // A late repeat must not steal the lease back from a third device.
    if (this.takeOverKeys.has(key)) return refusal(409, 'lease_lost', { epoch: this.epoch });
    this.takeOverKeys.add(key);
    this.leases.push(body.device ?? '');
    return [200, this.whole(body.device ?? '')];
  }

  private journal({ headers, body }: Request_): Reply {
    const { device, epoch, events } = body as unknown as {
      device: string;
      epoch: number;
      events: WireEvent[];
    };
    if (headers.get('X-Attempt-Token') !== tokenOf(device, epoch))
      return refusal(401, 'token_dead');
    const clash = events.filter((event) => {
      const other = this.arrived.get(`${device}|${event.seq}`);
      return other && JSON.stringify(other.value) !== JSON.stringify(event.value);
    });
    for (const event of events) {
      if (!this.arrived.has(`${device}|${event.seq}`) && this.state === 'open') {
        this.arrived.set(`${device}|${event.seq}`, { ...event, device, epoch });
      }
    }
    const acks = { ...this.acksOf(device), epoch: this.epoch };
    if (clash.length) {
      return refusal(409, 'seq_conflict', { ...acks, seq: clash.map(({ seq }) => seq) });
    }
    if (this.state !== 'open') {
      const through = Math.max(acks.acked_through, ...events.map(({ seq }) => seq));
      return refusal(409, 'closed', { ...acks, acked_through: through });
    }
    if (epoch < this.epoch) return refusal(409, 'lease_lost', acks);
    return [200, { ...acks, ...this.times(), state: this.state }];
  }

  private async submission({ body }: Request_): Promise<Reply> {
    const { device, epoch, through, answers_sha256 } = body as unknown as {
      device: string;
      epoch: number;
      through: Record<string, number>;
      answers_sha256: string;
    };
    if (this.receiptBody) return [200, this.receiptBody];
    if (epoch < this.epoch) return refusal(409, 'lease_lost', { epoch: this.epoch });
    const missing = this.missing(device, through[device] ?? 0);
    if (missing.length) return refusal(409, 'gaps', { gaps: { [device]: missing } });
    const digest = await this.digest();
    if (digest !== answers_sha256)
      return refusal(409, 'digest_mismatch', { server_sha256: digest });
    return [200, await this.close('submitted')];
  }

  /** Ends the attempt, as a submission or the sweeper does. */
  async close(state: string): Promise<Record<string, unknown>> {
    this.state = state;
    this.receiptBody = {
      receipt: 'K7QF-2M9X',
      submitted_at: new Date(this.now).toISOString(),
      answered: Object.keys(this.projection().answers).length,
      items: ITEM_COUNT,
      answers_sha256: await this.digest(),
      state,
      report_url: `/attempts/${ATTEMPT}/report/`,
    };
    return this.receiptBody;
  }

  private digest(): Promise<string> {
    const { answers } = this.projection();
    return answersDigest(
      Object.fromEntries(
        Object.entries(answers).map(([item, { options }]) => [item, options ?? []]),
      ),
    );
  }

  private seqs(device: string): number[] {
    return [...this.arrived.values()].filter((e) => e.device === device).map(({ seq }) => seq);
  }

  private acksOf(device: string) {
    const seqs = new Set(this.seqs(device));
    let acked = 0;
    while (seqs.has(acked + 1)) acked += 1;
    return { acked_through: acked, gaps: this.missing(device, Math.max(0, ...seqs)) };
  }

  private missing(device: string, through: number): number[][] {
    const seqs = new Set(this.seqs(device));
    return Array.from({ length: through }, (_, index) => index + 1)
      .filter((seq) => !seqs.has(seq))
      .map((seq) => [seq, seq]);
  }

  private times() {
    return {
      server_now: new Date(this.now).toISOString(),
      deadline_at: new Date(this.deadline).toISOString(),
    };
  }

  private whole(device: string, asking = device) {
    const section = {
      name: '单项选择题',
      type: 'single_choice',
      count: 4,
      points_half: 2,
      hint: '',
    };
    const text = { duration_min: 120, pass_half: 120, total_half: 200, sha256: 'x' };
    return {
      attempt: ATTEMPT,
      epoch: this.epoch,
      ...(device ? { token: tokenOf(device, this.epoch) } : {}),
      state: this.state,
      mode: 'mock',
      paper: {
        paper: PAPER,
        title: '模拟卷一',
        subject: 'junior-general',
        sections: [section],
        ...text,
      },
      items: Array.from({ length: ITEM_COUNT }, (_, index) => ({
        item: index + 1,
        section: 0,
        type: index < 2 ? 'single_choice' : 'multiple_response',
        points_half: 2,
        stem: `<p>第 ${index + 1} 题的题干</p>`,
        stimulus: null,
        options: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `选项 ${id}` })),
      })),
      ...this.projection(),
      acked_through: this.acksOf(asking).acked_through,
      started_at: new Date(this.deadline - 120 * 60_000).toISOString(),
      grace_s: 30,
      ...this.times(),
    };
  }
}

export function tokenOf(device: string, epoch: number): string {
  return `token-${device}-${epoch}`;
}

function refusal(status: number, code: string, detail: Record<string, unknown> = {}): Reply {
  return [status, { code, message: '服务器的说明', detail }];
}

function json([status, body]: Reply): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}
