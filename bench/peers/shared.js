'use strict';
// Settings come from the environment; a peer ends when its standard input does, so that none outlives the benchmark.
const { Kafka, logLevel } = require('kafkajs');

exports.need = (name) => process.env[name] ?? (() => { throw new Error(`${name} is not set`); })();

exports.kafka = () => new Kafka({ clientId: 'peer', brokers: exports.need('KAFKA').split(','), logLevel: logLevel.ERROR });

exports.endWithParent = () => {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
};
