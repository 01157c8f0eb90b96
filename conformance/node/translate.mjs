// The official translator: CQL text to ELM.

import { createRequire } from "node:module";

// The package is ESM, but its input/output library looks for a global `require`.
globalThis.require ??= createRequire(import.meta.url);
const kit = await import("@cqframework/cql/cql-to-elm");
const { Pair } = await import("@cqframework/cql/kotlin-kotlin-stdlib");
const { BigDecimal } = await import("@cqframework/cql/shared");
const { UcumLhcUtils } = (await import("@lhncbc/ucum-lhc")).default;

const ucum = UcumLhcUtils.getInstance();

/** The number `value`, as text, in another unit. */
export function convert(value, from, to) {
  if (from === to) return value;
  const answer = ucum.convertUnitTo(from, Number(value), to);
  if (answer.status !== "succeeded") throw new Error(`${from} to ${to}: ${answer.msg.join(" ")}`);
  // The conversion is done in doubles: drop their noise (1000.0000000001).
  return String(Number(answer.toVal.toPrecision(12)));
}

/** null when `unit` is a UCUM code, else what is wrong with it. */
function validate(unit) {
  const answer = ucum.validateUnitString(unit);
  return answer.status === "valid" ? null : answer.msg.join(" ") || `${unit} is no UCUM code`;
}

// In our subset quantities are divided only by their like, and multiplied only by numbers.
function quotient(dividend, divisor) {
  const like = Number(convert(divisor.first.toPlainString(), divisor.second, dividend.second));
  return new Pair(BigDecimal.fromDouble(dividend.first.toDouble() / like), "1");
}

function product(left, right) {
  const [number, quantity] = left.second === "1" ? [left, right] : [right, left];
  if (number.second !== "1") throw new Error(`product of ${left.second} and ${right.second}`);
  return new Pair(number.first.multiply(quantity.first), quantity.second);
}

/**
 * A library manager that knows the System model, given as XML text, UCUM, the libraries of `texts`
 * (name to CQL), and further `models` (name to XML).
 */
export function libraryManager(systemModel, texts = {}, further = {}) {
  const known = { System: systemModel, ...further };
  const models = new kit.ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(
    kit.createModelInfoProvider((id) => (known[id] ? kit.stringAsSource(known[id]) : null)),
  );
  const units = kit.createUcumService(convert, validate, product, quotient);
  const manager = new kit.LibraryManager(models, new kit.CqlCompilerOptions(), undefined, units);
  manager.librarySourceLoader.registerProvider(
    kit.createLibrarySourceProvider((id) => (texts[id] ? kit.stringAsSource(texts[id]) : null)),
  );
  return manager;
}

/** `{elm, errors}` of one library's text; `errors` are sentences. */
export function translate(cql, manager) {
  const translator = kit.CqlTranslator.fromText(cql, manager);
  const errors = translator.errors.asJsReadonlyArrayView().map((error) => error.message);
  return { elm: JSON.parse(translator.toJson()), errors };
}
