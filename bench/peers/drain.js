'use strict';
// Kafka to SMTP. STYLE=each: one mail after another, as tutorials have it. STYLE=batch: slices of 100 at once, the pool as wide and as long-lived as it goes.
const nodemailer = require('nodemailer');
const { need, kafka, endWithParent } = require('./shared');

const SLICE = 100;
const together = need('STYLE') === 'batch';

(async () => {
  endWithParent();
  const mail = nodemailer.createTransport({
    host: '127.0.0.1', port: Number(need('SMTP_PORT')), secure: false, ignoreTLS: true, pool: true,
    ...(together ? { maxConnections: 20, maxMessages: Infinity } : {}),
  });
  const send = ({ value }) => {
    const n = JSON.parse(value.toString());
    return mail.sendMail({ from: 'notify@example.test', to: n.to, subject: n.subject, text: n.body });
  };
  const consumer = kafka().consumer({ groupId: `peer-${process.pid}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: need('TOPIC'), fromBeginning: true });
  await consumer.run(together
    ? {
        partitionsConsumedConcurrently: 12,
        eachBatch: async ({ batch, heartbeat, resolveOffset, isRunning }) => {
          for (let i = 0; i < batch.messages.length && isRunning(); i += SLICE) {
            const slice = batch.messages.slice(i, i + SLICE);
            await Promise.all(slice.map(send));
            resolveOffset(slice.at(-1).offset);
            await heartbeat();
          }
        },
      }
    : { eachMessage: ({ message }) => send(message) });
  console.log('READY');
})().catch((error) => { console.error(error); process.exit(1); });
