// Probot at its simplest: the signature is checked, a handler that does nothing is called, nothing is stored.
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const probot = createProbot({
  overrides: { appId: 1, privateKey: process.env.PRIVATE_KEY, secret: process.env.SECRET, logLevel: "fatal" },
});
const app = (robot) => robot.on("issue_comment.created", async () => {});
const middleware = await createNodeMiddleware(app, { webhooksPath: "/webhooks/github", probot });
const server = createServer((request, response) => {
  middleware(request, response, () => response.writeHead(404).end());
});
server.listen(0, "127.0.0.1", () => console.log(`PORT ${server.address().port}`));
