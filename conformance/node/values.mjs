// One value of a case file and its comparison with what an engine answers.
//
// A value is null (unknown), true or false, a string, or one of
//   {"integer": 5}  {"decimal": "0.5"}  {"quantity": "500", "unit": "ng/mL"}  {"date": "2026-03-15"}

import { convert } from "./translate.mjs";

// Engines count in doubles; ours in decimals of 8 places.
const NEAR = 1e-8;
const CLOSE = 1e-6;

const near = (a, b) => Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(a), Math.abs(b));

/** Whether two values of the form above say the same. */
export function same(expected, got) {
  if (expected === null || got === null || typeof expected !== "object") return expected === got;
  if (typeof got !== "object" || "error" in got) return false;
  if ("quantity" in expected) {
    // A sum may come in the unit of either operand, and is rounded to 8 places there. Places alone
    // would hide an error between units far apart, so such a sum must also be as large as ours.
    if (!("quantity" in got)) return false;
    const here = Number(convert(got.quantity, got.unit, expected.unit));
    const there = Number(convert(expected.quantity, expected.unit, got.unit));
    const wanted = Number(expected.quantity);
    if (near(wanted, here)) return true;
    return near(Number(got.quantity), there) && Math.abs(wanted - here) <= CLOSE * Math.abs(wanted);
  }
  if ("date" in expected) return expected.date === got.date;
  // The quotient of two like quantities is a number to us, a quantity in '1' to others.
  if ("quantity" in got && got.unit !== "1") return false;
  const number = (value) => Number(value.integer ?? value.decimal ?? value.quantity);
  return near(number(expected), number(got));
}

export const print = (value) => JSON.stringify(value);
