// The engine `cql-execution`: ELM run by JavaScript, in doubles.

import cql from "cql-execution";

const { Date: CqlDate, DateTime, Quantity } = cql;

// The engine runs over patients; our libraries ask for none.
const nobody = { currentPatient: () => null, nextPatient: () => null };

function give(value) {
  if (value === null || typeof value !== "object") return value;
  if ("integer" in value) return value.integer;
  if ("decimal" in value) return Number(value.decimal);
  if ("quantity" in value) return new Quantity(Number(value.quantity), value.unit);
  return CqlDate.parse(value.date);
}

function take(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return { decimal: String(value) };
  if (value.isQuantity) return { quantity: String(value.value), unit: value.unit };
  if (value.isDate) return { date: value.toString() };
  // Not settled within the interval of its operands: unknown, by our reading too.
  if (value.isUncertainty) return value.isPoint() ? take(value.low) : null;
  return value;
}

const NOW = DateTime.parse("2026-01-01T00:00:00.0+00:00");

/**
 * The engine in steps, for whoever wants to time one of them: `read` makes its parameters of a case,
 * `run` (async) lets it answer, `answers` makes plain values of what it said, by definition.
 */
export function prepared(elm) {
  const library = new cql.Library(elm);
  const codes = new cql.CodeService({});
  return {
    read: (given) =>
      Object.fromEntries(Object.entries(given).map(([name, value]) => [name, give(value)])),
    run: (parameters) => new cql.Executor(library, codes, parameters).exec(nobody, NOW),
    answers: ({ unfilteredResults }) =>
      Object.fromEntries(
        Object.entries(unfilteredResults).map(([name, value]) => [name, take(value)]),
      ),
  };
}

/** An async function from the parameters of a case to the value of each definition. */
export function engine(elm) {
  const { read, run, answers } = prepared(elm);
  return async (given) => answers(await run(read(given)));
}
