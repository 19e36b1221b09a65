// The committee as a Probot application usually keeps it: each change is one Octokit call, made after the one before.
//
// It shows what Jalon shows, by as many changes of the same kinds, and does nothing else: no history, no rights, no
// second try. Of Probot's plugins (throttling, retry, paginate-rest, rest-endpoint-methods, enterprise-compatibility,
// config, request logging) throttling alone is off, as Jalon's own pace is on a GitHub of this machine: what both
// would wait between two writes is worked out apart.
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot, ProbotOctokit } from "probot";

const SEATS = {
  techno: "Technologie",
  archi: "Architecture",
  communs: "Communs numériques",
  design: "Design",
  "ops-produit": "Opérations produit",
  data: "Produits data",
  "cloud-fabrique": "Cloud – Fabrique Numérique",
  "cloud-ops": "Cloud – Département des Opérations",
  secu: "Sécurité",
  transfo: "Transformation numérique",
};
const NEEDED = Math.ceil((Object.keys(SEATS).length * 2) / 3);
const POINTS = ["Sponsor métier identifié", "Analyse du besoin écrite", "Rationalisation étudiée", "DICT estimée"];

const marked = (name, text) => `${text}\n\n<!-- comite:${name} -->`;
const welcome = (author, title, phase, next) =>
  marked(
    "welcome",
    `Bonjour @${author}, et merci d’avoir déposé **${title}**.\n\n- **Phase** : ${phase}\n- **La suite** : ${next}`,
  );
const checklist = (phase, box, note = "Cochez une case.") =>
  marked(
    "checklist",
    `## Liste de contrôle – phase ${phase}\n\n${note}\n\n${POINTS.map((point) => `- [${box}] ${point}`).join("\n")}`,
  );
const gate = (votes, state) =>
  marked(
    "gate",
    `## Passage : Idée → POC\n\n${state}\n\n| Siège | Avis |\n| --- | --- |\n` +
      Object.entries(SEATS)
        .map(([login, name]) => `| ${name} | ${votes.has(login) ? "✅ go" : "…"} |`)
        .join("\n"),
  );

// Octokit calls of one issue, each by its usual name.
class Product {
  constructor(context, boards) {
    this.context = context;
    this.rest = context.octokit.rest;
    this.issue = context.payload.issue;
    this.org = context.payload.repository.owner.login;
    this.boards = boards;
  }
  said() {
    const { octokit } = this.context;
    return octokit.paginate(octokit.rest.issues.listComments, this.context.issue({ per_page: 100 }));
  }
  say(body) {
    return this.rest.issues.createComment(this.context.issue({ body }));
  }
  edit(comments, name, body) {
    const mark = `<!-- comite:${name} -->`;
    const found = comments.findLast((comment) => comment.user.type === "Bot" && comment.body.includes(mark));
    return this.rest.issues.updateComment(this.context.repo({ comment_id: found.id, body }));
  }
  label(name) {
    return this.rest.issues.addLabels(this.context.issue({ labels: [name] }));
  }
  unlabel(name) {
    return this.rest.issues.removeLabel(this.context.issue({ name }));
  }
  thank() {
    const { id } = this.context.payload.comment;
    return this.rest.reactions.createForIssueComment(this.context.repo({ comment_id: id, content: "+1" }));
  }
  // The board and its fields change seldom: read once, then kept.
  async board() {
    if (!this.boards.has(this.org)) {
      const { data } = await this.rest.projects.listForOrg({ org: this.org });
      const place = { org: this.org, project_number: data[0].number };
      const fields = await this.rest.projects.listFieldsForOrg({ ...place, per_page: 100 });
      this.boards.set(this.org, { place, fields: new Map(fields.data.map((field) => [field.name, field])) });
    }
    return this.boards.get(this.org);
  }
  async placed() {
    const { place } = await this.board();
    const { data } = await this.rest.projects.addItemForOrg({ ...place, type: "Issue", id: this.issue.id });
    return data.id;
  }
  async card() {
    const { place } = await this.board();
    const { node } = await this.context.octokit.graphql(
      `query ($id: ID!) {
        node(id: $id) {
          ... on Issue { projectItems(first: 20) { nodes { fullDatabaseId project { number } } } }
        }
      }`,
      { id: this.issue.node_id },
    );
    return Number(node.projectItems.nodes.find((item) => item.project.number === place.project_number).fullDatabaseId);
  }
  // Every field in one call, as GitHub's REST API takes them.
  async fill(item_id, values) {
    const { place, fields } = await this.board();
    const written = Object.entries(values).map(([name, value]) => {
      const field = fields.get(name);
      const option = field.options?.find((one) => one.name.raw === value);
      return { id: field.id, value: option ? option.id : value };
    });
    await this.rest.projects.updateItemForOrg({ ...place, item_id, fields: written });
  }
}

async function filed(product) {
  const { user, title, labels } = product.issue;
  if (!labels.some((label) => label.name === "produit")) return;
  await product.label("phase: idée");
  const card = await product.placed();
  await product.fill(card, { Phase: "Idée", Avancement: 0, Direction: "Une réponse" });
  await product.say(welcome(user.login, title, "Idée", "remplir la liste de contrôle"));
  await product.say(checklist("Idée", " "));
}

async function requested(product) {
  const { user, title } = product.issue;
  const comments = await product.said();
  const card = await product.card();
  await product.label("passage: demandé");
  await product.fill(card, { Passage: "Demandé", Avancement: 100, "Prochaine échéance": "2026-12-13" });
  await product.edit(comments, "welcome", welcome(user.login, title, "Idée", "le comité se prononce"));
  await product.edit(comments, "checklist", checklist("Idée", "x"));
  await product.say(gate(new Set(), "**Au comité de se prononcer.**"));
  await product.thank();
}

async function voted(product) {
  const { user, title } = product.issue;
  const comments = await product.said();
  const votes = new Set(comments.filter(({ body }) => body.trim() === "/go").map((comment) => comment.user.login));
  for (const login of votes) if (!(login in SEATS)) votes.delete(login);
  if (votes.size < NEEDED) {
    await product.edit(comments, "welcome", welcome(user.login, title, "Idée", `${votes.size} avis reçus`));
    await product.edit(comments, "gate", gate(votes, "**Au comité de se prononcer.**"));
    await product.thank();
    return;
  }
  const card = await product.card();
  await product.label("phase: poc");
  await product.unlabel("passage: demandé");
  await product.unlabel("phase: idée");
  await product.fill(card, { Phase: "POC", Passage: null, Avancement: 33, "Prochaine échéance": null });
  await product.edit(comments, "welcome", welcome(user.login, title, "POC", "remplir la liste de contrôle"));
  await product.edit(comments, "checklist", checklist("Idée", "x", "_Phase terminée._"));
  await product.edit(comments, "gate", gate(votes, "**Clos : go.**"));
  await product.say(marked("decision", `## Décision : ✅ go – Idée → POC\n\nPour : ${votes.size} ; contre : 0.`));
  await product.say(checklist("POC", " "));
  await product.thank();
}

function committee(robot) {
  const boards = new Map();
  robot.on("issues.opened", (context) => filed(new Product(context, boards)));
  robot.on("issue_comment.created", async (context) => {
    const { body, user } = context.payload.comment;
    if (user.type === "Bot") return;
    const product = new Product(context, boards);
    if (/^\/demande$/m.test(body)) await requested(product);
    else if (body.trim() === "/go") await voted(product);
  });
}

const { APP_ID: appId, PRIVATE_KEY: privateKey, SECRET: secret, API_URL: baseUrl } = process.env;
const Octokit = ProbotOctokit.defaults((options) => ({ ...options, throttle: { enabled: false } }));
const probot = createProbot({ overrides: { appId, privateKey, secret, baseUrl, Octokit, logLevel: "fatal" } });
const middleware = await createNodeMiddleware(committee, { webhooksPath: "/webhooks/github", probot });
const server = createServer((request, response) => {
  middleware(request, response, () => response.writeHead(404).end());
});
server.listen(0, "127.0.0.1", () => console.log(`PORT ${server.address().port}`));
