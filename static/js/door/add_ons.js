// Which add-ons the rule of a checkpoint asks for: what expo/checkin/rules/trees.py says on the server.

// Returns the codes that a rule asks for; not those that it excludes.
export function askedAddOns(rule) {
  const found = Object.entries(rule ?? {}).flatMap(([name, value]) => {
    if (name === "all" || name === "any") return value.flatMap(askedAddOns);
    return name === "add_on" ? value : [];
  });
  return [...new Set(found)];
}

// Returns the codes of add-ons of which a rule requires one, if none of them is held; none if there is another way to
// fulfil the rule, such as a ticket.
export function missingAddOns(rule, held) {
  if (rule?.all) return rule.all.map((each) => missingAddOns(each, held)).find((missing) => missing.length) ?? [];
  let codes = rule?.add_on ?? [];
  if (rule?.any?.every((each) => each.add_on)) codes = rule.any.flatMap((each) => each.add_on);
  return codes.some((code) => held.includes(code)) ? [] : codes;
}
