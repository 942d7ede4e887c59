// Cloudflare's and OpenAI's own JavaScript libraries.
import assert from "node:assert/strict";
import Cloudflare from "cloudflare";
import OpenAI from "openai";

const account_id = "0123456789abcdef".repeat(2);
const model = "@cf/google/gemma-3-12b-it";
const messages = [{ role: "user", content: "What is a neuron?" }];
const baseURL = `${process.env.ORIGIN}/client/v4`;

const cloudflare = new Cloudflare({ apiToken: "mine", baseURL, maxRetries: 0 });
const whole = await cloudflare.ai.run(model, { account_id, messages, temperature: 0 });
assert.match(whole.response, /^A neuron is/);
await assert.rejects(
  cloudflare.ai.run(model, { account_id, messages, temperature: 9 }),
  (error) => error.errors[0].code === 5006,
);

const openai = new OpenAI({
  apiKey: "mine",
  baseURL: `${baseURL}/accounts/${account_id}/ai/v1`,
  maxRetries: 0,
});
let text = "";
const stream = await openai.chat.completions.create({ model, messages, temperature: 0, stream: true });
for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
assert.equal(text, whole.response);
await assert.rejects(
  openai.chat.completions.create({ model: "none", messages }),
  (error) => error.status === 400,
);
console.log("done");
