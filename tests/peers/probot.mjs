// Probot receives the webhooks, verifies their signature, and answers a new issue. Its port is its first line.
import { Probot, Server } from "probot";

const { SANDBOX_URL: baseUrl, APP_ID: appId, PRIVATE_KEY: privateKey, SECRET: secret } = process.env;
const server = new Server({
  host: "127.0.0.1",
  port: 0,
  webhookPath: "/webhooks/github",
  Probot: Probot.defaults({ appId, privateKey, secret, baseUrl, logLevel: "fatal" }),
});
await server.load((app) => {
  app.onAny(({ name, payload }) => console.log(JSON.stringify({ heard: `${name}.${payload.action}` })));
  app.on("issues.opened", (context) =>
    context.octokit.rest.issues.createComment(context.issue({ body: `Bonjour @${context.payload.sender.login}` })),
  );
});
const listening = await server.start();
console.log(JSON.stringify({ port: listening.address().port }));
process.stdin.resume();
process.stdin.on("end", () => server.stop().then(() => process.exit(0)));
