// The engine of `@cqframework/cql`: the field's reference engine, with exact decimals.

import { quietly } from "./quietly.mjs";
import "./translate.mjs"; // before the engine: it gives the package the `require` it looks for

const run = await import("@cqframework/cql/engine");
const { BigDecimal } = await import("@cqframework/cql/shared");
const { KtMap } = await import("@cqframework/cql/kotlin-kotlin-stdlib");

function give(value) {
  if (value === null) return null;
  if (typeof value === "boolean") return new run.Boolean(value);
  if (typeof value === "string") return new run.String(value);
  if ("integer" in value) return new run.Integer(value.integer);
  if ("decimal" in value) return new run.Decimal(BigDecimal.fromString(value.decimal));
  if ("date" in value) return run.Date.fromDateString(value.date);
  const quantity = new run.Quantity();
  quantity.value = BigDecimal.fromString(value.quantity);
  quantity.unit = value.unit;
  return quantity;
}

function take(value) {
  if (value === null || value === undefined) return null;
  if (value instanceof run.Boolean || value instanceof run.String) return value.value;
  if (value instanceof run.Integer) return { integer: value.value };
  if (value instanceof run.Decimal) return { decimal: value.value.toPlainString() };
  if (value instanceof run.Date) return { date: value.toString() };
  if (value instanceof run.Quantity) {
    return { quantity: value.value.toPlainString(), unit: value.unit };
  }
  // Not settled within the interval of its operands: unknown, by our reading too.
  if (value instanceof run.Interval) return null;
  throw new Error(`unexpected ${value.typeAsString ?? typeof value}`);
}

/** Resolves to an async function: the parameters of a case to the value of each definition. */
export async function engine(name, definitions, manager) {
  const machine = await quietly(() => new run.CqlEngine(new run.Environment(manager)));

  function ask(wanted, parameters) {
    const expressions = new run.EvaluationParams.LibraryParams.Builder();
    expressions.expressionsByName(wanted);
    const question = new run.EvaluationParams.Builder();
    question.libraryByName(name, expressions.build());
    question.parameters = parameters;
    const answers = machine.evaluate(question.build()).onlyResultOrThrow.expressionResults;
    return wanted.map((key) => [key, take(answers.asJsReadonlyMapView().get(key)?.value)]);
  }

  function alone(key, parameters) {
    try {
      return ask([key], parameters);
    } catch (fault) {
      return [[key, { error: fault.message }]];
    }
  }

  function askAll(parameters) {
    try {
      return ask(definitions, parameters);
    } catch {
      // One definition that raises hides the others: ask for each alone.
      return definitions.flatMap((key) => alone(key, parameters));
    }
  }

  return async (given) => {
    const values = Object.entries(given).map(([key, value]) => [key, give(value)]);
    const parameters = KtMap.fromJsMap(new Map(values));
    return Object.fromEntries(await quietly(() => askAll(parameters)));
  };
}
