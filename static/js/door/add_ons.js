// Which add-ons and tickets the rule of a checkpoint asks for: what expo/checkin/rules/trees.py says on the server.

// Returns the codes that a rule asks for; not those that it excludes.
export function askedAddOns(rule) {
  const found = Object.entries(rule ?? {}).flatMap(([name, value]) => {
    if (name === "all" || name === "any") return value.flatMap(askedAddOns);
    return name === "add_on" ? value : [];
  });
  return [...new Set(found)];
}

const NOTHING = { ticketTypes: [], addOns: [] };

// Returns the codes of the tickets and add-ons of which a rule requires one, if the holder has none of them; none if there
// is another way to fulfil the rule, such as another time.
export function findMissing(rule, { ticket_type, add_ons }) {
  if (!rule) return NOTHING;
  const isFound = ({ ticketTypes, addOns }) => ticketTypes.length + addOns.length > 0;
  if (rule.all) return rule.all.map((each) => findMissing(each, { ticket_type, add_ons })).find(isFound) ?? NOTHING;
  const ways = rule.any ?? [rule];
  if (!ways.every((each) => each.ticket_type || each.add_on)) return NOTHING;
  const ticketTypes = [...new Set(ways.flatMap((each) => each.ticket_type ?? []))];
  const addOns = [...new Set(ways.flatMap((each) => each.add_on ?? []))];
  const isHeld = ticketTypes.includes(ticket_type) || addOns.some((code) => add_ons.includes(code));
  return isHeld ? NOTHING : { ticketTypes, addOns };
}
