// Hands the event on standard input to serverless-http, and prints what its application has seen.
import { createRequire } from "node:module";

const serverless = createRequire(process.argv[2] + "/")("serverless-http");
const handler = serverless((request, response) => {
  response.end(JSON.stringify({ method: request.method, url: request.url, body: String(request.body) }));
}, { provider: "aws" });
let text = "";
for await (const part of process.stdin) text += part;
console.log((await handler(JSON.parse(text), {})).body);
