// Do other people's engines say what MyoRx says?
//
//   node oracle.mjs SYSTEM_MODEL.xml FOLDER
//
// FOLDER holds `manifest.json` (from tools/oracle_export.py) and the CQL libraries it names. Each
// library is translated by the official translator, with no error allowed, and then run on each of
// its cases by two engines; each value must be the one that MyoRx computed. Prints each difference
// and a closing line `N passed, N failed`; exits with 1 when anything failed.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { engine as cqlExecution } from "./cql_execution.mjs";
import { engine as kotlin } from "./kotlin_engine.mjs";
import { libraryManager, translate } from "./translate.mjs";
import { print, same } from "./values.mjs";

const SHOWN = 20;

const [modelPath, folder] = process.argv.slice(2);
const systemModel = readFileSync(modelPath, "utf8");
const { libraries } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

const count = { both: 0, one: 0, failed: 0, skipped: 0 };

function fail(message) {
  count.failed += 1;
  if (count.failed <= SHOWN) console.log(`FAILED ${message}`);
}

/** Compare the answers to one case: both engines must say what MyoRx says, see `README.md`. */
function compare(library, { given, expected }, engines) {
  for (const [name, value] of Object.entries(expected)) {
    if (library.not_comparable.includes(name)) {
      count.skipped += 1;
      continue;
    }
    const wrong = Object.keys(engines).filter((engine) => !same(value, engines[engine][name]));
    if (wrong.length === 0) count.both += 1;
    else if (wrong.length === 1 && library.engines_differ.includes(name)) count.one += 1;
    else {
      const said = wrong.map((engine) => `${engine} says ${print(engines[engine][name])}`);
      fail(
        `${library.name} ${print(name)}: ${library.definitions[name]}\n` +
          `  given ${print(given)}\n  MyoRx says ${print(value)}, ${said.join(", ")}`,
      );
    }
  }
}

for (const library of libraries) {
  const cql = readFileSync(join(folder, library.file), "utf8");
  const manager = libraryManager(systemModel, { [library.name]: cql });
  const { elm, errors } = translate(cql, manager);
  if (errors.length > 0) {
    errors.forEach((error) => fail(`translator ${library.file}: ${error}`));
    continue;
  }
  const reference = await kotlin(library.name, Object.keys(library.definitions), manager);
  const javascript = cqlExecution(elm);
  for (const each of library.cases) {
    compare(library, each, {
      "@cqframework/cql": await reference(each.given),
      "cql-execution": await javascript(each.given),
    });
  }
}

if (count.failed > SHOWN) console.log(`… and ${count.failed - SHOWN} more`);
const passed = count.both + count.one;
console.log(`${count.both} values as both engines have them, ${count.one} as one of them has`);
console.log(`${passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed === 0 && passed > 0 ? 0 : 1);
