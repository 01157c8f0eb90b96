// `cql-execution` with `cql-exec-fhir`, for fhir_bench.py beside it.
//
//   node fhir_peer.mjs SYSTEM_MODEL.xml FOLDER COUNT
//
// FOLDER holds `library.cql`, `bundle.json` and `facts.json` (names of definitions). Reads a word a
// line on standard input and answers with a line of JSON each: `facts` gives the values of those
// definitions, `time` the seconds of work (CPU) for COUNT times from the Bundle's text to every definition.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const packages = createRequire(new URL("../conformance/node/package.json", import.meta.url));
const cql = packages("cql-execution");
const fhir = packages("cql-exec-fhir");
const { quietly } = await import("../conformance/node/quietly.mjs");
const { libraryManager, translate } = await import("../conformance/node/translate.mjs");

const [modelPath, folder, count] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), "utf8");
const models = join(dirname(packages.resolve("cql-exec-fhir")), "modelInfos");
const manager = libraryManager(readFileSync(modelPath, "utf8"), {}, {
  FHIR: readFileSync(join(models, "fhir-modelinfo-4.0.1.xml"), "utf8"),
});
const { elm, errors } = await quietly(() => translate(read("library.cql"), manager));
if (errors.length > 0) throw new Error(errors.join("\n"));

const EXTRA = new Set(["localId", "locator", "annotation", "signature"]);
/** The tree without what only ties it to its text: the engine keeps a trace for each `localId`. */
function bare(node) {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name]) => !EXTRA.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, bare(value)]));
}

const library = new cql.Library(bare(elm));
const codes = new cql.CodeService({});
const now = cql.DateTime.parse("2026-11-22T00:00:00.0+00:00");
const text = read("bundle.json");
const names = JSON.parse(read("facts.json"));

async function run() {
  const source = fhir.PatientSource.FHIRv401();
  source.loadBundles([JSON.parse(text)]);
  const parameters = { as_of: cql.Date.parse("2026-11-22") };
  const results = await new cql.Executor(library, codes, parameters).exec(source, now);
  return Object.values(results.patientResults)[0];
}

function plain(value) {
  if (value?.isQuantity) return { quantity: String(value.value), unit: value.unit };
  return value ?? null;
}

async function facts() {
  const values = await run();
  return Object.fromEntries(names.map((name) => [name, plain(values[name])]));
}

async function time() {
  const start = process.cpuUsage();
  for (let done = 0; done < Number(count); done += 1) await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const answer = { facts, time };
for await (const word of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer[word]()));
}
