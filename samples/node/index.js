import { randomUUID } from 'node:crypto';
import { NotifyClient, NotifyProblem, isSent } from './notify.js';

const url = process.env.NOTIFY_URL ?? 'http://localhost:5310';
const notify = new NotifyClient(url, process.env.NOTIFY_KEY ?? 'notify-development-key');

try {
  process.exitCode = await ship() ? 0 : 1;
} catch (failure) {
  const hint = failure instanceof NotifyProblem ? '' : ` (Notify is expected at ${url}; NOTIFY_URL names another place.)`;
  console.error(failure.message + hint);
  process.exitCode = 1;
}

async function ship() {
  const order = randomUUID().slice(0, 8);
  const shipped = {
    recipients: [{ email: 'ada@example.test', phone: '+15005550009', push: { platform: 'fcm', token: 'adas-phone' } }],
    message: {
      title: 'Your order has been shipped',
      body: `Order ${order} arrives tomorrow between 9 and 12.`,
      email: { html: `<p>Order <b>${order}</b> arrives tomorrow between 9 and 12.</p>` },
      sms: { body: `Order ${order} is on its way.` },
    },
    category: 'orders',
  };

  // The key names what happened, so a job that runs twice, or a retry after a lost answer, sends nothing twice.
  const first = await notify.send(shipped, `order-${order}-shipped`);
  console.log(`Accepted as ${first.id}.`);
  const second = await notify.send(shipped, `order-${order}-shipped`);
  console.log(`Sent again with the same key: ${second.id}, ${second.replayed ? 'counted once' : 'counted twice'}.`);

  const refused = await isRefused({ ...shipped, recipients: [{ email: 'ada at example.test' }] });

  const { deliveries } = await notify.waitUntilSettled(first.id);
  for (const { channel, state, provider, reason } of deliveries)
    console.log([channel.padEnd(6), state.padEnd(10), (provider ?? '').padEnd(8), reason ?? ''].join(' '));
  return refused && second.replayed && second.id === first.id && deliveries.every(isSent);
}

/** A request that breaks a rule is refused whole, with everything that is wrong with it; sending it again would change nothing. */
async function isRefused(wrong) {
  try {
    await notify.send(wrong, randomUUID());
    return false;
  } catch (refused) {
    if (!(refused instanceof NotifyProblem) || refused.errors.length === 0) throw refused;
    console.log(`A wrong one is refused with ${refused.status} ${refused.type}:`);
    for (const { field, rule, message } of refused.errors)
      console.log(`  ${field} (${rule}): ${message}`);
    return true;
  }
}
