// The same translation in JavaScript: JSON.parse, plain code, JSON.stringify.
//
//   node peer.mjs FOLDER
//
// The folder holds the cases, the tickets that must come of them, and the tables. It prints nanoseconds a case.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const lines = (name) => readFileSync(join(folder, name), "utf8").split("\n");
const cases = lines("cases.jsonl");
const tickets = lines("tickets.jsonl");
const tables = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"));
const companies = new Map(Object.entries(tables.companies));

for (const route of tables.routes) {
  route.categories = new Set(route.category.map((name) => name.toLowerCase()));
  route.kinds = new Set(route.kind.map((name) => name.toLowerCase()));
}

function takes(route, category, kind) {
  return (
    (route.categories.size === 0 || route.categories.has(category)) &&
    (route.kinds.size === 0 || route.kinds.has(kind))
  );
}

function translate(text) {
  const it = JSON.parse(text);
  const category = it.category?.toLowerCase();
  const kind = it.kind?.toLowerCase();
  const route = tables.routes.find((one) => takes(one, category, kind));
  if (route === undefined) throw new Error("no route takes the case");
  const company = companies.get(it.group.id);
  if (company === undefined) throw new Error("the group has no company");
  const severity = it.severity.toLowerCase();
  const priority = tables.priorities[severity];
  if (priority === undefined) throw new Error("the severity has no priority");
  let description = it.description ?? "";
  if (it.user) description += `\nUser: ${it.user.name}`;
  for (const artifact of it.artifacts ?? []) {
    description += `\n${artifact.type}: ${artifact.value}`;
  }
  const summary = `EventTracker Case #${it.number ?? ""} - ${it.title}`;
  return JSON.stringify({
    summary: summary.replace(/\s+/g, " ").trim().slice(0, 100),
    board: { id: route.board },
    status: { id: route.status },
    type: { id: route.type },
    subType: route.subType === null ? undefined : { id: route.subType },
    company: { id: company },
    priority: { id: priority },
    impact: tables.impact,
    severity: tables.severities[severity] ?? tables.severity,
    poNumber: it.incident || undefined,
    externalXRef: `${tables.instance}:${it.id}`,
    initialDescription: description.trim(),
  });
}

cases.forEach((text, index) => {
  if (translate(text) !== tickets[index]) throw new Error(`another ticket: ${translate(text)}`);
});

const ROUNDS = 200;
const spent = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = process.hrtime.bigint();
  for (const text of cases) translate(text);
  spent.push(Number(process.hrtime.bigint() - start) / cases.length);
}
// The first half is for the compiler to warm up.
const warm = spent.slice(ROUNDS / 2).sort((a, b) => a - b);
console.log(Math.round(warm[warm.length / 2]));
