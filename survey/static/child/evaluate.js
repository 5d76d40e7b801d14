// Walks the tree of a skip condition: the same as survey/instrument/evaluate.py (tests/data/expressions.json proves it).

const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/;

const LARGEST = 1e300;

const ORDERED = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

export function evaluate([sign, ...parts], answers) {
  if (sign === "and") return parts.every((part) => evaluate(part, answers));
  if (sign === "or") return parts.some((part) => evaluate(part, answers));
  if (sign === "not") return !evaluate(parts[0], answers);
  const [left, right] = parts.map((part) => value(part, answers));
  if (sign === "selected") return items(left).some((item) => equal(item, right));
  if (sign === "=") return equal(left, right);
  if (sign === "!=") return !equal(left, right);
  const [low, high] = [number(left), number(right)];
  return low !== null && high !== null && ORDERED[sign](low, high);
}

function value([kind, content], answers) {
  if (kind !== "ref") return content;
  const answer = Object.hasOwn(answers, content) ? answers[content] : "";
  if (Array.isArray(answer)) return answer.filter((item) => typeof item === "string");
  return ["string", "number"].includes(typeof answer) ? answer : "";
}

function items(answer) {
  const all = Array.isArray(answer) ? answer : typeof answer === "string" ? answer.split(" ") : [answer];
  return all.filter((item) => item !== "");
}

function equal(left, right) {
  [left, right] = [joined(left), joined(right)];
  if (typeof left === "string" && typeof right === "string") return left === right;
  const first = number(left);
  return first !== null && first === number(right);
}

const joined = (answer) => (Array.isArray(answer) ? answer.join(" ") : answer);

function number(answer) {
  if (typeof answer === "number") return Math.abs(answer) < LARGEST ? answer : null;
  return typeof answer === "string" && NUMBER.test(answer) ? Number(answer) : null;
}
