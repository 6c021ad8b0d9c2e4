// Tencent's own cryptography: one command a line, {"do": "encrypt" | "decrypt" | "sign", ...}.
import { createInterface } from 'node:readline';
import crypto from '@wecom/crypto';

createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line);
  let told;
  try {
    if (asked.do === 'encrypt') told = crypto.encrypt(asked.key, asked.message, asked.id);
    else if (asked.do === 'decrypt') told = crypto.decrypt(asked.key, asked.content).message;
    else told = crypto.getSignature(asked.token, asked.timestamp, asked.nonce, asked.content);
  } catch (error) {
    told = null;
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
