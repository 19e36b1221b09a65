// Octokit as people and as the App: what it saw is printed as JSON.
import { App, Octokit } from "octokit";

const { SANDBOX_URL: baseUrl, APP_ID: appId, PRIVATE_KEY: privateKey } = process.env;
const Local = Octokit.defaults({ baseUrl, throttle: { enabled: false }, retry: { enabled: false } });
const where = { owner: "dnum", repo: "produits" };
const person = new Local({ auth: "sandbox-techno" });
const seen = {};

const issue = (await person.rest.issues.create({ ...where, title: "Filé par Octokit", body: "Bonjour" })).data;
seen.issue = issue.number;
await person.rest.issues.addLabels({ ...where, issue_number: issue.number, labels: ["produit"] });
await person.rest.issues.createComment({ ...where, issue_number: issue.number, body: "Un mot" });

const { organization } = await person.graphql(
  `query($org: String!) { organization(login: $org) { projectV2(number: 1) {
    id field(name: "Phase") { ... on ProjectV2SingleSelectField { id options { id name } } } } } }`,
  { org: "dnum" },
);
const board = organization.projectV2;
const { addProjectV2ItemById: added } = await person.graphql(
  `mutation($project: ID!, $content: ID!) {
    addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } } }`,
  { project: board.id, content: issue.node_id },
);
const option = board.field.options[1];
const { updateProjectV2ItemFieldValue: moved } = await person.graphql(
  `mutation($project: ID!, $item: ID!, $field: ID!, $option: String!) {
    updateProjectV2ItemFieldValue(input: {
      projectId: $project, itemId: $item, fieldId: $field, value: {singleSelectOptionId: $option}
    }) { projectV2Item { fieldValueByName(name: "Phase") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } } }`,
  { project: board.id, item: added.item.id, field: board.field.id, option: option.id },
);
seen.column = moved.projectV2Item.fieldValueByName.name;

const app = new App({ appId, privateKey, Octokit: Local });
for await (const { octokit, installation } of app.eachInstallation.iterator()) {
  seen.installation = installation.id;
  const comment = await octokit.rest.issues.createComment({ ...where, issue_number: issue.number, body: "De l’App" });
  seen.author = comment.data.user.login;
  const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...where, issue_number: issue.number, per_page: 1 });
  seen.comments = comments.map((item) => item.body);
}
const deliveries = await app.octokit.paginate("GET /app/hook/deliveries", { per_page: 2 });
seen.deliveries = deliveries.map((item) => `${item.event}.${item.action}`);
const failed = deliveries.filter((item) => item.status !== "OK");
seen.failed = failed.length;
for (const { id } of failed) {
  await app.octokit.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: id });
}
seen.refused = await person.rest.issues.createComment({ ...where, issue_number: 999, body: "x" }).catch((error) => error.status);
console.log(JSON.stringify(seen));
