// Counts customers, purchases and net revenue from the public stream, from its first event on.
//
//     node read_stream.mjs "$(./crm stream address | cut -d' ' -f1)"
//
// Ends when nothing has come for SILENCE milliseconds; without that timer it would follow the stream for ever.
import amqp from 'amqplib';

const SILENCE = 3000;
let customers = 0, purchases = 0, again = 0;
const revenue = {}, seen = new Set();
// JavaScript has binary fractions only, so money is added up in whole ten-thousandths.
const add = (currency, net) => { revenue[currency] = (revenue[currency] ?? 0) + Math.round(net * 10000); };

const connection = await amqp.connect(process.argv[2]);
const channel = await connection.createChannel();
await channel.prefetch(200); // a stream is only read with a prefetch and acknowledgements
let silence = setTimeout(finish, SILENCE);
await channel.consume('crm.events.stream', message => {
  silence.refresh();
  channel.ack(message);
  const { messageId, type } = message.properties;
  if (seen.has(messageId)) { again++; return; } // after a crash or a refill a fact may come twice
  seen.add(messageId);
  const fact = JSON.parse(message.content.toString('utf8'));
  if (type === 'customers.customer-registered') customers++;
  else if (type === 'customers.purchase-recorded') { purchases++; add(fact.currency, fact.net); }
  else if (type === 'customers.purchase-returned') add(fact.currency, -fact.net);
  else if (type === 'customers.purchase-retracted') { purchases--; add(fact.currency, -fact.net); } // it was never made
}, { arguments: { 'x-stream-offset': 'first' } });

async function finish() {
  await connection.close();
  const netRevenue = Object.fromEntries(Object.entries(revenue).sort().map(([currency, net]) => [currency, net / 10000]));
  console.log(JSON.stringify({ customers, purchases, netRevenue, facts: seen.size, again }));
}
