// One round of load, each delivery with a name of its own; the figures as JSON.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import autocannon from "autocannon";

const [url, bodyFile, signature, connections, duration] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const fixed = {
  "content-type": "application/json",
  "x-github-event": "issue_comment",
  "x-hub-signature-256": signature,
};
const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(duration),
  timeout: 20,
  requests: [
    {
      method: "POST",
      body,
      headers: fixed,
      setupRequest: (request) => ({ ...request, headers: { ...fixed, "x-github-delivery": randomUUID() } }),
    },
  ],
});
console.log(
  JSON.stringify({
    rps: result["2xx"] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    worst: result.latency.max,
    refused: result.non2xx + result.errors + result.timeouts,
    stored: result["2xx"],
  }),
);
