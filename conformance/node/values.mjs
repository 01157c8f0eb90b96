// One value of a case file and its comparison with what an engine answers.
//
// A value is null (unknown), true or false, a string, or one of
//   {"integer": 5}  {"decimal": "0.5"}  {"quantity": "500", "unit": "ng/mL"}  {"date": "2026-03-15"}

import { convert } from "./translate.mjs";

// Engines count in doubles; ours in decimals of 8 places.
const NEAR = 1e-8;

const near = (a, b) => Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(a), Math.abs(b));

/** Whether two values of the form above say the same. */
export function same(expected, got) {
  if (expected === null || got === null || typeof expected !== "object") return expected === got;
  if (typeof got !== "object" || "error" in got) return false;
  if ("quantity" in expected) {
    // A sum may come in the unit of either operand, and is rounded to 8 places there: it is the
    // same when it is so in one of the two units.
    if (!("quantity" in got)) return false;
    const here = Number(convert(got.quantity, got.unit, expected.unit));
    const there = Number(convert(expected.quantity, expected.unit, got.unit));
    return near(Number(expected.quantity), here) || near(Number(got.quantity), there);
  }
  if ("date" in expected) return expected.date === got.date;
  // The quotient of two like quantities is a number to us, a quantity in '1' to others.
  if ("quantity" in got && got.unit !== "1") return false;
  const number = (value) => Number(value.integer ?? value.decimal ?? value.quantity);
  return near(number(expected), number(got));
}

export const print = (value) => JSON.stringify(value);
