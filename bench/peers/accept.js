'use strict';
// POST /notifications and POST /notifications/batch: check the fields, send to Kafka with acks=all, answer 202. FRAMEWORK=express|fastify.
const { need, kafka, endWithParent } = require('./shared');

const topic = need('TOPIC');
const fields = ['userId', 'channel', 'to', 'body'];
const isGood = (n) => n !== null && typeof n === 'object' && fields.every((field) => typeof n[field] === 'string');
const message = (n) => ({ key: n.userId, value: JSON.stringify(n) });
let accepted = 0;
const nextId = () => `${process.pid}-${++accepted}`;

async function connect() {
  const producer = kafka().producer();
  await producer.connect();
  return (notifications) => producer.send({ topic, acks: -1, messages: notifications.map(message) });
}

function listenExpress(send, port) {
  const express = require('express');
  const app = express();
  app.use(express.json({ limit: '2mb' }));
  const answer = (check, count) => async (req, res) => {
    if (!check(req.body)) return res.status(400).json({ error: 'invalid' });
    try {
      await send([].concat(req.body));
      res.status(202).json(count(req.body));
    } catch (error) {
      res.status(503).json({ error: error.message });
    }
  };
  app.post('/notifications', answer(isGood, () => ({ id: nextId() })));
  app.post('/notifications/batch', answer((body) => Array.isArray(body) && body.every(isGood), (body) => ({ accepted: body.length })));
  return new Promise((resolve) => { const server = app.listen(port, '127.0.0.1', () => resolve(server.address().port)); });
}

async function listenFastify(send, port) {
  const app = require('fastify')({ logger: false, bodyLimit: 2 << 20 });
  const text = { type: 'string' };
  const item = {
    type: 'object', required: fields,
    properties: { userId: text, channel: text, to: text, category: text, subject: text, body: text, priority: text },
  };
  const answers = (properties) => ({ 202: { type: 'object', properties } });
  app.post('/notifications', { schema: { body: item, response: answers({ id: text }) } }, async (req, reply) => {
    await send([req.body]);
    reply.code(202);
    return { id: nextId() };
  });
  app.post('/notifications/batch', { schema: { body: { type: 'array', items: item }, response: answers({ accepted: { type: 'integer' } }) } }, async (req, reply) => {
    await send(req.body);
    reply.code(202);
    return { accepted: req.body.length };
  });
  await app.listen({ port, host: '127.0.0.1' });
  return app.server.address().port;
}

(async () => {
  endWithParent();
  const send = await connect();
  const listen = need('FRAMEWORK') === 'fastify' ? listenFastify : listenExpress;
  console.log(`READY ${await listen(send, Number(need('PORT')))}`);
})().catch((error) => { console.error(error); process.exit(1); });
