// The AI SDK with Cloudflare's provider, redirected here by its only setting for that.
import assert from "node:assert/strict";
import { generateText, Output, stepCountIs, streamText, tool } from "ai";
import { createWorkersAI } from "workers-ai-provider";
import { z } from "zod";

const here = (url, options) =>
  fetch(String(url).replace("https://api.cloudflare.com", process.env.ORIGIN), options);
const settings = { accountId: "0123456789abcdef".repeat(2), fetch: here };
const provider = createWorkersAI({ ...settings, apiKey: "mine" });
const model = provider("@cf/google/gemma-3-12b-it");
const calm = { model, maxRetries: 0, temperature: 0 };

const whole = await generateText({ ...calm, prompt: "What is a neuron?" });
assert.match(whole.text, /^A neuron is/);
assert.ok(whole.usage.outputTokens > 0);

const streamed = streamText({ ...calm, prompt: "What is a neuron?" });
let text = "";
let pieces = 0;
for await (const piece of streamed.textStream) {
  text += piece;
  pieces += 1;
}
assert.equal(text, whole.text);
assert.ok(pieces > 5);
assert.equal(await streamed.finishReason, "stop");

const city = z.object({ city: z.string().describe("The city") });
const tools = {
  get_weather: tool({
    description: "Get the current weather of a city",
    inputSchema: city,
    execute: async () => ({ temperature: 17 }),
  }),
};
const question = "What is the weather in Paris?";
const asked = await generateText({ ...calm, tools, prompt: question, stopWhen: stepCountIs(3) });
assert.deepEqual(asked.steps[0].toolCalls[0].input, { city: "Paris" });
assert.match(asked.text, /17/);

const live = streamText({ ...calm, tools, prompt: question, stopWhen: stepCountIs(3) });
assert.match(await live.text, /17/);

const place = z.object({ city: z.string(), size: z.number().int() });
const output = Output.object({ schema: place });
const guided = await generateText({ ...calm, prompt: "Describe Paris", output });
place.parse(guided.output);

const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const content = [
  { type: "text", text: "What is in this picture?" },
  { type: "file", data: picture, mediaType: "image/png" },
];
const seen = await generateText({ ...calm, messages: [{ role: "user", content }] });
assert.match(seen.text, /pixel/);

const refused = createWorkersAI({ ...settings, apiKey: "wrong" })("@cf/google/gemma-3-12b-it");
await assert.rejects(
  generateText({ ...calm, model: refused, prompt: "x" }),
  (error) => error.statusCode === 401,
);
console.log("done");
