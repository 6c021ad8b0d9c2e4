// Drives Tencent's own client: commands come as lines of JSON, what happens goes out the same way.
import { createInterface } from 'node:readline';
import { WSClient } from '@wecom/aibot-node-sdk';

const [url, botId, secret] = process.argv.slice(2);
const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = new WSClient({
  botId, secret, wsUrl: url, logger: silent, reconnectInterval: 20, maxAuthFailureAttempts: 1,
});
for (const name of ['authenticated', 'disconnected', 'reconnecting']) {
  client.on(name, () => tell({ event: name }));
}
client.on('error', (error) => tell({ event: 'error', words: String(error?.message ?? error) }));
client.on('message', (frame) => tell({ event: 'message', frame }));
client.on('event', (frame) => tell({ event: 'event', frame }));

const steps = {
  stream: ({ frame, id, content }) => client.replyStream(frame, id, content, true),
  card: ({ frame, card }) => client.replyTemplateCard(frame, card),
  welcome: ({ frame, body }) => client.replyWelcome(frame, body),
  update: ({ frame, card, userids }) => client.updateTemplateCard(frame, card, userids),
  send: ({ chatid, body }) => client.sendMessage(chatid, body),
  upload: ({ type, filename, content }) =>
    client.uploadMedia(Buffer.from(content, 'base64'), { type, filename }),
  download: async ({ url: from, aeskey }) => {
    const { buffer, filename } = await client.downloadFile(from, aeskey);
    return { content: buffer.toString('base64'), filename };
  },
  stop: () => { client.disconnect(); setTimeout(() => process.exit(0), 50); },
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { number, step, ...args } = JSON.parse(line);
  try {
    tell({ number, result: (await steps[step](args)) ?? null });
  } catch (error) {
    tell({ number, errcode: error?.errcode ?? error?.code ?? null, words: String(error?.message ?? '') });
  }
}).on('close', () => process.exit(0));
client.connect();
