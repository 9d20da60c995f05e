// Drives the API with the client that was generated from its description. Fails at the first answer that is not what the description says.
import { deepStrictEqual as equal, ok } from 'node:assert';
import {
  acceptBatch, acceptNotification, cancelNotification, getNotification, listNotifications, listRecipients, putDevice, putRecipient,
} from './client';
import { createClient } from './client/client';
import type { DeliveryState, NotificationRequest } from './client';

const { NOTIFY_URL, NOTIFY_KEY, NOTIFY_WAITING, NOTIFY_RECIPIENT } = process.env;
const client = createClient({ baseUrl: NOTIFY_URL, auth: NOTIFY_KEY });
const prefix = 'ts';

async function send() {
  const body: NotificationRequest = {
    recipients: [{ id: 'user-1' }, { email: 'ada@example.test', push: { platform: 'fcm', token: 'adas-phone' } }],
    channels: ['email', 'push'],
    type: 'transactional',
    priority: 'high',
    message: { title: 'Hello', body: 'Ada', email: { subject: 'Hello' } },
    payload: { order: '4711', lines: 3 },
    ttl: 3600,
  };
  const headers = { 'Idempotency-Key': `${prefix}-send` };
  const first = await acceptNotification({ client, body, headers });
  equal(first.response?.status, 202);
  const again = await acceptNotification({ client, body, headers });
  equal(again.data?.id, first.data?.id);
  equal(again.response?.headers.get('Idempotency-Replayed'), 'true');

  const batch = await acceptBatch({ client, body: { notifications: [body, { ...body, recipients: [{ email: 'nowhere' }] }] } });
  equal([batch.data?.accepted, batch.data?.refused], [1, 1]);
  equal(batch.data?.results[1].problem?.errors?.[0].field, 'notifications[1].recipients[0].email');
}

async function read() {
  const found = await getNotification({ client, path: { id: NOTIFY_WAITING! } });
  const state: DeliveryState | undefined = found.data?.deliveries[0].state;
  equal(state, 'waiting');
  ok(found.data!.acceptedAt.endsWith('Z'));

  const listed = await listNotifications({ client, query: { recipient: NOTIFY_RECIPIENT, state: 'waiting', limit: 10 } });
  equal(listed.data?.items.map(item => item.id), [NOTIFY_WAITING]);

  const cancelled = await cancelNotification({ client, path: { id: NOTIFY_WAITING! } });
  equal(cancelled.data, { cancelled: 1, alreadySent: 0 });
}

async function page() {
  for (const name of ['a', 'b', 'c'])
    equal((await putRecipient({ client, path: { id: `${prefix}-${name}` }, body: { email: `${prefix}@example.test` } })).response?.status, 201);
  const device = await putDevice({ client, path: { id: `${prefix}-a`, deviceId: 'phone' }, body: { platform: 'apns', token: `${prefix}-token` } });
  equal([device.response?.status, device.data?.state], [201, 'active']);

  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await listRecipients({ client, query: { email: `${prefix}@example.test`, limit: 2, cursor } });
    ok(data, error?.detail);
    ids.push(...data.items.map(item => item.id));
    cursor = data.next;
  } while (cursor);
  equal(ids, ['a', 'b', 'c'].map(name => `${prefix}-${name}`));
}

async function seeProblems() {
  const refused = await acceptNotification({ client, body: { recipients: [{ email: 'nowhere' }], message: { title: 'T', body: 'B' } } });
  equal([refused.error?.status, refused.error?.type], [422, 'urn:notify:problem:invalid']);
  equal(refused.error?.errors?.[0].rule, 'invalid');
  equal((await getNotification({ client, path: { id: 'abc' } })).error?.status, 404);
  equal((await listNotifications({ client, query: { state: 'failed' } })).error?.errors?.[0].field, 'state');
  equal((await listRecipients({ client: createClient({ baseUrl: NOTIFY_URL, auth: 'ntf_unknown' }) })).error?.status, 401);
}

void (async () => {
  for (const step of [send, read, page, seeProblems]) {
    await step();
    console.log(`${step.name}: as described`);
  }
})();
