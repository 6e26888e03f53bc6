// Shows and hides questions by their conditions. The server decides in the same way; see expo/questions/rules/conditions.py.

const compare = (left, right) => {
  const numbers = [Number(left), Number(right)];
  const [a, b] = numbers.every(Number.isFinite) ? numbers : [left, right];
  return (a > b) - (a < b);
};

const OPERATORS = {
  is_answered: (given) => given.length > 0,
  is_empty: (given) => given.length === 0,
  is_one_of: (given, values) => given.some((each) => values.includes(each)),
  is_none_of: (given, values) => !given.some((each) => values.includes(each)),
  is_at_least: (given, values) => given.length > 0 && compare(given[0], values[0]) >= 0,
  is_at_most: (given, values) => given.length > 0 && compare(given[0], values[0]) <= 0,
};

/** Shows each question of a form only while its conditions are met. A hidden question counts as not answered. */
export function showByConditions(form) {
  const questions = [...form.querySelectorAll("[data-conditions]")];
  for (const hint of form.querySelectorAll("[data-when]")) hint.hidden = true;

  const update = () => {
    for (const question of questions) {
      const { all, conditions } = JSON.parse(question.dataset.conditions);
      const met = conditions.map((each) => OPERATORS[each.operator](answersTo(form, each.field), each.values));
      question.hidden = !(all ? met.every(Boolean) : met.some(Boolean));
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

/** Returns the answers to a question that is shown. */
function answersTo(form, name) {
  const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((each) => !each.closest("[data-conditions][hidden]"));
  return fields
    .filter((each) => !["checkbox", "radio"].includes(each.type) || each.checked)
    .map((each) => each.value.trim())
    .filter((text) => text !== "");
}
