// Believes the same callback with Node's crypto and JSON.parse.
//
//   node peer.mjs FOLDER
//
// The folder holds the body, its signature and the signing key. It prints nanoseconds a callback.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const body = readFileSync(join(folder, "body.json"));
const signature = readFileSync(join(folder, "signature.txt"), "utf8");
const key = readFileSync(join(folder, "key.txt"), "utf8");

function judge(bytes, header) {
  const secret = createHash("sha256").update(key).digest();
  const expected = createHmac("sha256", secret).update(bytes).digest();
  const given = Buffer.from(header, "base64");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const callback = JSON.parse(bytes.toString("utf8"));
  if (callback.CompanyId.toLowerCase() !== "acme" || callback.Type.toLowerCase() !== "ticket") return undefined;
  const entity = callback.Entity === null ? undefined : JSON.parse(callback.Entity);
  return { ticket: callback.ID, board: entity?.board?.name, status: entity?.status?.name };
}

if (judge(body, signature)?.ticket !== 909) throw new Error("the callback is not believed");

const EACH = 2_000;
const ROUNDS = 60;
const spent = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = process.hrtime.bigint();
  for (let count = 0; count < EACH; count += 1) judge(body, signature);
  spent.push(Number(process.hrtime.bigint() - start) / EACH);
}
// The first half is for the compiler to warm up.
const warm = spent.slice(ROUNDS / 2).sort((a, b) => a - b);
console.log(Math.round(warm[warm.length / 2]));
