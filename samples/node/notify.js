import { setTimeout as delay } from 'node:timers/promises';

const maxTries = 5;
const longestWait = 60_000;   // ms; a caller would rather know than wait for longer than this
const timeout = 30_000;

/** Notify refused a request, or could not take it for longer than the client was willing to wait. */
export class NotifyProblem extends Error {
  /**
   * @param {number} status
   * @param {{type?: string, title?: string, detail?: string, traceId?: string,
   *   errors?: {field: string, rule: string, message: string}[]}} problem
   *   In the form of RFC 9457. Switch on `type` and on the errors' `rule`: they are stable; the texts are for people.
   */
  constructor(status, problem) {
    super(`Notify answered ${status}: ${problem.detail ?? problem.title ?? 'no details'}`);
    this.name = 'NotifyProblem';
    this.status = status;
    this.type = problem.type;
    this.errors = problem.errors ?? [];
    this.traceId = problem.traceId;
  }
}

/** Whether Notify has done what it will do for a delivery: sent it, or given it up with a reason. */
export const isSettled = delivery => !['queued', 'sending', 'waiting'].includes(delivery.state);

export const isSent = delivery => ['sent', 'delivered'].includes(delivery.state);

/**
 * Sends notifications and asks what became of them. A request that gets no answer, or is asked to wait, is sent again under the same
 * Idempotency-Key, so that it counts once however often it arrives.
 */
export class NotifyClient {
  #url;
  #key;

  constructor(url, key) {
    this.#url = url;
    this.#key = key;
  }

  /**
   * Returns once Notify has stored the notification; it is sent to its recipients afterwards.
   * @param {object} notification As `/openapi/v1.json` describes it.
   * @param {string} idempotencyKey Names what happened, such as `order-4711-shipped`:
   *   a second request with this key within 24 hours sends nothing.
   * @returns {Promise<{id: string, replayed: boolean}>} `replayed`: an earlier request with this key was answered again.
   */
  async send(notification, idempotencyKey) {
    const answer = await this.#call('/v1/notifications', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
      body: JSON.stringify(notification),
    });
    const { id } = await answer.json();
    return { id, replayed: answer.headers.has('Idempotency-Replayed') };
  }

  /** The notification with its deliveries; null where Notify does not know it: it is not this key's, or was accepted a moment ago. */
  async find(id) {
    try {
      return await (await this.#call(`/v1/notifications/${id}`)).json();
    } catch (failure) {
      if (failure instanceof NotifyProblem && failure.status === 404) return null;
      throw failure;
    }
  }

  /**
   * Asks until every delivery is sent or given up. This is for jobs and tests: a delivery may wait for hours where its provider is away,
   * so nothing that a person waits for should call it.
   * @param {number} patience In ms.
   */
  async waitUntilSettled(id, patience = 60_000) {
    const deadline = performance.now() + patience;
    for (let pause = 250; ; pause = Math.min(2 * pause, 2_000)) {
      const notification = await this.find(id);
      if (notification?.deliveries.every(isSettled)) return notification;
      if (performance.now() > deadline) throw new Error(`Notification ${id} is not settled after ${patience / 1000} s.`);
      await delay(pause);
    }
  }

  async #call(path, request = {}) {
    for (let tries = 1; ; tries++) {
      let wait = 1000 * 2 ** (tries - 1);   // 1, 2, 4, 8 s where nobody says otherwise
      try {
        const answer = await fetch(new URL(path, this.#url), {
          ...request,
          headers: { ...request.headers, Authorization: `Bearer ${this.#key}` },
          signal: AbortSignal.timeout(timeout),
        });
        if (answer.ok) return answer;
        wait = retryAfter(answer) ?? wait;
        if (!asksToComeAgain(answer) || tries === maxTries || wait > longestWait)
          throw new NotifyProblem(answer.status, await problemOf(answer));
        await answer.body?.cancel();
      } catch (failure) {
        // Anything else is an answer that was lost, and it is not known whether the request arrived.
        if (failure instanceof NotifyProblem || tries === maxTries) throw failure;
      }
      await delay(wait);
    }
  }
}

/** Too many at once; not available; or another request with the same key is still running. */
const asksToComeAgain = answer => [429, 503, 409].includes(answer.status);

/** In ms; the header gives seconds or a date. */
function retryAfter(answer) {
  const header = answer.headers.get('Retry-After');
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? 1000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** What stands between may answer with a page of its own. */
const problemOf = async answer =>
  answer.headers.get('Content-Type')?.startsWith('application/problem+json') ? answer.json() : { title: answer.statusText };
