// `cql-execution` for the benchmark beside it.
//
//   node cql_execution.mjs SYSTEM_MODEL.xml FOLDER
//
// FOLDER holds `library.json` (an entry of tools/oracle_export.py) and the CQL library it names. Reads
// a word a line on standard input and answers with a line of JSON each: `check` compares every value
// with the expected one, `time` gives the seconds for every definition of every case.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { prepared } from "../conformance/node/cql_execution.mjs";
import { quietly } from "../conformance/node/quietly.mjs";
import { libraryManager, translate } from "../conformance/node/translate.mjs";
import { print, same } from "../conformance/node/values.mjs";

const SHOWN = 10;

const [modelPath, folder] = process.argv.slice(2);
const library = JSON.parse(readFileSync(join(folder, "library.json"), "utf8"));
const text = readFileSync(join(folder, library.file), "utf8");
const manager = libraryManager(readFileSync(modelPath, "utf8"), { [library.name]: text });
const { elm, errors } = await quietly(() => translate(text, manager));
if (errors.length > 0) throw new Error(errors.join("\n"));

/** The tree without what only ties it to its text: the engine keeps a trace for each `localId`. */
function bare(node) {
  if (Array.isArray(node)) return node.map(bare);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name]) => !EXTRA.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, bare(value)]));
}
const EXTRA = new Set(["localId", "locator", "annotation", "signature"]);

const { read, run, answers } = prepared(bare(elm));
const patients = library.cases.map(({ given }) => read(given));

async function check() {
  const count = { same: 0, excused: 0, skipped: 0, wrong: 0, shown: [] };
  for (const [index, patient] of patients.entries()) {
    const got = answers(await run(patient));
    for (const [name, value] of Object.entries(library.cases[index].expected)) {
      if (library.not_comparable.includes(name)) count.skipped += 1;
      else if (same(value, got[name])) count.same += 1;
      else if (library.engines_differ.includes(name)) count.excused += 1;
      else {
        count.wrong += 1;
        const said = `${print(got[name])}, MyoRx ${print(value)}`;
        if (count.shown.length < SHOWN) count.shown.push(`case ${index}, ${name}: ${said}`);
      }
    }
  }
  return count;
}

async function time() {
  const start = performance.now();
  for (const patient of patients) await run(patient);
  return (performance.now() - start) / 1000;
}

const answer = { check, time };
for await (const word of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer[word]()));
}
